"""The proof of cookie choices, and the portal's own audience counts. Neither names anybody."""

from django.db import models

from palier.core.ids import new_id
from palier.core.models import TenantModel


class ChoixTemoins(models.Model):
    """A choice about cookies: when, what, after reading which version. No account, no address, no browser.

    ``reference`` is also in the chooser's own cookie: he alone can tell which line is his.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    reference = models.CharField(max_length=16, unique=True)
    le = models.DateTimeField()
    acceptes = models.CharField(max_length=60, help_text="purposes accepted, or « aucun »")
    origine = models.CharField(max_length=10, help_text="bandeau or page")
    texte = models.CharField(max_length=64, help_text="SHA-256 of the cookie policy in force then")


class Audience(models.Model):
    """Pages of a kind shown on a day, to the public and to everybody signed in. A count, and nothing else."""

    pk = models.CompositePrimaryKey("jour", "genre", "public")
    jour = models.DateField()
    genre = models.CharField(max_length=60)
    public = models.CharField(max_length=12, help_text="visiteur, client, equipe, exploitant")
    nombre = models.BigIntegerField()


class AudienceAgence(TenantModel):
    """The same counts, for the pages of one agence: its own figures."""

    jour = models.DateField()
    genre = models.CharField(max_length=60)
    public = models.CharField(max_length=12)
    nombre = models.BigIntegerField()
