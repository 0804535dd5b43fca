"""Keys, sendings being built, replayed requests, webhooks and their deliveries."""

from django.db import models

from palier.api.enums import EtatEnvoi, EtatLivraison, GenreEnvoi
from palier.core.models import TenantModel, link


class CleApi(TenantModel):
    """A key handed to a program: for one source of the agence, a few scopes, perhaps an end. Only its digest is kept."""

    source_id = models.UUIDField()
    nom = models.CharField(max_length=100)
    prefixe = models.CharField(max_length=16, help_text="start of the key: what people recognise it by")
    empreinte = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key")
    portees = models.JSONField(default=list)
    reseaux = models.JSONField(default=list, help_text="networks it may be used from; empty: any")
    creee_le = models.DateTimeField()
    creee_par = models.UUIDField(null=True)
    expire_le = models.DateTimeField(null=True)
    revoquee_le = models.DateTimeField(null=True)
    utilisee_le = models.DateTimeField(null=True)
    utilisee_de = models.CharField(
        max_length=45, blank=True, default="", help_text="truncated to its network"
    )

    source = link("echanges.Source", "source_id")


class EnvoiApi(TenantModel):
    """What a program sends: a zip, an export, or a manifest then tables by parts. An import takes over when it asks for one."""

    source_id = models.UUIDField()
    cle_id = models.UUIDField()
    genre = models.CharField(max_length=10, choices=GenreEnvoi.choices)
    nom_fichier = models.TextField()
    manifeste = models.JSONField(default=dict)
    depot = models.TextField(blank=True, default="", help_text="encrypted copy of the zip in the vault")
    octets = models.BigIntegerField(default=0)
    etat = models.CharField(max_length=20, choices=EtatEnvoi.choices, default=EtatEnvoi.CONSTRUCTION)
    controle_seul = models.BooleanField(
        default=False, help_text="whether the last run asked is a check alone"
    )
    import_id = models.UUIDField(null=True, help_text="the last run: a check or the import itself")
    message = models.TextField(blank=True, default="")
    recu_le = models.DateTimeField()
    expire_le = models.DateTimeField()

    class Meta:
        db_table = "api_envoi"


class Morceau(TenantModel):
    """A part of a table of a sending; kept encrypted until the import has ended."""

    envoi_id = models.UUIDField()
    table_nom = models.CharField(max_length=40)
    rang = models.IntegerField()
    format = models.CharField(max_length=10)
    entete = models.TextField(help_text="columns of the part, in order")
    lignes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    octets = models.BigIntegerField()
    depot = models.CharField(max_length=64)
    recu_le = models.DateTimeField()


class DocumentRecu(TenantModel):
    """A file received ahead of the documents that will cite it; purged when none does."""

    cle_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    octets = models.BigIntegerField()
    recu_le = models.DateTimeField()


class RequeteRejouable(TenantModel):
    """A request that carried an Idempotency-Key: what it was, what was answered."""

    cle_id = models.UUIDField()
    valeur = models.CharField(max_length=64, help_text="SHA-256 of the Idempotency-Key")
    empreinte = models.CharField(max_length=64, blank=True, default="", help_text="digest of the request")
    statut = models.IntegerField(null=True, help_text="null while the request is being served")
    reponse = models.JSONField(default=dict)
    adresse = models.TextField(blank=True, default="", help_text="Location of the answer")
    recue_le = models.DateTimeField()


class Crochet(TenantModel):
    """A webhook: where to tell a source's program that an import has ended."""

    source_id = models.UUIDField()
    url = models.TextField()
    secret = models.BinaryField(help_text="signing secret, sealed with the agence's key")
    cree_le = models.DateTimeField()
    cree_par = models.UUIDField(null=True)
    retire_le = models.DateTimeField(null=True)

    source = link("echanges.Source", "source_id")


class Livraison(TenantModel):
    """One event told, or to be told, to one webhook."""

    crochet_id = models.UUIDField()
    genre = models.CharField(max_length=40)
    import_id = models.UUIDField(null=True)
    charge = models.JSONField(default=dict)
    etat = models.CharField(max_length=12, choices=EtatLivraison.choices, default=EtatLivraison.EN_ATTENTE)
    essais = models.IntegerField(default=0)
    statut_http = models.IntegerField(null=True)
    erreur = models.TextField(blank=True, default="")
    creee_le = models.DateTimeField()
    essayee_le = models.DateTimeField(null=True)
    prochain_le = models.DateTimeField(null=True)

    crochet = link("api.Crochet", "crochet_id")
