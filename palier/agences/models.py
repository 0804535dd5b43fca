"""The tenant: an agence, its key, its staff."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from palier.agences.enums import GenreRestriction, RoleEquipe, StatutAgence
from palier.core.ids import new_id
from palier.core.models import TenantModel


class Agence(models.Model):
    """A property agency under contract. Public facts only: its name and how to reach it are shown to anyone."""

    id = models.UUIDField(primary_key=True, default=new_id)
    slug = models.SlugField(max_length=60, unique=True)
    nom = models.CharField(max_length=200)
    telephone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    adresse = models.CharField(max_length=300, blank=True)
    couleur = models.CharField(max_length=7, default="#3a5a78")
    statut = models.CharField(max_length=12, choices=StatutAgence.choices, default=StatutAgence.ACTIVE)
    contrat_debut = models.DateField(null=True)
    contrat_fin = models.DateField(null=True)
    validite_code_jours = models.PositiveSmallIntegerField(default=90)
    avis_delai_heures = models.PositiveSmallIntegerField(
        default=2, help_text="hours that the mails about new documents wait"
    )
    # Gestures closed to every gestionnaire of the agence (rules/gestes.py).
    gestes_fermes = ArrayField(models.CharField(max_length=60), default=list, db_default=[], blank=True)
    expediteur = models.CharField(
        max_length=80, blank=True, default="", db_default="", help_text="name that its mails bear"
    )
    logo_empreinte = models.CharField(max_length=16, blank=True, default="", db_default="")
    versions_jours = models.PositiveSmallIntegerField(
        default=90, db_default=90, help_text="days that former states of rows are kept"
    )
    retours_mois = models.PositiveSmallIntegerField(
        default=60, db_default=60, help_text="months that what went back to the agence is kept once settled"
    )

    objects: ClassVar[models.Manager["Agence"]] = models.Manager()

    def __str__(self) -> str:
        return self.nom


class Logo(models.Model):
    """The agence's sign: shown to anybody, written by its administrator only. Apart: no page reads it with the rest."""

    agence_id = models.UUIDField(primary_key=True)
    contenu = models.BinaryField(help_text="PNG, re-encoded by us: 480 × 160 at most")

    objects: ClassVar[models.Manager["Logo"]] = models.Manager()


class CleAgence(TenantModel):
    """The agence's data key, wrapped by the installation's key, and the salt of its identifiers.

    Destroying this row makes every file of the agence unreadable, backups included (P5, P12).
    """

    cle_enveloppee = models.BinaryField()
    sel = models.BinaryField()


class Habilitation(TenantModel):
    """A person's right to work for the agence."""

    account_id = models.UUIDField()
    nom = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=RoleEquipe.choices)
    depuis = models.DateTimeField(auto_now_add=True)
    revoquee_le = models.DateTimeField(null=True)
    portefeuille = ArrayField(
        models.UUIDField(), null=True, help_text="units that he follows; none said: the whole agence"
    )
    gestes_fermes = ArrayField(models.CharField(max_length=60), default=list, db_default=[], blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(role="gestionnaire") | models.Q(portefeuille__isnull=True),
                name="agences_habilitation_portefeuille",
            )
        ]


class PointContact(TenantModel):
    """Whom a client may reach: of the whole agence, or for one unit (copropriété, mandat)."""

    nom = models.CharField(max_length=120)
    fonction = models.CharField(max_length=120, blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    horaires = models.CharField(max_length=200, blank=True)
    unite_id = models.UUIDField(null=True, help_text="copropriété or mandat; none: the whole agence")
    rang = models.PositiveSmallIntegerField(default=0)


class InvitationEquipe(TenantModel):
    """An invitation sent by an administrator to a future member of the staff; its token is stored hashed."""

    email = models.EmailField()
    nom = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=RoleEquipe.choices)
    jeton = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token")
    invitee_par = models.UUIDField()
    expire_le = models.DateTimeField()
    acceptee_le = models.DateTimeField(null=True)
    revoquee_le = models.DateTimeField(null=True)


class RestrictionAgence(TenantModel):
    """What the agence decided to keep closed: a capacity, a feature, a copropriété. Lifted by taking the row away."""

    genre = models.CharField(max_length=12, choices=GenreRestriction.choices)
    valeur = models.CharField(max_length=60, help_text="capacity, feature, or the id of a copropriété")
    depuis = models.DateTimeField()
    par = models.UUIDField(null=True)


class FinContrat(models.Model):
    """An agence's contract has ended: the seven days, then the erasure, step by step. It outlives the agence.

    No name, no address in clear: what the last mails need is sealed in ``adieux``, and emptied with the last one.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    agence_id = models.UUIDField()
    fin = models.DateField(help_text="day 0")
    efface_le = models.DateField(help_text="the seventh day: from then on the database lets the rows go")
    ouvert_le = models.DateTimeField()
    annule_le = models.DateTimeField(null=True, help_text="the agence signed again: nothing is erased")
    etapes = models.JSONField(default=dict, help_text="step of the erasure → when it was done")
    constat = models.JSONField(default=dict, help_text="what there was: rows by table, files, key, journal")
    comptes = models.JSONField(default=list, help_text="accounts to look at once the agence is gone")
    adieux = models.TextField(blank=True, default="", help_text="sealed: whom the certificate goes to")
    termine_le = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["FinContrat"]] = models.Manager()


class CertificatEffacement(models.Model):
    """What proves an erasure: facts and their signature. No name: the agence by its id and a digest."""

    id = models.UUIDField(primary_key=True, default=new_id)
    agence_id = models.UUIDField()
    fait_le = models.DateTimeField()
    contenu = models.TextField(help_text="the signed JSON, byte for byte")
    signature = models.TextField(help_text="Ed25519, base64")
    pdf = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)

    objects: ClassVar[models.Manager["CertificatEffacement"]] = models.Manager()
