"""What belongs to an agence: every table of the base that has its column. Nobody has to think of adding one."""

from uuid import UUID

from django.db import connection

# What must outlive the agence to prove that it went: its end and its certificate. They name nobody.
GARDEES = frozenset({"agences_fincontrat", "agences_certificateffacement"})
_TABLES = """
select c.relname, min(a.attname) from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname in ('agence_id', 'chaine_id') and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
group by c.relname order by c.relname
"""
_LIENS = """
select k.conrelid::regclass::text, k.confrelid::regclass::text from pg_constraint k
where k.contype = 'f' and k.conrelid <> k.confrelid and k.connamespace = 'public'::regnamespace
"""


def columns() -> dict[str, str]:
    """Return each table of the agences, with the column that names whose row it is."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return {str(nom): str(colonne) for nom, colonne in cursor.fetchall() if nom not in GARDEES}


def in_order(names: set[str]) -> list[str]:
    """Return tables with those that refer to others first: rows leave in this order, and come back in the reverse.

    Raises ``RuntimeError`` for tables that refer to each other in a circle: no order would do.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LIENS)
        links = [(str(a), str(b)) for a, b in cursor.fetchall() if a in names and b in names]
    left, order = set(names), []
    while left:
        free = sorted(t for t in left if not any(b == t and a in left for a, b in links))
        if not free:
            raise RuntimeError(f"Tables in a circle: {sorted(left)}")
        order += free
        left -= set(free)
    return order


def deletion_order() -> list[str]:
    """Return the tables of the agences, the journal last: it tells what was done until then."""
    order = in_order(set(columns()))
    journal = [t for t in order if t.startswith("core_journal")]
    return [t for t in order if t not in journal] + sorted(journal)


def counts(agence_id: UUID) -> dict[str, int]:
    """Return how many rows an agence has in each table. Its system actor must be open."""
    found = {}
    with connection.cursor() as cursor:
        for nom, colonne in columns().items():
            cursor.execute(f"select count(*) from {nom} where {colonne} = %s", [agence_id])
            found[nom] = int(cursor.fetchone()[0])
    return found


def total(numbers: dict[str, int]) -> int:
    """Return the sum of counts."""
    return sum(numbers.values())
