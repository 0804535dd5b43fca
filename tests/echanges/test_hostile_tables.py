"""Bent tables sent as a dossier, through the whole import: a sentence with its place, and never half of a unit on line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from palier.core.actor import Actor
from palier.echanges.enums import EtatImport
from palier.echanges.models import Anomalie, Import
from palier.patrimoine.models import CompteClient, Tantieme, Tiers
from tests.echanges.fabrique import csv_bytes, make_dossier, sound_tables
from tests.echanges.test_import import Tables, actor, load, rows

__all__ = ["actor"]


def raw(change: Callable[[bytes], bytes], table: str = "tiers") -> Callable[[Tables], None]:
    """Change the bytes of a table's file."""

    def bend(tables: Tables) -> None:
        tables[table] = change(csv_bytes(table, tables[table]))  # type: ignore[assignment]

    return bend


def cells(table: str, rank: int, **values: Any) -> Callable[[Tables], None]:
    """Change cells of a row."""

    def bend(tables: Tables) -> None:
        tables[table][rank].update(values)

    return bend


def repeated(table: str) -> Callable[[Tables], None]:
    """The first row a second time, with another content."""

    def bend(tables: Tables) -> None:
        tables[table].append(dict(tables[table][0], nom="AUTRE"))

    return bend


COLONNES = b"".join(b"x%d;" % i for i in range(10_000))
#: name → (what is bent, the table that must be named, a word of what is said).
CAS: dict[str, tuple[Callable[[Tables], None], str, str]] = {
    "lone CR": (raw(lambda b: b.replace(b"\r\n", b"\n").replace(b"\n", b"\r")), "tiers", "en-tête"),
    "NUL in a cell": (raw(lambda b: b.replace(b"EXEMPLE", b"EX\x00EMPLE")), "tiers", "octet nul"),
    "UTF-16 with BOM": (raw(lambda b: b.decode().encode("utf-16")), "tiers", "UTF-8"),
    "cp1252 among UTF-8": (raw(lambda b: b.replace(b"EXEMPLE", b"\xc9l\xe9onore")), "tiers", "octet 0xC9"),
    "unclosed quote": (raw(lambda b: b.replace(b"EXEMPLE", b'"EXEMPLE')), "tiers", "jamais fermé"),
    "10 000 columns": (raw(lambda b: b.replace(b"id;", b"id;" + COLONNES, 1)), "tiers", "trop de colonnes"),
    "10 000 cells": (raw(lambda b: b.replace(b"EXEMPLE", b"EXEMPLE" + b";" * 10_000)), "tiers", "colonnes au lieu de"),
    "a column twice": (raw(lambda b: b.replace(b"id;", b"id;id;", 1)), "tiers", "figure deux fois"),
    "no header": (raw(lambda b: b.split(b"\n", 1)[1]), "tiers", "en-tête"),
    "1e308": (cells("comptes", 0, solde="1e308"), "comptes", "pas un nombre"),
    "31/02": (cells("comptes", 0, solde_le="2026-02-31"), "comptes", "pas une date"),
    "00/00/0000": (cells("comptes", 0, solde_le="0000-00-00"), "comptes", "pas une date"),
    "day of 31/02 in the French order": (cells("comptes", 0, solde_le="31/02/2026"), "comptes", "pas une date"),
    "negative tantiemes": (cells("tantiemes", 0, valeur="-1000"), "tantiemes", "au moins 0"),
    "tantiemes beyond their base": (cells("tantiemes", 0, valeur="999999999999"), "", "base de la clé"),
    "a key twice": (repeated("tiers"), "tiers", "même clé"),
}  # fmt: skip


def report(actor: Actor, done: Import) -> list[Anomalie]:
    found = Anomalie.objects.visible_to(actor).filter(agence_id=actor.agence_id, import_id=done.id)
    return list(found.order_by("rang"))


def online(actor: Actor) -> dict[str, set[str]]:
    return {m.__name__: set(rows(actor, m)) for m in (Tiers, CompteClient, Tantieme)}


@pytest.mark.parametrize("cas", CAS)
def test_what_is_bent_is_told_with_its_place_and_nothing_is_half_written(
    actor: Actor, tmp_path: Path, cas: str
) -> None:
    bend, table, word = CAS[cas]
    load(actor, make_dossier(tmp_path / "a.zip", sequence=1))
    before = online(actor)
    tables: Tables = sound_tables()
    bend(tables)
    done = load(actor, make_dossier(tmp_path / "b.zip", tables, sequence=2))
    said = report(actor, done)
    words = f"{done.message} " + " ".join(
        f"{a.table}, {a.ligne}, {a.colonne} : {a.message} {a.conseil}" for a in said
    )
    assert done.etat in {
        EtatImport.REFUSE, EtatImport.PARTIEL, EtatImport.A_CONFIRMER, EtatImport.APPLIQUE, EtatImport.DEJA_APPLIQUE,
    }  # fmt: skip
    assert all(a.message for a in said)
    assert "Error" not in words and "duckdb" not in words.lower(), words
    assert word in words
    if table:
        faults = [a for a in said if a.table == table]
        assert faults, words
        assert done.etat not in {EtatImport.APPLIQUE, EtatImport.DEJA_APPLIQUE}, words
        assert any(a.ligne or a.colonne or a.gravite == "BLOQUANT" for a in faults), words
    # Whoever was on line is still there: a faulty line keeps its former version, a refused dossier all of it.
    after = online(actor)
    assert all(before[name] <= after[name] for name in before), words
