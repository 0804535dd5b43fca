"""Bases of every model of an agence, and the tables of the ground floor: journal, counters, heartbeat."""

from typing import Any, ClassVar

from django.db import models

from palier.core.action import require_action
from palier.core.guard import GuardedManager
from palier.core.ids import new_id


def link(target: str, column: str) -> Any:
    """Return the ORM side of a composite link (agence_id, column) → target (agence_id, id).

    The database side is ``tenancy.composite_link`` in the migration. Typed ``Any``: django-stubs does not know
    ForeignObject's descriptors.
    """
    return models.ForeignObject(
        target,
        on_delete=models.DO_NOTHING,
        from_fields=("agence_id", column),
        to_fields=("agence_id", "id"),
        related_name="+",
    )


class TenantModel(models.Model):
    """A row of one agence. Key (agence_id, id): it can be sharded by agence, and links cannot cross agences."""

    pk = models.CompositePrimaryKey("agence_id", "id")
    agence_id = models.UUIDField()
    id = models.UUIDField(default=new_id)

    objects: ClassVar[GuardedManager[Any]] = GuardedManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        require_action(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        require_action(type(self).__name__)
        return super().delete(*args, **kwargs)


class Imported(TenantModel):
    """A row that a back-office owns: which source and reference it is, its content's digest, when it went away."""

    source_id = models.UUIDField()
    reference = models.TextField()
    unite_id = models.UUIDField(
        help_text="copropriété or mandat that is replaced as one; the agence's id when none"
    )
    empreinte = models.UUIDField(help_text="digest of the row's content: unchanged rows are skipped")
    archive_le = models.DateTimeField(null=True)
    import_id = models.UUIDField(null=True, help_text="the import that last wrote the row")
    ligne = models.IntegerField(null=True, help_text="its line in that table's file then")
    fichier_rang = models.IntegerField(
        null=True, help_text="rank, among the files that the import converted, of the one that has that line"
    )

    class Meta:
        abstract = True


class Published(Imported):
    """An imported row addressed to exactly one cercle."""

    cercle_id = models.UUIDField()

    class Meta:
        abstract = True


class Journal(models.Model):
    """One act. Append-only by database rule, chained by hash within each agence (house.md, journal).

    ``sequence``, ``precedent``, ``empreinte`` and ``le`` are set by the database, never by the application.
    """

    pk = models.CompositePrimaryKey("chaine_id", "sequence", "le")
    chaine_id = models.UUIDField(help_text="the agence, or the nil UUID for acts of the portal itself")
    sequence = models.BigIntegerField()
    le = models.DateTimeField()
    gesture = models.TextField()
    role = models.TextField()
    account_id = models.UUIDField(null=True)
    acces_id = models.UUIDField(null=True)
    objet = models.TextField()
    detail = models.JSONField(default=dict)
    precedent = models.TextField()
    empreinte = models.TextField()

    objects: ClassVar[GuardedManager[Any]] = GuardedManager()

    class Meta:
        managed = False
        db_table = "core_journal"


class Compteur(models.Model):
    """How many times something was tried within a window; shared by every process (security.md, decision 6)."""

    cle = models.TextField(primary_key=True)
    fin = models.DateTimeField(help_text="end of the window: the row is worth nothing after it")
    nombre = models.IntegerField()

    class Meta:
        db_table = "core_compteur"


class Battement(models.Model):
    """The last sign of life of a kind of process (worker)."""

    nom = models.TextField(primary_key=True)
    le = models.DateTimeField()

    class Meta:
        db_table = "core_battement"
