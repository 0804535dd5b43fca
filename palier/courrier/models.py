"""What the portal sent, to whom, and what became of it."""

from django.db import models

from palier.core.ids import new_id


class Envoi(models.Model):
    """One e-mail. Its text is not kept: the template, its subject and the outcome are."""

    id = models.UUIDField(primary_key=True, default=new_id)
    modele = models.CharField(max_length=40)
    agence_id = models.UUIDField(null=True)
    account_id = models.UUIDField(null=True)
    destinataire = models.CharField(max_length=64, help_text="keyed digest of the address")
    cree_le = models.DateTimeField(auto_now_add=True)
    envoye_le = models.DateTimeField(null=True)
    erreur = models.CharField(max_length=200, blank=True, default="")
