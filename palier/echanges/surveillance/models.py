"""What was taken from a watched folder, so that it is taken once."""

from django.db import models

from palier.core.models import TenantModel, link


class Arrivee(TenantModel):
    """A file taken from a watched folder. Its id is in the name that it bears in ``en_cours/``: taken once, ever."""

    flux_id = models.UUIDField()
    import_id = models.UUIDField(null=True)
    nom = models.TextField(help_text="the name that the sender gave")
    empreinte = models.CharField(max_length=64, help_text="sha256 of what was taken")
    octets = models.BigIntegerField()
    arrive_le = models.DateTimeField()
    rendu_le = models.DateTimeField(null=True, help_text="when the report was written back, the file removed")

    flux = link("echanges.Flux", "flux_id")
    importation = link("echanges.Import", "import_id")
