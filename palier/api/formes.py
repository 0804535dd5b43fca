"""What the API answers, field by field: the source of the schemas in the specification."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field


class SourceVue(Schema):
    """The source of a key."""

    logiciel: str = Field(description=_("Nom du logiciel, comme dans dossier.json."))
    base: str = Field(description=_("Base du logiciel, comme dans dossier.json."))


class Compte(Schema):
    """Counts of a run."""

    en_ligne: int = Field(0, description=_("Lignes en ligne après l’import."))
    a_corriger: int = Field(0, description=_("Lignes refusées, à corriger dans le logiciel."))
    ajoutes: int = Field(0, description=_("Lignes nouvelles."))
    modifies: int = Field(0, description=_("Lignes changées."))
    inchanges: int = Field(0, description=_("Lignes semblables à celles déjà en ligne."))
    archives: int = Field(0, description=_("Lignes retirées de la vue."))


class TableRecue(Schema):
    """What came of one table."""

    table: str
    parties: list[int] = Field(description=_("Numéros des parties reçues."))
    lignes: int
    octets: int


class ImportVu(Schema):
    """An import, from its first part to its report."""

    id: UUID
    etat: str = Field(
        description=_(
            "construction, recu, en_cours, verifie, applique, partiel, a_confirmer, refuse, deja_applique, "
            "perime, abandonne, annule ou expire."
        )
    )
    libelle: str = Field(description=_("L’état en toutes lettres."))
    termine: bool = Field(description=_("Vrai quand plus rien ne bougera sans une nouvelle demande."))
    genre: str = Field(description=_("zip ou tables."))
    nom: str
    source: SourceVue
    controle_seul: bool = Field(description=_("Vrai quand la dernière demande était un contrôle à blanc."))
    progres: float = Field(ge=0, le=1, description=_("De 0 à 1."))
    etape: str
    message: str = Field(description=_("Pourquoi il est refusé, ou ce qui attend une décision."))
    arrete_au: date | None = Field(description=_("Date des données."))
    recu_le: datetime
    fin_le: datetime | None
    expire_le: datetime | None = Field(description=_("Un import jamais appliqué est effacé à cette heure."))
    compte: Compte
    tables: list[TableRecue] = Field(description=_("Parties reçues ; vide pour un zip."))


class PageImports(Schema):
    """A page of imports, newest first."""

    imports: list[ImportVu]
    suivant: str | None = Field(description=_("À donner en « apres » pour la page suivante ; null à la fin."))


class Courant(Schema):
    """What is on line for the key's source."""

    source: SourceVue
    sequence: int | None = Field(description=_("Numéro du dernier envoi appliqué."))
    empreinte: str = Field(description=_("Condensé du dernier contenu appliqué ; vide avant le premier."))
    arrete_au: date | None
    importe_le: datetime | None
    import_id: UUID | None


class PartieRecue(Schema):
    """A part that is kept."""

    table: str
    partie: int
    lignes: int
    octets: int
    sha256: str = Field(description=_("SHA-256 du contenu reçu, en hexadécimal."))


class DocumentVu(Schema):
    """A document that is kept."""

    sha256: str
    octets: int
    citation: str = Field(description=_("À écrire dans la colonne « fichier » de la table documents."))


class AnomalieVue(Schema):
    """A line of the report, its value masked."""

    gravite: str
    code: str
    table: str
    ligne: str
    id: str
    colonne: str
    valeur_masquee: str
    message: str
    conseil: str
    unite: str


class Rapport(Schema):
    """The report of the last run."""

    import_id: UUID
    etat: str
    message: str
    bilan: dict[str, Any]
    anomalies: list[AnomalieVue]


class Erreur(Schema):
    """One fault among several."""

    ou: str = Field(description=_("Où : paramètre, en-tête ou ligne."))
    code: str
    message: str


class ProblemeVu(Schema):
    """A refusal (RFC 9457)."""

    type: str = Field(description=_("Adresse qui explique ce refus."))
    title: str
    status: int
    detail: str = Field(description=_("Ce qui ne va pas, et que faire."))
    instance: str
    code: str = Field(description=_("Nom stable du refus : c’est lui qu’un programme compare."))
    requete: str = Field(description=_("Le même numéro que X-Request-Id : à donner au support."))
    erreurs: list[Erreur] | None = None


class RetourVu(Schema):
    """A return file that is ready."""

    sequence: int = Field(description=_("Son numéro : à donner pour le prendre."))
    lignes: int = Field(description=_("Lignes pour la source de la clé."))
    depuis: datetime | None
    jusqu_a: datetime
    acquitte_le: datetime | None


class PageRetours(Schema):
    """A page of return files, oldest first."""

    retours: list[RetourVu]
    suivant: int | None = Field(description=_("À donner en « apres » pour la suite ; null à la fin."))
