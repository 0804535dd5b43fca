"""The brake: a dossier that would take much away from what clients see waits for a person's decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palier.core.money import euros
from palier.echanges.chargement.base import Portee, absent, number, stage_of
from palier.echanges.chargement.export import Export
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.schemas import schemas

#: More than this share of a table, and more than this number of rows (research of the format, 4.5).
PART, LIGNES = Decimal("0.05"), 20
#: A move of the sum of balances beyond this share of the money at stake, and beyond this amount in euros.
PART_SOLDES, ECART_SOLDES = Decimal("0.25"), Decimal(10_000)
#: What lets the co-owners of a copropriété in, the first that tells most.
ENTREES = ("comptes", "comptes_tiers", "detentions")
#: Copropriétés that the brake names one by one; the others are counted.
NOMMEES = 10


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


def check_units(exports: Sequence[Export], portee: Portee) -> list[Alerte]:
    """The copropriétés that would leave whole, or lose all that lets their co-owners in.

    A small one is too few rows for the rule above, and all that its co-owners have. Those of which another source
    or this very dossier still gives something keep their co-owners, and are not named.
    """
    given = {export.table: export for export in exports}
    gone = _gone(given.get("coproprietes"), portee)
    found: dict[UUID, Alerte] = {}
    for table in ENTREES:
        for unite, facts in _emptied(given[table], portee) if table in given else ():
            if unite not in found:
                found[unite] = Alerte(table, _unit_sentence(table, facts, gone=unite in gone))
    named = list(found.values())
    rest = len(named) - NOMMEES
    if rest <= 0:
        return named
    message = ngettext(
        "Et %(nombre)d autre copropriété dans le même cas.",
        "Et %(nombre)d autres copropriétés dans le même cas.",
        rest,
    )
    return [*named[:NOMMEES], Alerte("coproprietes", message % {"nombre": rest})]


def _gone(export: Export | None, portee: Portee) -> set[UUID]:
    """The copropriétés on line that the dossier no longer gives."""
    if export is None:
        return set()
    condition, values = absent(export, portee)
    with connection.cursor() as cursor:
        cursor.execute(f"select t.id from {export.cible.table} t where {condition}", values)
        return {row[0] for row in cursor.fetchall()}


def _emptied(export: Export, portee: Portee) -> list[tuple[UUID, dict[str, Any]]]:
    """The copropriétés of which every row of a table would leave while none comes: their names, and how many rows."""
    condition, values = absent(export, portee)
    table = export.cible.table
    with connection.cursor() as cursor:
        cursor.execute(
            f"with partis as (select t.unite_id, count(*) as nombre from {table} t where {condition} "
            "group by t.unite_id), vivants as (select k.unite_id, count(*) as nombre from partis p "
            f"join {table} k on k.agence_id = %(agence)s and k.unite_id = p.unite_id and k.archive_le is null "
            "group by k.unite_id) "
            "select q.id, q.nom, q.reference, p.nombre from partis p "
            "join vivants v on v.unite_id = p.unite_id and v.nombre = p.nombre "
            "join patrimoine_copropriete q on q.agence_id = %(agence)s and q.id = p.unite_id "
            f"where not exists (select 1 from {stage_of(export.table)} s where s.unite_id = p.unite_id) "
            "order by q.nom, q.reference",
            values,
        )
        return [
            (unite, {"nom": nom, "code": code, "nombre": nombre})
            for unite, nom, code, nombre in cursor.fetchall()
        ]


def _unit_sentence(table: str, facts: dict[str, Any], *, gone: bool) -> str:
    if table == "comptes" and gone:
        return (
            ngettext(
                "La copropriété « %(nom)s » (%(code)s) n’est plus dans cet envoi : %(nombre)d compte serait retiré, "
                "et ses copropriétaires n’y auraient plus accès. Si elle a quitté l’agence, confirmez.",
                "La copropriété « %(nom)s » (%(code)s) n’est plus dans cet envoi : %(nombre)d comptes seraient retirés, "
                "et ses copropriétaires n’y auraient plus accès. Si elle a quitté l’agence, confirmez.",
                facts["nombre"],
            )
            % facts
        )
    if table == "comptes":
        message = _(
            "La copropriété « %(nom)s » (%(code)s) n’a plus aucun compte dans cet envoi (en ligne : %(nombre)d) : ses "
            "copropriétaires n’y auraient plus accès."
        )
    elif table == "comptes_tiers":
        message = _(
            "La copropriété « %(nom)s » (%(code)s) n’a plus aucune personne rattachée à ses comptes dans cet envoi "
            "(en ligne : %(nombre)d) : ses copropriétaires n’y auraient plus accès."
        )
    else:
        message = _(
            "La copropriété « %(nom)s » (%(code)s) n’a plus aucun lot détenu dans cet envoi (en ligne : %(nombre)d) : "
            "ses copropriétaires ne verraient plus ses documents."
        )
    return message % facts


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
