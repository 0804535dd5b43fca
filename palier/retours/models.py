"""What people say that must reach the agence's software: user-owned rows, that no import ever overwrites."""

from django.db import models

from palier.core.models import TenantModel, link
from palier.retours.enums import (
    EtatRetour,
    GenreConsentement,
    GenreJustificatif,
    MoyenAcquittement,
    NatureChangement,
    Rubrique,
    SensConsentement,
)


class Retournable(TenantModel):
    """A row that travels back to the agence once, in one return; each step is dated and none is undone."""

    acces_id = models.UUIDField()
    account_id = models.UUIDField(null=True, help_text="account that acted; not a link: it may be erased")
    etat = models.CharField(max_length=12, choices=EtatRetour.choices, default=EtatRetour.DEMANDE)
    cree_le = models.DateTimeField()
    retour_id = models.UUIDField(null=True)
    transmis_le = models.DateTimeField(null=True)
    acquitte_le = models.DateTimeField(null=True)
    applique_le = models.DateTimeField(null=True)
    import_id = models.UUIDField(null=True, help_text="the import that brought the value; not a link")
    refuse_le = models.DateTimeField(null=True)
    refuse_par = models.UUIDField(null=True)
    motif = models.TextField(blank=True, default="")
    annule_le = models.DateTimeField(null=True)

    acces = link("acces.Acces", "acces_id")

    class Meta:
        abstract = True


class ChangementCoordonnees(Retournable):
    """A change of one heading of a person's contact details; values by column of the table ``tiers``."""

    nature = models.CharField(
        max_length=12, choices=NatureChangement.choices, default=NatureChangement.CHANGEMENT
    )
    rubrique = models.CharField(max_length=20, choices=Rubrique.choices)
    ancien = models.JSONField(default=dict)
    nouveau = models.JSONField(
        default=dict, help_text="emptied once the person takes back an e-mail that he shared"
    )


class CoordonneesVerifiees(TenantModel):
    """A person said that what the agence holds is right."""

    acces_id = models.UUIDField()
    account_id = models.UUIDField(null=True)
    le = models.DateTimeField()


class Consentement(Retournable):
    """A consent given or withdrawn. Append-only: PostgreSQL refuses any change of what was said."""

    genre = models.CharField(max_length=20, choices=GenreConsentement.choices)
    sens = models.CharField(max_length=8, choices=SensConsentement.choices)
    texte_version = models.CharField(max_length=12)
    texte = models.TextField()
    texte_empreinte = models.CharField(max_length=64)
    moyen = models.CharField(max_length=40, default="espace en ligne")


class ConsentementPropose(TenantModel):
    """Whether an agence has the portal ask for a kind of consent."""

    genre = models.CharField(max_length=20, choices=GenreConsentement.choices)
    propose = models.BooleanField()


class Justificatif(Retournable):
    """A proof sent by a person: a file of the vault under a key of its own, the period that it covers."""

    genre = models.CharField(max_length=30, choices=GenreJustificatif.choices)
    compte_client_id = models.UUIDField()
    bail_id = models.UUIDField()
    du = models.DateField()
    au = models.DateField()
    nom_fichier = models.TextField()
    mime = models.CharField(max_length=40)
    octets = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    adresse = models.CharField(max_length=64)
    remplace_id = models.UUIDField(null=True)

    compte_client = link("patrimoine.CompteClient", "compte_client_id")
    bail = link("patrimoine.Bail", "bail_id")


class Retour(TenantModel):
    """One return file: its number, its period, its rows as they were. Written once, given again identical."""

    sequence = models.IntegerField()
    depuis = models.DateTimeField(null=True, help_text="end of the return before; null for the first")
    jusqu_a = models.DateTimeField()
    prepare_par = models.UUIDField(null=True)
    contenu = models.JSONField(
        help_text="tables: rows by table; pieces: files and where the vault keeps them"
    )
    lignes = models.IntegerField()
    empreinte = models.CharField(max_length=64, help_text="SHA-256 of the content")
    acquitte_le = models.DateTimeField(null=True)
    acquitte_par = models.UUIDField(null=True)
    moyen = models.CharField(max_length=10, choices=MoyenAcquittement.choices, blank=True, default="")
