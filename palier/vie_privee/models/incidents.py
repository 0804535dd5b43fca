"""Incidents and breaches, who is concerned, what is said of them; and the exploitant's visits on an agence's request."""

from django.db import models

from palier.core.ids import new_id
from palier.core.models import TenantModel
from palier.vie_privee.enums import EtatIncident, GenreIncident, Gravite


class Incident(models.Model):
    """One event of the register (RGPD art. 33.5): breaches of data, and what turned out to be none."""

    id = models.UUIDField(primary_key=True, default=new_id)
    genre = models.CharField(max_length=20, choices=GenreIncident.choices)
    titre = models.CharField(max_length=200)
    cle = models.CharField(
        max_length=120, unique=True, help_text="the same thing seen twice in a day is one incident"
    )
    account_id = models.UUIDField(null=True, help_text="whose account it is about, when there is one")
    etat = models.CharField(max_length=12, choices=EtatIncident.choices, default=EtatIncident.A_EXAMINER)
    gravite = models.CharField(max_length=8, choices=Gravite.choices, default=Gravite.FAIBLE)
    violation = models.BooleanField(default=False, help_text="a breach of personal data (RGPD art. 4.12)")
    constate_le = models.DateTimeField(help_text="the 72-hour clock starts here (RGPD art. 33.1)")
    debut_le = models.DateTimeField(help_text="start of the period that the journal is searched over")
    fin_le = models.DateTimeField(null=True)
    description = models.TextField(blank=True, default="")
    donnees = models.TextField(blank=True, default="", help_text="kinds of data concerned")
    consequences = models.TextField(blank=True, default="")
    mesures = models.TextField(blank=True, default="")
    retard = models.TextField(
        blank=True, default="", help_text="why the CNIL was told past 72 hours (art. 33.1)"
    )
    cnil_le = models.DateTimeField(null=True)
    cnil_reference = models.CharField(max_length=80, blank=True, default="")
    agences_le = models.DateTimeField(null=True)
    personnes_le = models.DateTimeField(null=True)
    personnes = models.IntegerField(default=0, help_text="accounts concerned, counted over every agence")
    clos_le = models.DateTimeField(null=True)


class IncidentAgence(TenantModel):
    """An agence concerned by an incident: how many of its persons, when it was told. A count for the exploitant."""

    incident_id = models.UUIDField()
    nombre = models.IntegerField(default=0)
    titre = models.CharField(
        max_length=200, blank=True, default="", help_text="copied: the agence reads no incident of others"
    )
    texte = models.TextField(blank=True, default="", help_text="what the agence is told (RGPD art. 33.2)")
    prevenue_le = models.DateTimeField(null=True)
    lue_le = models.DateTimeField(null=True)


class IncidentPersonne(TenantModel):
    """A person of an agence concerned by an incident, found in the journal. The agence's alone."""

    incident_id = models.UUIDField()
    acces_id = models.UUIDField()
    actes = models.IntegerField(default=0)
    prevenue_le = models.DateTimeField(null=True)


class EtatPublic(models.Model):
    """A line of the public status page."""

    id = models.UUIDField(primary_key=True, default=new_id)
    titre_fr = models.CharField(max_length=200)
    titre_en = models.CharField(max_length=200)
    texte_fr = models.TextField()
    texte_en = models.TextField()
    debut_le = models.DateTimeField()
    fin_le = models.DateTimeField(null=True)
    incident_id = models.UUIDField(null=True)


class Assistance(TenantModel):
    """The agence asks the exploitant in, for a reason and a time (P11). Seen by both; the persons see each visit."""

    motif = models.TextField()
    debut_le = models.DateTimeField()
    fin_le = models.DateTimeField()
    demandee_par = models.UUIDField(null=True)
    auteur = models.CharField(max_length=200)
    entree_le = models.DateTimeField(null=True)
    visiteur = models.UUIDField(null=True, help_text="account of the exploitant who came in")
    derniere_page_le = models.DateTimeField(null=True)
    pages = models.IntegerField(default=0)
