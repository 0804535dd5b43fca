"""A member of an agence's staff may be kept to some units (copropriétés, mandats): which rows he still sees.

One list for both walls: the row policies that migrations set (restrictive, over those of ``tenancy``) and the
policies in Python. ``palier.portefeuille`` is opened with the actor by ``palier_ouvrir``; empty: the whole agence.
A table that is not here shows facts of the agence itself, or nothing of a person (tests/acces/test_portefeuille.py).
"""

from enum import StrEnum
from uuid import UUID

from django.db.models import F, Q
from django.db.models.expressions import RawSQL


class Suivi(StrEnum):
    """How a table says which unit a row is of."""

    UNITE = "unite"  # its unit, or the agence itself: addresses, keys, establishments
    STRICT = "strict"  # its unit only: what is a person's, even when the back-office names no unit
    DOCUMENT = "document"  # its unit; the agence's own only when it is internal
    PERSONNE = "personne"  # the person himself
    TIERS = "tiers"  # an accès, by its person
    ESPACE = "espace"  # a space, by its compte or its copropriété
    DROIT = "droit"  # by its space
    ACCES = "acces"  # by its accès
    FICHIER = "fichier"  # by a document that cites it
    JOURNAL = "journal"  # lines about nobody, or about a followed accès
    FERME = "ferme"  # the whole agence at once: never


PORTEFEUILLE = "(select nullif(current_setting('palier.portefeuille', true), '')::uuid[])::uuid[]"

SUIVIS: dict[str, Suivi] = {
    **dict.fromkeys(
        (
            "patrimoine_copropriete",
            "patrimoine_immeuble",
            "patrimoine_lot",
            "patrimoine_clerepartition",
            "patrimoine_tantieme",
            "patrimoine_etablissement",
            "patrimoine_gestionnaire",
            "comptabilite_exercice",
            "comptabilite_budget",
            "comptabilite_depense",
            "assemblees_assemblee",
            "assemblees_resolution",
        ),
        Suivi.UNITE,
    ),
    **dict.fromkeys(
        (
            "patrimoine_compteclient",
            "patrimoine_comptetiers",
            "patrimoine_detention",
            "patrimoine_mandatconseil",
            "patrimoine_mandatgerance",
            "patrimoine_mandatlot",
            "patrimoine_bail",
            "patrimoine_baillot",
            "patrimoine_contrat",
            "comptabilite_echeance",
            "comptabilite_echeanceligne",
            "comptabilite_mouvement",
        ),
        Suivi.STRICT,
    ),
    "ged_document": Suivi.DOCUMENT,
    "ged_fichier": Suivi.FICHIER,
    "patrimoine_tiers": Suivi.PERSONNE,
    "acces_acces": Suivi.TIERS,
    "acces_espace": Suivi.ESPACE,
    "acces_droit": Suivi.DROIT,
    **dict.fromkeys(
        (
            "acces_codeacces",
            "ged_lecture",
            "courrier_avis",
            "retours_changementcoordonnees",
            "retours_consentement",
            "retours_coordonneesverifiees",
            "retours_justificatif",
            "vie_privee_demandeagence",
            "vie_privee_incidentpersonne",
            "vie_privee_limitation",
        ),
        Suivi.ACCES,
    ),
    "core_journal": Suivi.JOURNAL,
    **dict.fromkeys(
        (
            "retours_retour",
            "echanges_alias",
            "echanges_annulation",
            "echanges_anomalie",
            "echanges_arrivee",
            "echanges_calibrage",
            "echanges_changement",
            "echanges_profilcalibre",
            "echanges_remise",
            "echanges_version",
            "api_cleapi",
            "api_crochet",
            "api_documentrecu",
            "api_envoi",
            "api_livraison",
            "api_morceau",
            "api_requeterejouable",
        ),
        Suivi.FERME,
    ),
}

#: The condition that a row must meet for a restricted member, in SQL; ``{pf}`` is his portfolio.
_SQL = {
    Suivi.UNITE: "unite_id = any({pf}) or unite_id = agence_id",
    Suivi.STRICT: "unite_id = any({pf})",
    Suivi.DOCUMENT: "unite_id = any({pf}) or (unite_id = agence_id and audience = 'interne')",
    Suivi.PERSONNE: "id in (select palier_personnes_suivies())",
    Suivi.TIERS: "tiers_id in (select palier_personnes_suivies())",
    Suivi.ESPACE: "copropriete_id = any({pf}) or compte_client_id in (select palier_comptes_suivis())",
    Suivi.DROIT: "espace_id in (select palier_espaces_suivis())",
    Suivi.ACCES: "acces_id in (select palier_acces_suivis())",
    Suivi.FICHIER: "palier_fichier_suivi(agence_id, id)",
    Suivi.JOURNAL: "acces_id is null or acces_id in (select palier_acces_suivis())",
    Suivi.FERME: "false",
}


def sql_condition(suivi: Suivi) -> str:
    """Return the condition of a restrictive row policy: true for whoever has no portfolio."""
    return f"{PORTEFEUILLE} is null or ({_SQL[suivi].format(pf=PORTEFEUILLE)})"


def _among(function: str) -> RawSQL:
    return RawSQL(f"select {function}()", [])  # noqa: S611  (one of our own functions, named below)


def condition(table: str, portefeuille: frozenset[UUID] | None) -> Q:
    """Return the same sentence for a query in Python; everything when the actor is not restricted."""
    suivi = SUIVIS.get(table)
    if portefeuille is None or suivi is None:
        return Q()
    unite = Q(unite_id__in=portefeuille)
    agence = Q(unite_id=F("agence_id"))
    found: dict[Suivi, Q] = {
        Suivi.UNITE: unite | agence,
        Suivi.STRICT: unite,
        Suivi.DOCUMENT: unite | (agence & Q(audience="interne")),
        Suivi.PERSONNE: Q(id__in=_among("palier_personnes_suivies")),
        Suivi.TIERS: Q(tiers_id__in=_among("palier_personnes_suivies")),
        Suivi.ESPACE: Q(copropriete_id__in=portefeuille)
        | Q(compte_client_id__in=_among("palier_comptes_suivis")),
        Suivi.DROIT: Q(espace_id__in=_among("palier_espaces_suivis")),
        Suivi.ACCES: Q(acces_id__in=_among("palier_acces_suivis")),
        Suivi.FICHIER: Q(),  # a file is reached through its document; the floor checks it again
        Suivi.JOURNAL: Q(acces_id__isnull=True) | Q(acces_id__in=_among("palier_acces_suivis")),
        Suivi.FERME: Q(agence_id__isnull=True),
    }
    return found[suivi]
