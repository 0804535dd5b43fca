"""The keyed identifiers of ``core.ids`` computed inside the engine: foreign keys are computed, never looked up.

Same text, same digest: ``hex(salt) | part | part…``, SHA-256, first 128 bits. A test compares both.
"""

from uuid import UUID

import duckdb

from palier.core.ids import keyed_id
from palier.echanges.regles import quote

#: The unit of rows that hang from nothing, then the prefix of each unit and the table of its root.
UNITES = {"copropriete:": "coproprietes", "mandat:": "mandats"}


def source_id(salt: bytes, logiciel: str, base: str) -> UUID:
    """The identifier of a back-office database of an agence."""
    return keyed_id(salt, "source", logiciel, base)


def install_macros(con: duckdb.DuckDBPyConnection, salt: bytes, source: UUID, agence: UUID) -> None:
    """Define ``cle_ligne(table, ref)``, ``cle_cercle(genre, objet)`` and ``cle_unite(unite)`` in the engine."""
    start = quote(salt.hex() + "|")
    rows = quote(f"{salt.hex()}|{source}|")
    con.execute(
        f"CREATE MACRO cle_ligne(t, r) AS CAST(substr(sha256({rows} || t || '|' || r), 1, 32) AS UUID)"
    )
    con.execute(
        f"CREATE MACRO cle_cercle(g, o) AS CAST(substr(sha256({start} || 'cercle|' || g || '|' || "
        "CAST(o AS VARCHAR)), 1, 32) AS UUID)"
    )
    branches = " ".join(
        f"WHEN starts_with(u, {quote(prefix)}) THEN cle_ligne({quote(table)}, substr(u, {len(prefix) + 1}))"
        for prefix, table in UNITES.items()
    )
    con.execute(f"CREATE MACRO cle_unite(u) AS CASE {branches} ELSE CAST({quote(str(agence))} AS UUID) END")


def reference(columns: tuple[str, ...], row: str = "t") -> str:
    """The SQL of a row's reference: its primary key parts joined with a bar, an empty part for a null."""
    return " || '|' || ".join(f"coalesce(CAST({row}.\"{c}\" AS VARCHAR), '')" for c in columns)
