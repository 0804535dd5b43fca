"""What an import changed, kept ninety days: the rows as they were, and the counts by table and unit."""

from django.db import models

from palier.core.models import TenantModel
from palier.echanges.historique.enums import EtatAnnulation


class Version(TenantModel):
    """A row as it was just before an import changed or archived it. Rows that an import adds have none."""

    import_id = models.UUIDField()
    table_nom = models.CharField(max_length=40, help_text="the table of the format")
    ligne_id = models.UUIDField(help_text="the row")
    unite_id = models.UUIDField(help_text="the row's unit before")
    operation = models.CharField(max_length=10, help_text="modifie or archive")
    avant = models.JSONField()
    apres = models.JSONField(null=True, help_text="what the import had written, once it was taken back")
    cree_le = models.DateTimeField()
    annule_le = models.DateTimeField(null=True)


class Changement(TenantModel):
    """How many rows of a table and unit an import added, changed and archived; none when nothing changed."""

    import_id = models.UUIDField()
    table_nom = models.CharField(max_length=40)
    unite_id = models.UUIDField()
    ajoutes = models.IntegerField(default=0)
    modifies = models.IntegerField(default=0)
    inchanges = models.IntegerField(default=0)
    archives = models.IntegerField(default=0)


class Annulation(TenantModel):
    """Somebody asked to take back what an import had put on line, for all its units or some of them."""

    import_id = models.UUIDField()
    source_id = models.UUIDField()
    unites = models.JSONField(null=True, help_text="ids of the units; null: every unit of the import")
    etat = models.CharField(max_length=10, choices=EtatAnnulation.choices, default=EtatAnnulation.DEMANDEE)
    demandee_le = models.DateTimeField()
    demandee_par = models.UUIDField(null=True, help_text="account of the person who asked")
    fin_le = models.DateTimeField(null=True)
    message = models.TextField(blank=True, default="", help_text="why it was refused")
    bilan = models.JSONField(
        default=dict, help_text="rows restored, back and archived; droits opened, closed"
    )
