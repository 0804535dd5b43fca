"""A client's money as the back-office keeps it. Amounts in euros; never edited here: corrected by the next import."""

from django.db import models

from palier.core.models import Published, link


class Exercice(Published):
    """An accounting period of a copropriété. Cercle: the co-owners."""

    copropriete_id = models.UUIDField()
    libelle = models.TextField()
    debut = models.DateField()
    fin = models.DateField()
    statut = models.CharField(max_length=10)


class Budget(Published):
    """What was voted and spent for an account of the chart, in a key, over an exercice. Cercle: the co-owners."""

    exercice_id = models.UUIDField()
    cle_id = models.UUIDField()
    compte_comptable = models.TextField()
    libelle = models.TextField()
    vote = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    realise = models.DecimalField(max_digits=14, decimal_places=2, null=True)


class Depense(Published):
    """An invoice charged to a copropriété. Cercle: the co-owners (L65 art. 18-1: they may check each of them)."""

    exercice_id = models.UUIDField()
    le = models.DateField()
    compte_comptable = models.TextField()
    cle_id = models.UUIDField(null=True)
    fournisseur = models.TextField(blank=True, default="")
    libelle = models.TextField()
    montant_ttc = models.DecimalField(max_digits=14, decimal_places=2)
    part_recuperable = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    document_id = models.UUIDField(null=True)


class Echeance(Published):
    """Something called, due or receipted on a compte client. Row date ``le``: issue, else due date, else period."""

    compte_client_id = models.UUIDField()
    type = models.CharField(max_length=20)
    libelle = models.TextField()
    periode_debut = models.DateField(null=True)
    periode_fin = models.DateField(null=True)
    emise_le = models.DateField(null=True)
    exigible_le = models.DateField(null=True)
    le = models.DateField(help_text="the date that rights are measured against")
    montant = models.DecimalField(max_digits=14, decimal_places=2)
    regle = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    document_id = models.UUIDField(null=True)

    compte_client = link("patrimoine.CompteClient", "compte_client_id")


class EcheanceLigne(Published):
    """A line of an échéance: which key, which lot, how much. Visible as its échéance is (``le`` copied)."""

    echeance_id = models.UUIDField()
    rang = models.IntegerField()
    lot_id = models.UUIDField(null=True)
    cle_id = models.UUIDField(null=True)
    nature = models.CharField(max_length=20)
    libelle = models.TextField()
    montant = models.DecimalField(max_digits=14, decimal_places=2)
    le = models.DateField()

    cle = link("patrimoine.CleRepartition", "cle_id")
    lot = link("patrimoine.Lot", "lot_id")


class Mouvement(Published):
    """A ledger line of a compte client."""

    compte_client_id = models.UUIDField()
    le = models.DateField()
    journal = models.TextField(blank=True, default="")
    piece = models.TextField(blank=True, default="")
    libelle = models.TextField()
    debit = models.DecimalField(max_digits=14, decimal_places=2)
    credit = models.DecimalField(max_digits=14, decimal_places=2)
    lettrage = models.TextField(blank=True, default="")
    echeance_id = models.UUIDField(null=True)
    document_id = models.UUIDField(null=True)
