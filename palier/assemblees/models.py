"""General meetings and their resolutions, as the back-office keeps them."""

from django.db import models

from palier.core.models import Published, link


class Assemblee(Published):
    """A general meeting of a copropriété. Cercle: the co-owners."""

    copropriete_id = models.UUIDField()
    type = models.CharField(max_length=20)
    le = models.DateTimeField()
    lieu = models.TextField(blank=True, default="")
    statut = models.CharField(max_length=20)


class Resolution(Published):
    """A resolution and its votes, in tantièmes. Cercle: the co-owners."""

    assemblee_id = models.UUIDField()
    numero = models.TextField()
    titre = models.TextField()
    majorite = models.TextField(blank=True, default="")
    resultat = models.TextField(blank=True, default="")
    pour = models.DecimalField(max_digits=15, decimal_places=3, null=True)
    contre = models.DecimalField(max_digits=15, decimal_places=3, null=True)
    abstention = models.DecimalField(max_digits=15, decimal_places=3, null=True)

    assemblee = link("assemblees.Assemblee", "assemblee_id")
