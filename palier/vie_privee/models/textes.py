"""Legal texts with their versions, who accepted which, and the agences' own information notice."""

from django.db import models

from palier.core.ids import new_id
from palier.core.models import TenantModel
from palier.vie_privee.enums import GenreTexte, NatureAcceptation


class TexteLegal(models.Model):
    """A published version of a legal text, complete: no field is left to fill. Never edited, never withdrawn."""

    id = models.UUIDField(primary_key=True, default=new_id)
    genre = models.CharField(max_length=20, choices=GenreTexte.choices)
    langue = models.CharField(max_length=2, default="fr")
    version = models.CharField(max_length=20)
    titre = models.CharField(max_length=200)
    corps = models.TextField(help_text="sections: '## title' lines and paragraphs, as shown")
    modele = models.TextField(default="", help_text="the same text before its {fields} were filled")
    empreinte = models.CharField(max_length=64, help_text="SHA-256 of title and text as shown, for proof")
    en_vigueur_le = models.DateField()
    publie_le = models.DateTimeField(null=True)
    publie_par = models.UUIDField(null=True, help_text="account; null when the installation published it")
    important = models.BooleanField(default=False, help_text="a material change: announced until read")
    resume = models.TextField(
        default="", help_text="what changes, in the text's language; shown with the notice"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("genre", "langue", "version"), name="texte_legal_version")
        ]

    def __str__(self) -> str:
        return f"{self.titre} {self.version}"


class BrouillonTexte(models.Model):
    """The next version of a text, both languages, being written by the exploitant; shown to nobody else."""

    genre = models.CharField(primary_key=True, max_length=20, choices=GenreTexte.choices)
    titre_fr = models.CharField(max_length=200)
    corps_fr = models.TextField()
    titre_en = models.CharField(max_length=200)
    corps_en = models.TextField()
    modifie_le = models.DateTimeField()
    modifie_par = models.UUIDField(null=True)


class Acceptation(models.Model):
    """An account accepted (CGU) or read (the others) a version of a text, at a moment."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account_id = models.UUIDField()
    texte = models.ForeignKey(TexteLegal, on_delete=models.PROTECT)
    le = models.DateTimeField()
    nature = models.CharField(
        max_length=8, choices=NatureAcceptation.choices, default=NatureAcceptation.ACCEPTE
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=("account_id", "texte"), name="acceptation_unique")]


class NoticeAgence(TenantModel):
    """A version of an agence's information notice to its clients (RGPD art. 13 and 14): it is their controller."""

    version = models.PositiveIntegerField()
    corps = models.TextField(help_text="sections: '## title' lines and paragraphs")
    empreinte = models.CharField(max_length=64)
    publiee_le = models.DateTimeField()
    publiee_par = models.UUIDField(null=True)
