"""The keyed identifiers of ``core.ids`` computed inside the engine: foreign keys are computed, never looked up.

Same text, same digest: ``hex(salt) | part | part…``, SHA-256, first 128 bits. A test compares both.
"""

from uuid import UUID

import duckdb

from palier.core.ids import keyed_id
from palier.echanges.regles import quote
from palier.echanges.schemas import schemas

#: The unit of rows that hang from nothing, then the prefix of each unit and the table of its root.
UNITES = {"copropriete:": "coproprietes", "mandat:": "mandats"}


def source_id(salt: bytes, logiciel: str, base: str) -> UUID:
    """The identifier of a back-office database of an agence."""
    return keyed_id(salt, "source", logiciel, base)


def prepare_alias(con: duckdb.DuckDBPyConnection) -> None:
    """Create, empty, the table of the references that replaced others."""
    con.execute(
        "CREATE TABLE IF NOT EXISTS alias (nom VARCHAR, reference VARCHAR, ligne UUID, origine VARCHAR)"
    )


def install_macros(con: duckdb.DuckDBPyConnection, salt: bytes, source: UUID, agence: UUID) -> None:
    """Define ``cle_ligne(table, ref)``, ``cle_origine``, ``cle_cercle(genre, objet)`` and ``cle_unite(unite)``.

    A row whose reference replaced another keeps its identifier: ``alias`` says which. Most sources never rename
    anything: the macros then look nothing up.
    """
    prepare_alias(con)
    start = quote(salt.hex() + "|")
    rows = quote(f"{salt.hex()}|{source}|")
    digest = f"CAST(substr(sha256({rows} || t || '|' || r), 1, 32) AS UUID)"
    origin = "r"
    renamed = con.execute("SELECT count(*) FROM alias").fetchone()
    if renamed and renamed[0]:
        found = "FROM alias al_ WHERE al_.nom = t AND al_.reference = r"
        digest = f"coalesce((SELECT al_.ligne {found}), {digest})"
        origin = f"coalesce((SELECT al_.origine {found}), r)"
    con.execute(f"CREATE OR REPLACE MACRO cle_ligne(t, r) AS {digest}")
    con.execute(f"CREATE OR REPLACE MACRO cle_origine(t, r) AS {origin}")
    con.execute(
        f"CREATE OR REPLACE MACRO cle_cercle(g, o) AS CAST(substr(sha256({start} || 'cercle|' || g || '|' || "
        "CAST(o AS VARCHAR)), 1, 32) AS UUID)"
    )
    branches = " ".join(
        f"WHEN starts_with(u, {quote(prefix)}) THEN cle_ligne({quote(table)}, substr(u, {len(prefix) + 1}))"
        for prefix, table in UNITES.items()
    )
    con.execute(
        f"CREATE OR REPLACE MACRO cle_unite(u) AS CASE {branches} ELSE CAST({quote(str(agence))} AS UUID) END"
    )


def row_key(table: str, row: str = "t") -> str:
    """The SQL of the identifier of a row of a table of the format.

    In a key of several columns, a reference that replaced another counts as the first one: the row stays the same.
    """
    schema = schemas()[table]
    links = {r.colonne: r.cible for r in schema.relations}
    if len(schema.cle) == 1 and schema.cle[0] not in links:
        return f"cle_ligne('{table}', {reference(schema.cle, row)})"
    parts = [
        f"coalesce(cle_origine('{links[c]}', {row}.\"{c}\"), '')" if c in links else reference((c,), row)
        for c in schema.cle
    ]
    return f"cle_ligne('{table}', {_joined(parts)})"


def split_key(table: str, text: str) -> str:
    """The SQL of the identifier of a row named by its whole reference; null when its parts cannot be told apart."""
    schema = schemas()[table]
    if len(schema.cle) == 1:
        return f"cle_ligne('{table}', {text})"
    links = {r.colonne: r.cible for r in schema.relations}
    parts = []
    for i, column in enumerate(schema.cle, 1):
        part = f"coalesce(string_split({text}, '|')[{i}], '')"
        parts.append(f"cle_origine('{links[column]}', {part})" if column in links else part)
    joined = _joined(parts)
    return f"CASE WHEN len(string_split({text}, '|')) = {len(schema.cle)} THEN cle_ligne('{table}', {joined}) END"


def _joined(parts: list[str]) -> str:
    return "(" + " || '|' || ".join(parts) + ")"


def reference(columns: tuple[str, ...], row: str = "t") -> str:
    """The SQL of a row's reference: its primary key parts joined with a bar, an empty part for a null."""
    return " || '|' || ".join(f"coalesce(CAST({row}.\"{c}\" AS VARCHAR), '')" for c in columns)
