"""Documents: files in the vault, what they are, for whom, and who read them."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from palier.core.models import Published, TenantModel, link


class Fichier(TenantModel):
    """A file of the vault: encrypted with the agence's key, stored once however many documents cite it."""

    sha256 = models.CharField(
        max_length=64, help_text="of the plain bytes: what was sent is what is given back"
    )
    octets = models.BigIntegerField()
    mime = models.CharField(max_length=100)
    adresse = models.CharField(max_length=64, help_text="keyed digest that names it in the storage")
    pages = models.IntegerField(null=True)
    texte = models.TextField(
        blank=True, default="", help_text="plain text of a PDF, for reading and searching"
    )
    analyse_le = models.DateTimeField(null=True, help_text="when pages and text were extracted")


class Document(Published):
    """A document addressed to one cercle. ``le``: its date, against which personal rights are measured."""

    fichier_id = models.UUIDField()
    titre = models.TextField()
    categorie = models.CharField(max_length=40)
    le = models.DateField()
    publie_du = models.DateField(null=True)
    publie_au = models.DateField(null=True)
    portee = models.CharField(max_length=20)
    audience = models.CharField(max_length=20)
    objet_id = models.UUIDField(null=True, help_text="the row that ``portee`` speaks of")
    remplace_id = models.UUIDField(null=True)
    recu_le = models.DateTimeField(help_text="when the portal first received it")
    # French full text over the title and the category, accents folded. A space holds few enough documents that the
    # cercle index bounds a search: no index of all words of all agences is kept.
    recherche = models.GeneratedField(
        expression=models.Func(
            template=(
                "to_tsvector('french', palier_normalise(titre)) || to_tsvector('french', palier_normalise(categorie))"
            ),
            output_field=SearchVectorField(),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    fichier = link("ged.Fichier", "fichier_id")


class Lecture(TenantModel):
    """A person opened a document. User-owned: imports never touch it."""

    acces_id = models.UUIDField()
    document_id = models.UUIDField()
    lu_le = models.DateTimeField()
    telecharge_le = models.DateTimeField(null=True)
