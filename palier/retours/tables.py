"""The three tables of the return file that exist: contact details, consents, proofs."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from palier.core.dates import date_simple
from palier.retours.enums import (
    GenreConsentement,
    GenreJustificatif,
    NatureChangement,
    Rubrique,
    SensConsentement,
)
from palier.retours.models import ChangementCoordonnees, Consentement, Justificatif
from palier.retours.registre import Champ, Piece, TableRetour, declare
from palier.retours.rules.consentements import REGLES
from palier.retours.rules.coordonnees import CHAMPS, masque, telephone_lisible
from palier.retours.rules.justificatifs import nom_sur

_VALEURS = tuple(champ for champs in CHAMPS.values() for champ in champs)


def valeur_lisible(rubrique: str, valeurs: Mapping[str, Any]) -> str:
    """Return the value of a heading as a person reads it; "" when there is none."""
    if rubrique == Rubrique.ADRESSE:
        ville = " ".join(v for v in (valeurs.get("code_postal"), valeurs.get("ville")) if v)
        pays = valeurs.get("pays") or ""
        lignes = (valeurs.get("adresse_1"), valeurs.get("adresse_2"), ville, "" if pays == "FR" else pays)
        return ", ".join(v for v in lignes if v)
    valeur = str(valeurs.get(rubrique) or "")
    return telephone_lisible(valeur) if rubrique.startswith("telephone") else valeur


def _changement(row: Any) -> dict[str, Any]:
    return {
        "nature": row.nature,
        "rubrique": row.rubrique,
        "ancien": masque(row.rubrique, row.ancien),
        **{champ: row.nouveau.get(champ, "") for champ in _VALEURS},
        "demande_le": row.cree_le,
    }


def _mots_changement(fait: Mapping[str, Any]) -> tuple[str, str]:
    rubrique = str(Rubrique(fait["rubrique"]).label)
    if fait["nature"] == NatureChangement.RETRAIT:
        return str(NatureChangement.RETRAIT.label), ""
    nouveau = valeur_lisible(fait["rubrique"], fait["nouveau"])
    if fait["nature"] == NatureChangement.PARTAGE:
        return str(NatureChangement.PARTAGE.label), nouveau
    ancien = valeur_lisible(fait["rubrique"], fait["ancien"])
    return rubrique, f"{ancien or _('aucun')} → {nouveau or _('à effacer')}"


declare(
    TableRetour(
        nom="retours_coordonnees",
        titre="Changements de coordonnées",
        description=(
            "Ce que les personnes demandent de changer dans leurs coordonnées, une ligne par rubrique. Les colonnes "
            "des valeurs portent les noms de la table tiers ; seules celles de la rubrique sont à lire, et une valeur "
            "vide y demande d'effacer. La ligne se referme d'elle-même quand un import rapporte la valeur."
        ),
        modele=ChangementCoordonnees,
        champs=(
            Champ(
                "nature",
                "string",
                "changement : demandé par la personne ; partage : elle partage l'adresse e-mail de son compte ; "
                "retrait : elle ne la partage plus, l'agence ne s'en sert plus",
                "changement",
                True,
                tuple(NatureChangement.values),
            ),
            Champ("rubrique", "string", "Ce qui change", "adresse", True, tuple(Rubrique.values)),
            Champ(
                "ancien",
                "string",
                "Ancienne valeur, masquée : assez pour la reconnaître",
                "1…, 31000 Toulouse",
            ),
            Champ("adresse_1", "string", "Nouvelle adresse, première ligne", "8 rue des Lilas"),
            Champ("adresse_2", "string", "Nouvelle adresse, seconde ligne", "Bâtiment B"),
            Champ("code_postal", "string", "Nouveau code postal", "31500"),
            Champ("ville", "string", "Nouvelle ville", "Toulouse"),
            Champ("pays", "string", "Code du pays, deux lettres", "FR"),
            Champ("telephone_mobile", "string", "Nouveau mobile, en chiffres (00 et l'indicatif hors de France)", ""),
            Champ("telephone_fixe", "string", "Nouveau téléphone fixe, en chiffres", ""),
            Champ("email", "string", "Nouvelle adresse électronique, ou celle qui est partagée", ""),
            Champ("demande_le", "datetime", "Quand la personne l'a demandé", "2026-11-23T10:15:00+01:00", True),
        ),
        ligne=_changement,
        mots=_mots_changement,
    )
)  # fmt: skip


def _consentement(row: Any) -> dict[str, Any]:
    return {
        "genre": row.genre,
        "sens": row.sens,
        "fondement": REGLES[row.genre].fondement,
        "texte_version": row.texte_version,
        "texte_sha256": row.texte_empreinte,
        "le": row.cree_le,
        "moyen": row.moyen,
    }


def _mots_consentement(fait: Mapping[str, Any]) -> tuple[str, str]:
    return str(GenreConsentement(fait["genre"]).label), str(SensConsentement(fait["sens"]).label)


declare(
    TableRetour(
        nom="retours_consentements",
        titre="Consentements électroniques",
        description=(
            "Les accords à recevoir des documents par voie électronique, donnés ou retirés, une ligne par acte et dans "
            "l'ordre : le dernier acte d'un genre l'emporte. Pour « notification », la voie électronique est la règle : "
            "« retire » demande la poste, « donne » y revient."
        ),
        modele=Consentement,
        champs=(
            Champ("genre", "string", "À quoi la personne consent", "quittance", True, tuple(GenreConsentement.values)),
            Champ("sens", "string", "Donné ou retiré", "donne", True, tuple(SensConsentement.values)),
            Champ("fondement", "string", "Le texte qui le demande", "loi n° 89-462 du 6 juillet 1989, art. 21"),
            Champ("texte_version", "string", "Version du texte accepté", "1", True),
            Champ("texte_sha256", "string", "Empreinte SHA-256 du texte montré", "0" * 64, True),
            Champ("le", "datetime", "Date et heure de l'acte", "2026-11-23T10:15:00+01:00", True),
            Champ("moyen", "string", "Comment l'acte a été fait", "espace en ligne", True),
        ),
        ligne=_consentement,
        mots=_mots_consentement,
        refusable=False,
    )
)  # fmt: skip


def chemin_de(identifiant: Any, nom: str) -> str:
    """Return the path of a proof in the zip: its id keeps two files of one name apart."""
    base, _point, extension = nom.rpartition(".")
    return f"documents/{identifiant}-{nom_sur(base, '')}.{extension}"


def _justificatif(row: Any) -> dict[str, Any]:
    return {
        "genre": row.genre,
        "compte_id": row.compte_client.reference,
        "bail_id": row.bail.reference,
        "du": row.du,
        "au": row.au,
        "depose_le": row.cree_le,
        "chemin": chemin_de(row.id, row.nom_fichier),
        "type_mime": row.mime,
        "octets": row.octets,
        "sha256": row.sha256,
        "remplace": row.remplace_id or "",
    }


def _mots_justificatif(fait: Mapping[str, Any]) -> tuple[str, str]:
    return str(GenreJustificatif(fait["genre"]).label), _("du %(du)s au %(au)s") % {
        "du": date_simple(fait["du"]),
        "au": date_simple(fait["au"]),
    }


def _piece(row: Any) -> Piece:
    return Piece(chemin_de(row.id, row.nom_fichier), row.sha256, row.octets, row.adresse, str(row.id))


declare(
    TableRetour(
        nom="retours_justificatifs",
        titre="Justificatifs déposés",
        description="Les pièces que les personnes ont déposées, avec le fichier lui-même dans documents/.",
        modele=Justificatif,
        champs=(
            Champ("genre", "string", "Ce que prouve la pièce", "assurance_habitation", True, tuple(GenreJustificatif.values)),
            Champ("compte_id", "string", "Compte du locataire (comptes.id)", "A100", True),
            Champ("bail_id", "string", "Bail concerné (baux.id)", "B100", True),
            Champ("du", "date", "Début de la période couverte", "2026-09-01", True),
            Champ("au", "date", "Fin de la période couverte", "2027-08-31", True),
            Champ("depose_le", "datetime", "Quand la personne l'a déposée", "2026-11-23T10:15:00+01:00", True),
            Champ("chemin", "string", "Le fichier dans le zip", "documents/0192f0c4-attestation.pdf", True),
            Champ("type_mime", "string", "Nature du fichier", "application/pdf", True, ("application/pdf", "image/jpeg", "image/png")),
            Champ("octets", "integer", "Taille du fichier", "184320", True),
            Champ("sha256", "string", "Empreinte SHA-256 du fichier", "0" * 64, True),
            Champ("remplace", "string", "id de la pièce qu'elle remplace", ""),
        ),
        ligne=_justificatif,
        mots=_mots_justificatif,
        piece=_piece,
        liens=("compte_client", "bail"),
    )
)  # fmt: skip
