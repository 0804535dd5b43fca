"""The brake: a dossier that would take much away from what clients see waits for a person's decision."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from palier.core.money import euros
from palier.echanges.chargement.base import Portee, absent, number, stage_of
from palier.echanges.chargement.export import Export
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.schemas import schemas

#: More than this share of a table, and more than this number of rows (research of the format, 4.5).
PART, LIGNES = Decimal("0.05"), 20
#: A move of the sum of balances beyond this share of the money at stake, and beyond this amount in euros.
PART_SOLDES, ECART_SOLDES = Decimal("0.25"), Decimal(10_000)


@dataclass(frozen=True)
class Alerte:
    """Why an import waits: a table and a French sentence."""

    table: str
    message: str


def check_disappearance(export: Export, portee: Portee) -> Alerte | None:
    """Whether too many rows of a table would leave the clients' sight."""
    condition, values = absent(export, portee)
    leaving = number(f"select count(*) from {export.cible.table} t where {condition}", values)
    if not leaving:
        return None
    scope, bounds = portee.condition()
    present = number(f"select count(*) from {export.cible.table} t where {scope}", bounds)
    titre = schemas()[export.table].titre
    if leaving == present:
        message = _(
            "%(titre)s : la table est vide dans ce dossier ; les %(nombre)d lignes en ligne seraient archivées."
        )
        return Alerte(export.table, message % {"titre": titre, "nombre": leaving})
    if leaving > LIGNES and leaving > PART * present:
        message = _("%(titre)s : %(nombre)d lignes sur %(total)d seraient archivées.")
        return Alerte(export.table, message % {"titre": titre, "nombre": leaving, "total": present})
    return None


def check_balances(export: Export, portee: Portee) -> Alerte | None:
    """Whether the sum of the clients' balances jumps."""
    scope, values = portee.condition()
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(s.solde - coalesce(t.solde, 0)) filter (where s.id is not null), 0), "
            "coalesce(sum(abs(t.solde)), 0) "
            f"from {export.cible.table} t left join {stage_of(export.table)} s on s.id = t.id where {scope}",
            values,
        )
        move, stake = cursor.fetchone()
    if abs(move) <= ECART_SOLDES or abs(move) <= PART_SOLDES * stake:
        return None
    message = _("La somme des soldes des clients varie de %(ecart)s par rapport aux données en ligne.")
    return Alerte("comptes", message % {"ecart": euros(move)})


def check_suppressions(table: str, leaving: int, portee: Portee) -> Alerte | None:
    """Whether a delta names too many rows of a table to take away."""
    if leaving <= LIGNES:
        return None
    scope, bounds = portee.condition()
    present = number(f"select count(*) from {CIBLES[table].table} t where {scope}", bounds)
    if leaving <= PART * present:
        return None
    message = _("%(titre)s : %(nombre)d lignes sur %(total)d seraient archivées.")
    return Alerte(table, message % {"titre": schemas()[table].titre, "nombre": leaving, "total": present})


def check_sequence(last: int | None, sequence: int | None) -> Alerte | None:
    """Whether a snapshot seems to be an older one that arrives late."""
    if last is None or sequence is None or sequence >= last:
        return None
    message = _(
        "L’envoi porte le n° %(sequence)d ; le dernier mis en ligne est le n° %(dernier)d. Un envoi plus ancien est peut-être "
        "arrivé en retard ; si le compteur du logiciel est reparti de zéro, confirmez."
    )
    return Alerte("", message % {"sequence": sequence, "dernier": last})


def last_sequence(portee: Portee) -> int | None:
    """The number of the last sending put on line for the source, when it bore one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select sequence from echanges_source where agence_id = %s and id = %s",
            [portee.agence, portee.source],
        )
        row = cursor.fetchone()
        return row[0] if row else None
