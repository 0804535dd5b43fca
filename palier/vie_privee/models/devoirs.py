"""What binds the exploitant to the agences as their processor. Contract facts: no row of a client is here.

Each table of an agence is seen by its staff and by the exploitant, who must execute what is written there; the floor
says so (migration 0006).
"""

from django.db import models

from palier.core.ids import new_id
from palier.core.models import TenantModel
from palier.vie_privee.enums import BaseCommunication, EffetInstruction, EtatCommunication


class Instruction(TenantModel):
    """A documented instruction of an agence (RGPD art. 28.3.a). Never edited: ended, and another is written."""

    texte = models.TextField()
    effet = models.CharField(max_length=24, choices=EffetInstruction.choices, default=EffetInstruction.AUCUN)
    parametre = models.CharField(max_length=80, blank=True, default="", help_text="the country of a transfer")
    donnee_le = models.DateTimeField()
    donnee_par = models.UUIDField(null=True, help_text="account of the administrator")
    auteur = models.CharField(max_length=200)
    fin_le = models.DateTimeField(null=True)


class SousTraitant(models.Model):
    """A provider of the exploitant, or a hosting place (RGPD art. 28.2), with the dates that it was announced for."""

    id = models.UUIDField(primary_key=True, default=new_id)
    nom = models.CharField(max_length=200)
    role = models.CharField(max_length=200)
    donnees = models.CharField(max_length=300)
    pays = models.CharField(max_length=2, help_text="ISO 3166-1")
    lieu = models.CharField(max_length=200, blank=True, default="")
    annonce_le = models.DateField()
    depuis = models.DateField(help_text="not before the agences had time to object")
    jusqu_au = models.DateField(null=True)


class Opposition(TenantModel):
    """An agence objects to a sub-processor announced (RGPD art. 28.2)."""

    sous_traitant_id = models.UUIDField()
    motif = models.TextField()
    le = models.DateTimeField()
    auteur = models.CharField(max_length=200)


class Obligation(TenantModel):
    """A law obliges the exploitant to process without an instruction: the agence is told before (RGPD art. 28.3.a)."""

    texte = models.TextField()
    article = models.CharField(max_length=200)
    prevue_le = models.DateField(help_text="when the processing will take place")
    annoncee_le = models.DateTimeField()
    secrete = models.BooleanField(default=False, help_text="the law forbids telling: not shown to the agence")
    lue_le = models.DateTimeField(null=True)


class Communication(models.Model):
    """Account data disclosed to a third party, with its legal ground; or a consent asked for it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account_id = models.UUIDField(null=True, help_text="whose data; null when many")
    destinataire = models.CharField(max_length=200)
    donnees = models.CharField(max_length=300)
    motif = models.TextField()
    base = models.CharField(max_length=16, choices=BaseCommunication.choices)
    article = models.CharField(max_length=200, blank=True, default="")
    etat = models.CharField(max_length=12, choices=EtatCommunication.choices)
    demandee_le = models.DateTimeField()
    repondue_le = models.DateTimeField(null=True)
    faite_le = models.DateTimeField(null=True)
    par = models.UUIDField(null=True)
