"""Requests about rights, restrictions, exports, directives. Account data to the exploitant, the rest to each agence."""

from typing import ClassVar

from django.db import models

from palier.core.ids import new_id
from palier.core.models import TenantModel
from palier.vie_privee.enums import (
    DroitDemande,
    EtatDemande,
    EtatExport,
    GenreLimitation,
    MotifLimitation,
    SortDonnees,
)


class _Demande(models.Model):
    """What a person asks of one controller, the clock of the answer, the answer. Kept as the proof of both."""

    dossier_id = models.UUIDField(help_text="the same request, split by controller, has the same")
    droit = models.CharField(max_length=16, choices=DroitDemande.choices)
    account_id = models.UUIDField(null=True, help_text="null for a person without an account")
    nom = models.CharField(max_length=200, blank=True, default="")
    email = models.EmailField(max_length=254)
    langue = models.CharField(max_length=2, default="fr")
    message = models.TextField(blank=True, default="")
    etat = models.CharField(max_length=12, choices=EtatDemande.choices, default=EtatDemande.RECUE)
    recue_le = models.DateTimeField()
    echeance = models.DateField(help_text="last day to answer")
    prolongee_le = models.DateTimeField(null=True)
    prolongation = models.TextField(blank=True, default="", help_text="why it takes longer (art. 12.3)")
    identite_demandee_le = models.DateTimeField(null=True)
    identite_motif = models.TextField(blank=True, default="", help_text="the reasonable doubt (art. 12.6)")
    identite_recue_le = models.DateTimeField(null=True)
    identite_verifiee_le = models.DateTimeField(null=True)
    identite = models.JSONField(
        default=dict, help_text="where the vault keeps the proof; empty once verified"
    )
    repondue_le = models.DateTimeField(null=True)
    repondue_par = models.UUIDField(null=True)
    reponse = models.TextField(blank=True, default="")
    pieces = models.JSONField(default=list, help_text="attached files and where the vault keeps them")

    class Meta:
        abstract = True


class DemandeCompte(_Demande):
    """The part about the account: the exploitant's, through his DPO."""

    id = models.UUIDField(primary_key=True, default=new_id)
    agence_nom: ClassVar[str] = ""
    cle = models.BinaryField(help_text="key of its files, wrapped by the installation's")
    sel = models.BinaryField()


class DemandeAgence(_Demande, TenantModel):
    """The part of one agence. It holds no address of an account: that belongs to its owner."""

    email = models.EmailField(
        max_length=254, blank=True, default="", help_text="of a person without an account; empty otherwise"
    )
    acces_id = models.UUIDField(null=True)

    class Meta:
        abstract = False


class Limitation(TenantModel):
    """The data of an accès are kept and nothing else is done with them (art. 18), or a use of them was objected to."""

    acces_id = models.UUIDField()
    genre = models.CharField(max_length=12, choices=GenreLimitation.choices)
    motif = models.CharField(max_length=12, choices=MotifLimitation.choices)
    posee_le = models.DateTimeField()
    posee_par = models.UUIDField(null=True)
    fin_le = models.DateTimeField(null=True, help_text="when it ends: announced before (art. 18.3)")
    fin_motif = models.TextField(blank=True, default="")


class LimitationCompte(models.Model):
    """The same, for the data of the account."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account_id = models.UUIDField()
    genre = models.CharField(max_length=12, choices=GenreLimitation.choices)
    motif = models.CharField(max_length=12, choices=MotifLimitation.choices)
    posee_le = models.DateTimeField()
    posee_par = models.UUIDField(null=True)
    fin_le = models.DateTimeField(null=True)
    fin_motif = models.TextField(blank=True, default="")


class ExportDonnees(models.Model):
    """A copy of everything about a person, made in the background, sealed under a key of its own, short-lived."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account_id = models.UUIDField()
    destinataire = models.EmailField(
        max_length=254, blank=True, default="", help_text="named by a directive executed after a death"
    )
    etat = models.CharField(max_length=10, choices=EtatExport.choices, default=EtatExport.ATTENTE)
    etape = models.CharField(max_length=200, blank=True, default="")
    part = models.PositiveSmallIntegerField(default=0, help_text="percent done")
    demande_le = models.DateTimeField()
    pret_le = models.DateTimeField(null=True)
    expire_le = models.DateTimeField(null=True)
    telecharge_le = models.DateTimeField(null=True)
    cle = models.BinaryField()
    sel = models.BinaryField()
    sha256 = models.CharField(max_length=64, blank=True, default="")
    adresse = models.CharField(max_length=64, blank=True, default="")
    octets = models.BigIntegerField(default=0)


class Directive(models.Model):
    """What is to become of the account after its owner's death (loi 78-17 art. 85). Never edited: another version."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account_id = models.UUIDField()
    version = models.PositiveIntegerField()
    sort = models.CharField(max_length=12, choices=SortDonnees.choices)
    destinataire_nom = models.CharField(max_length=200, blank=True, default="")
    destinataire_email = models.EmailField(max_length=254, blank=True, default="")
    precisions = models.TextField(blank=True, default="")
    accord = models.TextField(help_text="the very sentence consented to")
    accord_le = models.DateTimeField()
    retiree_le = models.DateTimeField(null=True)
    executee_le = models.DateTimeField(null=True)
    executee_par = models.UUIDField(null=True)
    preuve = models.JSONField(
        default=dict, help_text="of the death: what was received and when; its digest, not its file"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=("account_id", "version"), name="directive_version")]
