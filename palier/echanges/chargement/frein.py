"""The brake: a dossier that would take much away from what clients see waits for a person's decision."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from palier.core.money import euros
from palier.echanges.chargement.base import Portee, absent, number, stage_of
from palier.echanges.chargement.export import Export
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
            "select coalesce(sum(s.solde), 0) - coalesce(sum(t.solde), 0), coalesce(sum(abs(t.solde)), 0) "
            f"from {export.cible.table} t join {stage_of(export.table)} s on s.id = t.id where {scope}",
            values,
        )
        move, stake = cursor.fetchone()
    if abs(move) <= ECART_SOLDES or abs(move) <= PART_SOLDES * stake:
        return None
    message = _("La somme des soldes des clients varie de %(ecart)s par rapport aux données en ligne.")
    return Alerte("comptes", message % {"ecart": euros(move)})
