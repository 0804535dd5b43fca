"""Accès, codes, spaces, cercles and droits: who may see what, always dated."""

from django.db import models

from palier.acces.enums import GenreCercle, QualiteEspace
from palier.core.models import TenantModel, link


class Cercle(TenantModel):
    """Whom a row is addressed to: one kind, one object."""

    genre = models.CharField(max_length=20, choices=GenreCercle.choices)
    objet_id = models.UUIDField()


class Acces(TenantModel):
    """One person at one agence: a tiers who may come in. Attached to at most one account at a time."""

    tiers_id = models.UUIDField()
    account_id = models.UUIDField(null=True)
    rattache_le = models.DateTimeField(null=True)
    detache_le = models.DateTimeField(null=True)
    derniere_visite = models.DateTimeField(null=True)
    email_partage = models.EmailField(
        blank=True, default="", help_text="account e-mail, when its owner chose to share"
    )
    nouveautes_vues_le = models.DateTimeField(null=True)

    tiers = link("patrimoine.Tiers", "tiers_id")


class CodeAcces(TenantModel):
    """A code handed out for an accès: identifier in clear, secret hashed. One live code per accès."""

    acces_id = models.UUIDField()
    identifiant = models.CharField(max_length=16, unique=True)
    secret = models.CharField(max_length=200, help_text="salted hash; the secret itself is shown once")
    canal = models.CharField(max_length=10, help_text="courrier, liste or email")
    emis_le = models.DateTimeField()
    emis_par = models.UUIDField(null=True)
    expire_le = models.DateTimeField()
    utilise_le = models.DateTimeField(null=True)
    revoque_le = models.DateTimeField(null=True)

    acces = link("acces.Acces", "acces_id")


class CodeIndex(models.Model):
    """Which agence a code's identifier belongs to: all that an anonymous visitor's identifier may lead to."""

    identifiant = models.CharField(max_length=16, primary_key=True)
    agence_id = models.UUIDField()
    code_id = models.UUIDField()


class Activation(models.Model):
    """An account being created: nothing exists until its mailbox is proved. Short-lived, then erased.

    ``code_id`` and ``agence_id`` are not links: a code may be re-issued or erased meanwhile, and is checked again.
    """

    id = models.UUIDField(primary_key=True)
    agence_id = models.UUIDField()
    code_id = models.UUIDField()
    email = models.EmailField()
    mot_de_passe = models.CharField(max_length=200, help_text="Argon2 hash")
    textes = models.JSONField(default=list, help_text="ids of the legal texts accepted")
    langue = models.CharField(max_length=2, default="fr")
    tour = models.IntegerField(default=0, help_text="changes with the e-mail: older links die")
    cree_le = models.DateTimeField()
    expire_le = models.DateTimeField()


class Espace(TenantModel):
    """A space: an accès in one capacity, for one compte client (or one council). Its id is in the URL."""

    acces_id = models.UUIDField()
    qualite = models.CharField(max_length=20, choices=QualiteEspace.choices)
    compte_client_id = models.UUIDField(null=True)
    copropriete_id = models.UUIDField(null=True)
    titre = models.TextField()
    adresse = models.TextField(blank=True, default="")
    # Of the compte, copied: who no longer holds it still finds the number of his time, never today's balance.
    compte_numero = models.TextField(blank=True, default="", db_default="")
    compte_intitule = models.TextField(blank=True, default="", db_default="")
    # Of the compte too, else of the copropriété: they tell of which day the figures of the space are.
    source_id = models.UUIDField(null=True)
    unite_id = models.UUIDField(null=True)
    # The tiers' name, copied: the frame of every page addresses the person.
    civilite = models.TextField(blank=True, default="")
    prenom = models.TextField(blank=True, default="")
    nom = models.TextField(blank=True, default="")
    du = models.DateField()
    au = models.DateField()

    acces = link("acces.Acces", "acces_id")
    compte_client = link("patrimoine.CompteClient", "compte_client_id")


class Droit(TenantModel):
    """A cercle held by an accès within a space, from ``du`` to ``au`` (both included; far dates when unbounded).

    Derived from dated facts by ``acces.droits``; never typed by hand.
    """

    acces_id = models.UUIDField()
    espace_id = models.UUIDField()
    cercle_id = models.UUIDField()
    genre = models.CharField(max_length=20, choices=GenreCercle.choices, help_text="copied from the cercle")
    du = models.DateField()
    au = models.DateField()
    personnel = models.BooleanField()
