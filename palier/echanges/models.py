"""Sources, imports and their reports."""

from django.db import models

from palier.core.models import TenantModel, link
from palier.echanges.enums import EtatImport, Voie


class Source(TenantModel):
    """A back-office database that feeds the agence (``logiciel`` and ``base`` of dossier.json)."""

    logiciel = models.CharField(max_length=60)
    base = models.CharField(max_length=60)
    sequence = models.BigIntegerField(null=True)
    arrete_au = models.DateField(
        null=True, help_text="date of the last sending that went on line; of what each unit has: Fraicheur"
    )
    importe_le = models.DateTimeField(null=True)
    retard_depuis = models.DateTimeField(
        null=True, help_text="when a feed of it was expected and did not come"
    )
    fichiers = models.JSONField(default=dict, help_text="sha256 of each table file last applied whole")
    remplacee_par = models.UUIDField(
        null=True, help_text="the source that took its place: it sends nothing any more"
    )
    en_attente = models.JSONField(
        default=list, help_text="units that missed a sending: a snapshot must bring them whole"
    )


class Fraicheur(TenantModel):
    """As of which day a unit of a source is on line: what its clients read in their spaces."""

    source_id = models.UUIDField()
    unite_id = models.UUIDField(
        null=True, help_text="null: every unit of the source that has no row of its own"
    )
    arrete_au = models.DateField()
    import_id = models.UUIDField(null=True, help_text="the import that brought it")


class Alias(TenantModel):
    """A reference that replaced another: the row keeps its identifier, and what users hang on it its links."""

    source_id = models.UUIDField()
    table_nom = models.CharField(max_length=40, help_text="the table of the format")
    reference = models.TextField(help_text="what the back-office calls the row now")
    ligne_id = models.UUIDField(help_text="the row, which keeps its identifier")
    origine = models.TextField(
        help_text="the first reference of the row in this source; the present one when it came from another"
    )


class Import(TenantModel):
    """One file received: its state, its progress, its report."""

    source_id = models.UUIDField(null=True)
    nom_fichier = models.TextField()
    depot = models.TextField(help_text="encrypted copy in the vault, erased once the import has ended")
    octets = models.BigIntegerField(default=0)
    etat = models.CharField(max_length=20, choices=EtatImport.choices, default=EtatImport.RECU)
    empreinte = models.CharField(max_length=64, blank=True, default="")
    arrete_au = models.DateField(null=True)
    recu_le = models.DateTimeField()
    recu_de = models.UUIDField(null=True, help_text="account of the person who sent it")
    debut_le = models.DateTimeField(null=True)
    fin_le = models.DateTimeField(null=True)
    progres = models.FloatField(default=0, help_text="0 to 1")
    etape = models.TextField(blank=True, default="")
    voie = models.CharField(max_length=20, choices=Voie.choices, default=Voie.MAIN)
    confirme_par = models.UUIDField(null=True)
    annulation_le = models.DateTimeField(null=True, help_text="when somebody asked a running import to stop")
    annule_par = models.UUIDField(null=True)
    message = models.TextField(
        blank=True, default="", help_text="why it was refused, or what waits for a decision"
    )
    bilan = models.JSONField(
        default=dict, help_text="counts: en_ligne, a_corriger, inchanges; per table and unit"
    )
    fraicheur_avant = models.JSONField(
        default=dict, help_text="the dates of the units that it moved, before it: a rollback brings them back"
    )
    origines = models.JSONField(
        default=list, help_text="names of the files converted, those with most rows first"
    )

    source = link("echanges.Source", "source_id")


class Anomalie(TenantModel):
    """A line of a report, values masked."""

    import_id = models.UUIDField()
    rang = models.IntegerField()
    gravite = models.CharField(max_length=10)
    code = models.CharField(max_length=60)
    table = models.CharField(max_length=40, blank=True, default="")
    ligne = models.IntegerField(null=True)
    identifiant = models.TextField(blank=True, default="")
    colonne = models.TextField(blank=True, default="")
    valeur_masquee = models.TextField(blank=True, default="")
    message = models.TextField()
    conseil = models.TextField(blank=True, default="")
    unite = models.TextField(blank=True, default="")
    fichier = models.TextField(blank=True, default="", help_text="file received, when a profile converted it")


# Models that live beside what they serve; Django finds them through this module.
from palier.echanges.calendrier.models import Flux  # noqa: E402
from palier.echanges.connecteurs.models import Calibrage, ProfilCalibre  # noqa: E402
from palier.echanges.historique.models import Annulation, Changement, Version  # noqa: E402
from palier.echanges.reversibilite.models import Remise  # noqa: E402
from palier.echanges.surveillance.models import Arrivee  # noqa: E402

__all__ = [
    "Annulation",
    "Anomalie",
    "Arrivee",
    "Calibrage",
    "Changement",
    "Flux",
    "Import",
    "ProfilCalibre",
    "Remise",
    "Source",
    "Version",
]
