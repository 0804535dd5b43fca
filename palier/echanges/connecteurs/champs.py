"""What a column of an export may become: the fields offered by the assistant, and the kinds of source they fill."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from palier.echanges.schemas import schemas


@dataclass(frozen=True)
class ChampCible:
    """A field offered. `cle` is `table.colonne` of the format, or a pseudo column (`montant`, `sens`) of ours."""

    cle: str
    libelle: Any
    genre: str = "texte"

    @property
    def table(self) -> str:
        return self.cle.partition(".")[0]

    @property
    def colonne(self) -> str:
        return self.cle.partition(".")[2]

    @property
    def valeurs(self) -> tuple[str, ...]:
        """The closed list of the format, when the field has one."""
        schema = schemas().get(self.table)
        if schema is None or self.colonne not in schema.noms:
            return ()
        return schema.champ(self.colonne).liste


_LISTE: tuple[tuple[str, Any, str], ...] = (
    ("comptes.numero", _("Numéro du compte"), "compte"),
    ("comptes.intitule", _("Intitulé du compte"), "nom"),
    ("comptes.role", _("Qualité du client (locataire, bailleur…)"), "valeurs"),
    ("comptes.solde", _("Solde, sur une seule colonne"), "montant"),
    ("comptes.solde_debit", _("Solde débiteur"), "montant"),
    ("comptes.solde_credit", _("Solde créditeur"), "montant"),
    ("comptes.solde_le", _("Date du solde"), "date"),
    ("comptes.mode_reglement", _("Mode de règlement"), "valeurs"),
    ("comptes.iban_masque", _("IBAN (gardé masqué)"), "iban"),
    ("coproprietes.code", _("Code de la copropriété"), "code"),
    ("coproprietes.nom", _("Nom de la copropriété"), "libelle"),
    ("coproprietes.immatriculation_rnc", _("Immatriculation au registre national"), "rnc"),
    ("tiers.id", _("Identifiant de la personne"), "code"),
    ("tiers.civilite", _("Civilité"), "civilite"),
    ("tiers.nom", _("Nom de la personne"), "nom"),
    ("tiers.prenom", _("Prénom"), "prenom"),
    ("tiers.raison_sociale", _("Raison sociale"), "nom"),
    ("tiers.siren", _("SIREN"), "siren"),
    ("tiers.email", _("Adresse électronique"), "email"),
    ("tiers.telephone_mobile", _("Téléphone mobile"), "telephone"),
    ("tiers.telephone_fixe", _("Téléphone fixe"), "telephone"),
    ("tiers.adresse_1", _("Adresse"), "adresse"),
    ("tiers.adresse_2", _("Complément d’adresse"), "adresse"),
    ("tiers.code_postal", _("Code postal"), "code_postal"),
    ("tiers.ville", _("Ville"), "ville"),
    ("comptes_tiers.qualite", _("Qualité de la personne (titulaire, indivisaire…)"), "valeurs"),
    ("mandats.numero", _("Numéro du mandat de gérance"), "code"),
    ("mandats.debut", _("Début du mandat"), "date"),
    ("mandats.fin", _("Fin du mandat"), "date"),
    ("baux.numero", _("Numéro du bail"), "code"),
    ("baux.debut", _("Date d’effet du bail"), "date"),
    ("baux.fin", _("Fin prévue du bail"), "date"),
    ("baux.sortie_le", _("Date de sortie du locataire"), "date"),
    ("baux.loyer", _("Loyer hors charges"), "montant"),
    ("baux.provision_charges", _("Provision pour charges"), "montant"),
    ("baux.depot_garantie", _("Dépôt de garantie"), "montant"),
    ("immeubles.code", _("Code de l’immeuble"), "code"),
    ("immeubles.libelle", _("Nom de l’immeuble"), "libelle"),
    ("lots.numero", _("Numéro du lot"), "code"),
    ("lots.type", _("Nature du lot"), "libelle"),
    ("lots.batiment", _("Bâtiment"), "code"),
    ("lots.etage", _("Étage"), "code"),
    ("lots.surface_m2", _("Surface"), "montant"),
    ("detentions.debut", _("Propriétaire depuis le"), "date"),
    ("mouvements.le", _("Date de l’écriture"), "date"),
    ("mouvements.journal", _("Journal"), "code"),
    ("mouvements.piece", _("Pièce"), "code"),
    ("mouvements.libelle", _("Libellé de l’écriture"), "libelle"),
    ("mouvements.debit", _("Débit"), "montant"),
    ("mouvements.credit", _("Crédit"), "montant"),
    ("mouvements.montant", _("Montant, sur une seule colonne"), "montant"),
    ("mouvements.sens", _("Sens (débit ou crédit)"), "valeurs"),
    ("mouvements.lettrage", _("Lettrage"), "code"),
)
CHAMPS: Mapping[str, ChampCible] = {c: ChampCible(c, mots, genre) for c, mots, genre in _LISTE}
SENS = ("debit", "credit")


def accepted(cle: str) -> tuple[str, ...]:
    """The closed list of a field whose values are translated, else nothing."""
    return SENS if cle == "mouvements.sens" else CHAMPS[cle].valeurs


def _of(*prefixes: str) -> tuple[str, ...]:
    return tuple(c for c in CHAMPS if c.startswith(prefixes))


_PERSONNE = (*_of("tiers."), "comptes_tiers.qualite")
_COPRO = _of("coproprietes.")
_COMPTE = _of("comptes.")
_LOT = _of("immeubles.", "lots.")


@dataclass(frozen=True)
class Nature:
    """A kind of source: what it is for, the fields it may fill, those without which it is of no use."""

    code: str
    titre: Any
    but: Any
    champs: tuple[str, ...]
    requis: tuple[str, ...]
    role: str = ""
    lecture: str = "tableau"

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of the format that it may fill."""
        found = [c.partition(".")[0] for c in self.champs]
        if self.lecture == "pdf":
            found = ["documents"]
        if self.code == "fec":
            found = ["coproprietes", "comptes", "mouvements"]
        if "tiers" in found:
            found += ["comptes_tiers", "acces"]
        if "baux" in found:
            found += ["baux_lots"]
        return tuple(dict.fromkeys(found))


@cache
def natures() -> dict[str, Nature]:
    """The kinds of source, in the order in which they are offered."""
    rows = (
        Nature("comptes", _("Comptes clients et soldes"),
               _("La balance ou la liste des comptes : ce que chacun doit."),
               (*_COMPTE, *_COPRO, *_PERSONNE), ("comptes.numero",)),
        Nature("coproprietaires", _("Copropriétaires"),
               _("Les copropriétaires, leur compte, leurs lots et leurs coordonnées."),
               (*_COMPTE, *_COPRO, *_PERSONNE, *_LOT, "detentions.debut"), ("comptes.numero", "tiers.nom"),
               "coproprietaire"),
        Nature("locataires", _("Locataires"), _("Les locataires, leur compte, leur bail et leurs coordonnées."),
               (*_COMPTE, *_PERSONNE, *_of("baux."), "mandats.numero", *_LOT), ("comptes.numero", "tiers.nom"),
               "locataire"),
        Nature("bailleurs", _("Bailleurs"), _("Les propriétaires bailleurs, leur compte et leur mandat de gérance."),
               (*_COMPTE, *_PERSONNE, *_of("mandats.")), ("comptes.numero", "tiers.nom"), "bailleur"),
        Nature("ecritures", _("Écritures (grand livre)"), _("Les mouvements de chaque compte client."),
               ("comptes.numero", "comptes.intitule", *_COPRO, *_of("mouvements.")),
               ("comptes.numero", "mouvements.le", "mouvements.libelle")),
        Nature("fec", _("FEC"), _("Le fichier des écritures comptables : ses colonnes sont fixées par la loi, rien à associer."),
               (), (), "", "fec"),
        Nature("contacts", _("Contacts"), _("Les coordonnées, rattachées aux comptes par leur numéro."),
               ("comptes.numero", "coproprietes.code", *_PERSONNE), ("comptes.numero", "tiers.nom")),
        Nature("pdf", _("Documents PDF"), _("Un zip de PDF, rattachés aux comptes par le nom des fichiers."),
               (), (), "", "pdf"),
    )  # fmt: skip
    return {n.code: n for n in rows}
