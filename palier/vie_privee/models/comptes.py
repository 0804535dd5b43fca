"""Accounts that leave: what was asked, what was done, and what must be done again after a restored backup."""

from django.db import models

from palier.core.ids import new_id
from palier.vie_privee.enums import RaisonEffacement


class SuppressionDemandee(models.Model):
    """An account will be erased on a day; its owner can still change his mind by the mail's link."""

    account_id = models.UUIDField(primary_key=True)
    demandee_le = models.DateTimeField()
    prevue_le = models.DateTimeField(help_text="end of the grace delay")


class AvertissementInactivite(models.Model):
    """A warning sent to an account without a visit: which of the two, when. Gone as soon as the person comes back."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account_id = models.UUIDField()
    rang = models.PositiveSmallIntegerField(help_text="1 or 2")
    envoye_le = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("account_id", "rang"), name="avertissement_unique")]


class CompteEfface(models.Model):
    """The proof that an account was erased, without the person: a keyed digest. Replayed after a restored backup (G6)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    empreinte = models.CharField(max_length=64, unique=True, help_text="keyed digest of the account's id")
    le = models.DateTimeField()
    raison = models.CharField(max_length=12, choices=RaisonEffacement.choices)
    lignes = models.JSONField(default=dict, help_text="rows erased or unlinked, by table")


class ExecutionRegle(models.Model):
    """A run of a retention rule: the proof that it is executed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    regle = models.CharField(max_length=40)
    le = models.DateTimeField()
    nombre = models.IntegerField(default=0)
    erreur = models.CharField(max_length=200, blank=True, default="")
