"""A feed: what an agence expects from a back-office, where it is dropped, and when."""

import datetime as dt

from django.db import models

from palier.core.models import TenantModel, link
from palier.echanges.rules.attente import Horaire


class Flux(TenantModel):
    """A feed that the agence declares: its watched folder, its schedule, and whether it is late.

    ``source_id`` is null until a first import by the folder tells which back-office it is.
    """

    nom = models.CharField(max_length=80)
    dossier = models.CharField(max_length=40, blank=True, default="", help_text="watched folder, or none")
    source_id = models.UUIDField(null=True)
    jours = models.JSONField(default=list, help_text="ISO week days, 1 to 7; none: no schedule")
    heure = models.TimeField(null=True)
    tolerance_minutes = models.PositiveIntegerField(default=120)
    feries = models.BooleanField(default=False, help_text="expected on public holidays too")
    attendu_depuis = models.DateTimeField(null=True, help_text="nothing was expected before")
    recu_le = models.DateTimeField(null=True, help_text="last file of this folder that went on line")
    retard_depuis = models.DateTimeField(null=True, help_text="when it was expected and did not come")
    vu_le = models.DateTimeField(null=True, help_text="last look into the folder")
    probleme = models.TextField(blank=True, default="", help_text="what the last look found wrong")

    source = link("echanges.Source", "source_id")

    @property
    def horaire(self) -> Horaire | None:
        """The schedule, or None when nothing is expected at any time."""
        if not self.jours or self.heure is None:
            return None
        tolerance = dt.timedelta(minutes=self.tolerance_minutes)
        return Horaire(frozenset(self.jours), self.heure, tolerance, self.feries)
