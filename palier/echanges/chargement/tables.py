"""Which table of the portal receives each table of the format, and how each of its columns is computed.

Expressions are SQL of the engine over ``t``, a row of ``t_<table>`` (see ``etabli``). The cercle of each row is the
one idea of house.md: whom it is addressed to.
"""

from dataclasses import dataclass, field

from palier.echanges.schemas import Schema, schemas

_COPRO_DE_L_UNITE = "CASE WHEN starts_with(t._unite, 'copropriete:') THEN substr(t._unite, 13) END"
_COPRO = f"cle_ligne('coproprietes', coalesce(t.copropriete_id, {_COPRO_DE_L_UNITE}))"
_MANDAT = "cle_ligne('mandats', CASE WHEN starts_with(t._unite, 'mandat:') THEN substr(t._unite, 8) END)"
_CERCLE_COPRO = f"cle_cercle('coproprietaires', cle_ligne('coproprietes', {_COPRO_DE_L_UNITE}))"
_CERCLE_COMPTE = "c.cercle"
#: The contracts of the syndicat's own staff are not for the co-owners (décret 2019-502 art. 1).
_CONTRAT_DE_TRAVAIL = "regexp_matches(lower(t.type), 'travail|salari|emploi')"
_JOINT_COMPTE = "JOIN k_comptes c ON c.id = t.compte_id"


@dataclass(frozen=True)
class Cible:
    """A table that receives rows.

    ``colonnes``: target column → expression, for those that are not copied under their own name; ``sans``: columns
    of the format that are not kept; ``hors_empreinte``: computed columns that do not make a row different;
    ``ordre``: locality of the writing.
    """

    table: str
    cercle: str = ""
    colonnes: dict[str, str] = field(default_factory=dict)
    sans: tuple[str, ...] = ()
    hors_empreinte: tuple[str, ...] = ()
    jointures: str = ""
    ordre: str = "1"


_COMPTE = {"compte_client_id": "c.uuid"}
CIBLES: dict[str, Cible] = {
    "etablissements": Cible("patrimoine_etablissement"),
    "gestionnaires": Cible("patrimoine_gestionnaire"),
    "tiers": Cible("patrimoine_tiers"),
    "coproprietes": Cible(
        "patrimoine_copropriete", "cle_cercle('coproprietaires', cle_ligne('coproprietes', t.id))"
    ),
    "immeubles": Cible("patrimoine_immeuble", "cle_cercle('occupants', cle_ligne('immeubles', t.id))"),
    "lots": Cible(
        "patrimoine_lot",
        "cle_cercle('occupants', cle_ligne('immeubles', t.immeuble_id))",
        {"copropriete_id": _COPRO},
    ),
    "cles": Cible("patrimoine_clerepartition", _CERCLE_COPRO),
    "tantiemes": Cible("patrimoine_tantieme", _CERCLE_COPRO),
    "comptes": Cible(
        "patrimoine_compteclient",
        "cle_cercle('compte', cle_ligne('comptes', t.id))",
        {"publie": "coalesce(t.publie, true)"},
    ),
    "comptes_tiers": Cible(
        "patrimoine_comptetiers",
        _CERCLE_COMPTE,
        {**_COMPTE, "acces": "coalesce(t.acces, true)"},
        ("compte_id",),
        jointures=_JOINT_COMPTE,
    ),
    "detentions": Cible(
        "patrimoine_detention", _CERCLE_COMPTE, _COMPTE, ("compte_id",), jointures=_JOINT_COMPTE
    ),
    "conseil_syndical": Cible(
        "patrimoine_mandatconseil",
        "cle_cercle('coproprietaires', cle_ligne('coproprietes', t.copropriete_id))",
    ),
    "mandats": Cible(
        "patrimoine_mandatgerance",
        "cle_cercle('mandat', cle_ligne('mandats', t.id))",
        {"compte_client_id": "cle_ligne('comptes', t.compte_id)"},
        ("compte_id",),
    ),
    "mandats_lots": Cible(
        "patrimoine_mandatlot",
        "cle_cercle('mandat', cle_ligne('mandats', t.mandat_id))",
        {"mandat_gerance_id": "cle_ligne('mandats', t.mandat_id)"},
        ("mandat_id",),
    ),
    "baux": Cible(
        "patrimoine_bail",
        "cle_cercle('bail', cle_ligne('baux', t.id))",
        {
            "mandat_gerance_id": "cle_ligne('mandats', t.mandat_id)",
            "mandat_cercle_id": "cle_cercle('mandat', cle_ligne('mandats', t.mandat_id))",
            "compte_client_id": "cle_ligne('comptes', t.compte_id)",
        },
        ("mandat_id", "compte_id"),
    ),
    "baux_lots": Cible(
        "patrimoine_baillot",
        "cle_cercle('bail', cle_ligne('baux', t.bail_id))",
        {"mandat_cercle_id": f"cle_cercle('mandat', {_MANDAT})"},
    ),
    "exercices": Cible("comptabilite_exercice", _CERCLE_COPRO),
    "assemblees": Cible(
        # Dates of the format are those of Paris: PostgreSQL, which knows the time zones, reads the name.
        "assemblees_assemblee",
        _CERCLE_COPRO,
        {"le": "CAST(t.le AS VARCHAR) || ' Europe/Paris'"},
    ),
    "resolutions": Cible("assemblees_resolution", _CERCLE_COPRO),
    "documents": Cible(
        "ged_document",
        "k.cercle",
        {
            "sha256": "t.sha256",
            "le": "coalesce(t.date_document, t.publie_du, CAST({arrete} AS DATE))",
            "objet_id": "k.objet",
        },
        ("fichier", "octets", "mime", "date_document", "portee_id"),
        ("le",),
        jointures="JOIN k_documents k ON k._ligne = t._ligne",
    ),
    "contrats": Cible(
        "patrimoine_contrat",
        f"CASE WHEN {_CONTRAT_DE_TRAVAIL} THEN cle_cercle('interne', {{agence}}) "
        f"WHEN t.copropriete_id IS NOT NULL THEN {_CERCLE_COPRO} "
        "ELSE cle_cercle('bail', cle_ligne('baux', t.bail_id)) END",
        {"numero": "coalesce(t.reference, '')"},
        ("reference",),
    ),
    "echeances": Cible(
        "comptabilite_echeance",
        _CERCLE_COMPTE,
        {**_COMPTE, "le": "coalesce(t.emise_le, t.exigible_le, t.periode_debut, CAST({arrete} AS DATE))"},
        ("compte_id",),
        ("le",),
        jointures=_JOINT_COMPTE,
        ordre="c.uuid, t.emise_le",
    ),
    "echeances_lignes": Cible(
        "comptabilite_echeanceligne",
        _CERCLE_COMPTE,
        {"le": "coalesce(e.emise_le, e.exigible_le, e.periode_debut, CAST({arrete} AS DATE))"},
        hors_empreinte=("le",),
        jointures="JOIN c_echeances e ON e.id = t.echeance_id JOIN k_comptes c ON c.id = e.compte_id",
        ordre="t.echeance_id, t.rang",
    ),
    "mouvements": Cible(
        "comptabilite_mouvement",
        _CERCLE_COMPTE,
        _COMPTE,
        ("compte_id",),
        jointures=_JOINT_COMPTE,
        ordre="c.uuid, t.le",
    ),
    "budgets": Cible("comptabilite_budget", _CERCLE_COPRO),
    "depenses": Cible("comptabilite_depense", _CERCLE_COPRO),
}

#: Which object each cercle is made for.
CERCLES: dict[str, tuple[str, ...]] = {
    "coproprietes": ("coproprietaires", "conseil"),
    "immeubles": ("occupants",),
    "comptes": ("compte",),
    "mandats": ("mandat",),
    "baux": ("bail",),
}


def columns_of(schema: Schema, cible: Cible) -> dict[str, str]:
    """Target column → expression, for the columns that the format gives or that are computed."""
    relations = {r.colonne: r.cible for r in schema.relations}
    computed: dict[str, str] = {}
    for champ in schema.champs:
        if champ.nom == "id" or champ.nom in cible.sans or champ.nom in cible.colonnes:
            continue
        raw = f't."{champ.nom}"'
        if champ.nom in relations:
            computed[champ.nom] = f"cle_ligne('{relations[champ.nom]}', {raw})"
        elif champ.type == "string":
            computed[champ.nom] = f"coalesce({raw}, '')"
        else:
            computed[champ.nom] = raw
    return computed | cible.colonnes


def loaded_tables() -> list[str]:
    """The tables of the format that are kept, in writing order."""
    return [t for t in schemas() if t in CIBLES]
