"""The floor: opens the actor in PostgreSQL, and writes the row policies that migrations set beside their table.

Settings local to the transaction: ``palier.acces`` and ``palier.agences`` (uuid arrays), ``palier.account`` and
``palier.jour``, given by us; ``palier.cercles``, ``palier.bornes``, ``palier.dates`` and ``palier.lieux``, which ``palier_ouvrir``
collects from the droits of these accès on that day. Nothing set: no rows, no writes. Policies read them in scalar
subselects, so that PostgreSQL evaluates them once per query (init plans) and not once per row.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, migrations, transaction

from palier.core.actor import AccesRef, Actor, HabilitationRef, Role
from palier.core.dates import today
from palier.core.errors import BusinessError, Forbidden, Invisible
from palier.core.sql import Row, prepared_cursor

# The second cast costs nothing; without it PostgreSQL reads any((select …)) as a list of rows.
AGENCES = "(select nullif(current_setting('palier.agences', true), '')::uuid[])::uuid[]"
ACCES = "(select nullif(current_setting('palier.acces', true), '')::uuid[])::uuid[]"
CERCLES = "(select nullif(current_setting('palier.cercles', true), '')::uuid[])::uuid[]"
BORNES = "(select nullif(current_setting('palier.bornes', true), '')::uuid[])::uuid[]"
DATES = "(select nullif(current_setting('palier.dates', true), '')::jsonb)"
LIEUX = "(select nullif(current_setting('palier.lieux', true), '')::uuid[])::uuid[]"
ACCOUNT = "(select nullif(current_setting('palier.account', true), '')::uuid)"
JOUR = "(select nullif(current_setting('palier.jour', true), '')::date)"
# Of a machine only: its agence, which is none of ``palier.agences``, and the source that its key is made for.
MACHINE = "(select nullif(current_setting('palier.machine', true), '')::uuid)"
SOURCE = "(select nullif(current_setting('palier.source', true), '')::uuid)"

APP, EXPLOITANT = "palier_app", "palier_exploitant"


def open_actor(actor: Actor) -> None:
    """Tell PostgreSQL who acts, until the end of the present transaction. One round trip.

    A machine is no member of its agence: it opens the few tables of ``machine_table``, for its source alone.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("open_actor() needs a transaction: its settings end with it.")
    is_machine = actor.role is Role.MACHINE
    with connection.cursor() as cursor:
        cursor.execute(
            "select palier_ouvrir(%s::uuid[], %s::uuid[], %s, %s),"
            " set_config('palier.machine', %s, true), set_config('palier.source', %s, true)",
            [
                actor.acces_ids,
                [] if is_machine else list(actor.agences),
                actor.account_id,
                actor.today,
                str(actor.agence_id) if is_machine else "",
                str(actor.source_id) if is_machine else "",
            ],
        )


def enter(account_id: UUID, *, is_exploitant: bool = False) -> Actor:
    """Load the rights of an account and open them in PostgreSQL, in one round trip.

    Only accès attached to the account, and habilitations not revoked, at agences whose contract runs.
    """
    actor, _beside = enter_with(account_id, "null", [], is_exploitant=is_exploitant)
    return actor


def enter_with(
    account_id: UUID, beside: str, params: list[Any], *, is_exploitant: bool = False
) -> tuple[Actor, Any]:
    """Enter as ``enter`` does, and read ``beside`` (an SQL expression that gives json) in the same round trip."""
    if not connection.in_atomic_block:
        raise RuntimeError("enter() needs a transaction: its settings end with it.")
    day = today()
    with connection.cursor() as cursor:
        cursor.execute(f"select palier_entrer(%s, %s), {beside}", [account_id, day, *params])
        rights, found = cursor.fetchone()
    actor = _person(account_id, parsed_json(rights), day, is_exploitant=is_exploitant)
    return actor, parsed_json(found)


# The rights, loaded and opened, as the outer side of a nested loop: what is joined to it laterally is read afterwards,
# under the row policies of who has just entered. Read before, it would find no setting, and so no row.
ENTRER = "(select palier_entrer(%(qui)s, %(jour)s) as droits offset 0) entree"


def enter_reading(
    account_id: UUID, statement: str, *, is_exploitant: bool = False
) -> tuple[Actor, list[Row]]:
    """Enter as ``enter`` does, and read rows in the same round trip.

    ``statement`` reads from ``ENTRER``, ``left join lateral`` its own rows; its first column is ``entree.droits``.
    ``acces_id`` of a row proves nothing by itself: callers keep the rows of the actor's accès only.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("enter() needs a transaction: its settings end with it.")
    day = today()
    with prepared_cursor() as cursor:
        cursor.execute(statement, {"qui": account_id, "jour": day})
        rows = cursor.fetchall()
    return _person(account_id, parsed_json(rows[0][0]), day, is_exploitant=is_exploitant), rows


def parsed_json(value: Any) -> Any:
    """Return a jsonb value as Python: Django's cursors hand it over as text."""
    return json.loads(value) if isinstance(value, str) else value


def _person(account_id: UUID, rights: Any, day: date, *, is_exploitant: bool = False) -> Actor:
    return Actor(
        role=Role.CLIENT,
        account_id=account_id,
        acces=tuple(AccesRef(UUID(a), UUID(b)) for a, b in rights["acces"]),
        habilitations=tuple(_habilitation(*row) for row in rights["habilitations"]),
        is_exploitant=is_exploitant,
        today=day,
    )


def _habilitation(
    agence: str, role: str, portefeuille: list[str] | None, fermes: list[str]
) -> HabilitationRef:
    units = None if portefeuille is None else frozenset(UUID(unit) for unit in portefeuille)
    return HabilitationRef(UUID(agence), Role(role), units, frozenset(fermes))


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """Open a transaction in which PostgreSQL knows ``actor``; for tasks, commands and tests."""
    with transaction.atomic():
        open_actor(actor)
        yield actor


@contextmanager
def serving(actor: Actor, agence_id: UUID, reason: str) -> Iterator[Actor]:
    """Act for one agence inside the present transaction, then become ``actor`` again.

    For what a visitor without rights asks of an agence: prove a code, accept an invitation. A refusal gives the
    visitor his own (absence of) rights back, so that its page cannot read more than he may.
    """
    system = Actor.system(agence_id, reason)
    open_actor(system)
    try:
        yield system
    except (BusinessError, Invisible, Forbidden):
        open_actor(actor)
        raise
    open_actor(actor)


def look_into(account_id: UUID, slug: str, espace_id: UUID) -> tuple[Actor, AccesRef] | None:
    """Load a member of the staff and open a space of his agence as its holder sees it, in one round trip.

    Returns him as staff of the agence named ``slug``, with the accès looked at. None when he is none of its staff, or
    it has no such space: only his own rights are opened then. The caller still has to check that the look was
    declared, and to act as ``Actor.as_viewer``.
    """
    day = today()
    with connection.cursor() as cursor:
        cursor.execute("select palier_regarder(%s, %s, %s, %s)", [account_id, day, slug, espace_id])
        found = parsed_json(cursor.fetchone()[0])
    if found["acces"] is None:
        return None
    held = AccesRef(UUID(found["acces"]), UUID(found["agence"]))
    staff = _person(account_id, found["droits"], day).as_staff(held.agence_id)
    return (staff, held) if staff else None


def write_as_system(actor: Actor, agence_id: UUID, statement: str, params: Mapping[str, Any]) -> None:
    """Run one statement as the agence's own task would, then be ``actor`` again; one round trip.

    For what a person's opening of a page completes on the agence's behalf (the text of a file not read yet).
    """
    opened: dict[str, Any] = {
        "s_agences": [agence_id],
        "s_jour": actor.today,
        "a_acces": actor.acces_ids,
        "a_agences": list(actor.agences),
        "a_account": actor.account_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "select palier_ouvrir('{}', %(s_agences)s::uuid[], null, %(s_jour)s);"
            + statement
            + ";select palier_ouvrir(%(a_acces)s::uuid[], %(a_agences)s::uuid[], %(a_account)s, %(s_jour)s)",
            {**params, **opened},
        )


# --- Policies, written beside their table in its migration -------------------------------------------------


def _secure(table: str, using: str, check: str, grants: str) -> str:
    return (
        f"alter table {table} enable row level security;"
        f"alter table {table} force row level security;"
        f"create policy {table}_lecture on {table} for select using ({using});"
        f"create policy {table}_ajout on {table} for insert with check ({check});"
        f"create policy {table}_modification on {table} for update using ({check}) with check ({check});"
        f"create policy {table}_retrait on {table} for delete using ({check});"
        f"grant {grants} on {table} to {APP};"
    )


def _run(sql: str) -> migrations.RunSQL:
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


def tenant_table(
    table: str,
    *,
    also_visible: str = "false",
    also_writable: str = "false",
    grants: str = "select, insert, update, delete",
) -> migrations.RunSQL:
    """Secure a table of an agence: its staff and system actors, plus what ``also_visible`` adds for clients."""
    staff = f"agence_id = any({AGENCES})"
    return _run(_secure(table, f"{staff} or ({also_visible})", f"{staff} or ({also_writable})", grants))


def cercle_visible(row_date: str | None, cercle: str = "cercle_id") -> str:
    """Return the one sentence of house.md in SQL: the row's cercle is held today, or was on the row's date.

    Collective droits (co-owners, council, occupants) open while they are held. Personal droits (compte, bail,
    mandat) open the rows dated within them, and stay open afterwards: your own receipts after you left.
    ``palier_ouvrir`` collected the cercles: those that open every row, and those bounded by dates, with their dates
    (a multirange for each cercle: no table is read for a row, and a plan stays small).
    """
    if row_date is None:
        return f"{cercle} = any({CERCLES}) or {cercle} = any({BORNES})"
    held = f"({DATES} ->> {cercle}::text)::datemultirange"
    return f"{cercle} = any({CERCLES}) or coalesce({row_date} <@ {held}, false)"


def published_table(table: str, *, row_date: str | None = None, extra: str = "") -> migrations.RunSQL:
    """Secure a table whose rows are addressed to a cercle; archived rows are for the agence's staff only."""
    condition = f"archive_le is null and ({cercle_visible(row_date)})"
    if extra:
        condition += f" and ({extra})"
    return tenant_table(table, also_visible=condition)


def change_published(table: str, *, row_date: str | None, extra: str = "") -> migrations.RunSQL:
    """Give a table of ``published_table`` another row date; ``JOUR`` for rows that speak of today only."""
    staff, condition = f"agence_id = any({AGENCES})", cercle_visible(row_date)
    if extra:
        condition = f"({condition}) and ({extra})"
    return _run(
        f"alter policy {table}_lecture on {table} using ({staff} or (archive_le is null and ({condition})));"
    )


def machine_table(table: str, condition: str) -> migrations.RunSQL:
    """Open rows of a tenant table to a machine of its agence: those that ``condition`` says, on SQL of ``SOURCE``."""
    mine = f"agence_id = {MACHINE} and {condition}"
    return _run(f"create policy {table}_machine on {table} for all using ({mine}) with check ({mine});")


def global_table(table: str, grants: str, exploitant: str = "") -> migrations.RunSQL:
    """Grant a table that belongs to no agence (account data, legal texts) to the application's role."""
    sql = f"grant {grants} on {table} to {APP};"
    if exploitant:
        sql += f"grant {exploitant} on {table} to {EXPLOITANT};"
    return _run(sql)


def composite_link(table: str, column: str, target: str, *, index: bool = False) -> migrations.RunSQL:
    """Add the foreign key (agence_id, column) → target (agence_id, id): a plain one would cross agences."""
    name = f"{table}_{column}_fk"
    sql = (
        f"alter table {table} add constraint {name} foreign key (agence_id, {column})"
        f" references {target} (agence_id, id);"
    )
    if index:
        sql += f"create index {table}_{column}_idx on {table} (agence_id, {column});"
    return _run(sql)


def agence_link(table: str) -> migrations.RunSQL:
    """Add the foreign key agence_id → agences_agence."""
    return _run(
        f"alter table {table} add constraint {table}_agence_fk foreign key (agence_id) references agences_agence (id);"
    )
