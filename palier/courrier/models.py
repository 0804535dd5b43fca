"""What the portal sent, to whom, and what became of it."""

from django.db import models

from palier.core.ids import new_id
from palier.core.models import TenantModel
from palier.courrier.enums import EtatAvis


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


class Avis(TenantModel):
    """A new document that somebody will be told of, once the grace delay has passed."""

    import_id = models.UUIDField(help_text="the import that brought the document")
    account_id = models.UUIDField()
    acces_id = models.UUIDField()
    document_id = models.UUIDField()
    fichier_id = models.UUIDField(help_text="nobody is told twice of the same file")
    cree_le = models.DateTimeField()
    prevu_le = models.DateTimeField(help_text="end of the grace delay")
    etat = models.CharField(max_length=10, choices=EtatAvis.choices, default=EtatAvis.ATTENTE)
    fin_le = models.DateTimeField(null=True)
    envoi_id = models.UUIDField(null=True, help_text="the mail that told it")


class Preference(models.Model):
    """Which mails an account wants. No row: all of them."""

    account_id = models.UUIDField(primary_key=True)
    avis = models.BooleanField(default=True, help_text="mails about new documents")
    change_le = models.DateTimeField()
