"""Legal texts with their versions, and who accepted which."""

from django.db import models

from palier.core.ids import new_id


class TexteLegal(models.Model):
    """A published version of a legal text. Never edited: a change is a new version."""

    id = models.UUIDField(primary_key=True, default=new_id)
    genre = models.CharField(
        max_length=20, help_text="cgu, confidentialite, cookies, mentions, accessibilite"
    )
    langue = models.CharField(max_length=2, default="fr")
    version = models.CharField(max_length=20)
    titre = models.CharField(max_length=200)
    corps = models.TextField(help_text="sections: '## title' lines and paragraphs")
    empreinte = models.CharField(max_length=64, help_text="SHA-256 of the text, for proof")
    en_vigueur_le = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("genre", "langue", "version"), name="texte_legal_version")
        ]


class Acceptation(models.Model):
    """An account accepted a version of a text, at a moment."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account_id = models.UUIDField()
    texte = models.ForeignKey(TexteLegal, on_delete=models.PROTECT)
    le = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("account_id", "texte"), name="acceptation_unique")]
