"""Hundreds of sound dossiers bent at random, from a fixed seed: refused or told line by line, never an exception.

Three layers, since a bent byte of the zip seldom gets past its check sum: the zip, the tables under a true manifest,
the manifest itself. Bounded in time: on a busy machine fewer are tried (PALIER_FUZZ_SECONDES gives more).
"""

import csv
import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.echanges.actions import create_import
from palier.echanges.codes import Gravite
from palier.echanges.enums import EtatImport
from palier.echanges.execution import run_import
from palier.patrimoine.models import Tiers
from tests.echanges.fabrique import AGENCE, csv_bytes, make_dossier, manifest, sound_tables, zip_bytes
from tests.echanges.test_conteneur import check
from tests.factories import make_agence

ESSAIS = {"zip": 150, "tables": 120, "manifeste": 60}
SECONDES = float(os.environ.get("PALIER_FUZZ_SECONDES", "14"))
#: Cells that once broke something, somewhere.
CELLULES = [
    "", " ", "\x00", "'", '"', ";", "\n", "\r", "\t", "=1+1", "-", "NULL", "NaN", "Infinity", "1e400", "9" * 40, "-0", "0x1",
    "\u202e", "\ufeff", "\U0001f600" * 50, "é" * 500, "../../x", "sha256:", "31/02/2026", "2026-02-31", "infinity", "{}", "%s",
    "\\N", "'; drop table tiers; --", "\ud7ff", "\x1e", "\x1f", "T1", "A1", "copropriete:C1", "true", "A" * 70_000,
]  # fmt: skip
VALEURS: list[Any] = [
    None,
    True,
    -1,
    2**64,
    1e300,
    "",
    "x" * 500,
    [],
    {},
    [[]],
    {"a": 1},
    "\ud800",
    "\u0000",
    "2026-02-31",
    ["tiers"],
    "../x.csv",
]


def bent_zip(draw: Random, tmp_path: Path) -> bytes:
    raw = bytearray(make_dossier(tmp_path / "sain.zip").read_bytes())
    for _ in range(draw.choice((1, 1, 2, 8))):
        at = draw.randrange(len(raw))
        kind = draw.randrange(4)
        if kind == 0:
            raw[at] = draw.randrange(256)
        elif kind == 1:
            del raw[at : at + draw.randrange(1, 40)]
        elif kind == 2:
            raw[at:at] = draw.randbytes(draw.randrange(1, 40))
        else:
            end = raw.rfind(b"PK\x01\x02")
            raw[draw.randrange(max(end, 0), len(raw))] = draw.randrange(256)
    return bytes(raw)


def bent_tables(draw: Random, tmp_path: Path) -> bytes:
    tables: dict[str, list[dict[str, object]]] = sound_tables()
    for _ in range(draw.choice((1, 2, 6))):
        name = draw.choice(sorted(tables))
        rows = tables[name]
        if not rows:
            continue
        row = draw.choice(rows)
        kind = draw.randrange(6)
        if kind < 4:
            row[draw.choice(sorted(row))] = draw.choice(CELLULES)
        elif kind == 4:
            rows.append(dict(row))
        else:
            rows.remove(row)
    files = {}
    for name, rows in tables.items():
        raw = csv_bytes(name, rows) if draw.random() < 0.5 else quoted(name, rows)
        if draw.random() < 0.05:
            raw = raw.replace(b";", draw.choice((b",", b"\t", b";;")), draw.randrange(1, 20))
        files[name] = raw
    return zip_bytes(
        {"dossier.json": json.dumps(manifest(files)).encode(), **{f"{n}.csv": c for n, c in files.items()}}
    )


def quoted(table: str, rows: list[dict[str, object]]) -> bytes:
    names = csv_bytes(table, []).decode().strip().split(";")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(names)
    writer.writerows([str(row.get(n, "")) for n in names] for row in rows)
    return out.getvalue().encode()


def bent_manifest(draw: Random, tmp_path: Path) -> bytes:
    files = {n: csv_bytes(n, rows) for n, rows in sound_tables().items()}
    data: Any = manifest(files)
    for _ in range(draw.choice((1, 2, 4))):
        place: Any = data
        for _depth in range(draw.randrange(3)):
            inner = [
                v
                for v in (place.values() if isinstance(place, dict) else place)
                if isinstance(v, dict | list) and v
            ]
            if inner:
                place = draw.choice(inner)
        key = draw.choice(sorted(place)) if isinstance(place, dict) else draw.randrange(len(place))
        if draw.random() < 0.2:
            del place[key]
            if not place:
                break
        else:
            place[key] = draw.choice(VALEURS)
    raw = json.dumps(data).encode()
    return zip_bytes({"dossier.json": raw, **{f"{n}.csv": c for n, c in files.items()}})


FACONS: dict[str, Callable[[Random, Path], bytes]] = {
    "zip": bent_zip,
    "tables": bent_tables,
    "manifeste": bent_manifest,
}


@pytest.mark.parametrize("facon", FACONS)
def test_bent_dossiers_are_told_and_never_raise(tmp_path: Path, facon: str) -> None:
    draw = Random(20261123)
    limit = time.monotonic() + SECONDES
    tried = faulty = 0
    path = tmp_path / "a.zip"
    while tried < ESSAIS[facon] and time.monotonic() < limit:
        raw = FACONS[facon](draw, tmp_path)
        path.write_bytes(raw)
        try:
            with check(path) as controle:
                found = list(controle.anomalies)
        except Exception as error:
            (kept := tmp_path / f"{facon}-{tried}.zip").write_bytes(raw)
            raise AssertionError(f"{kept}: {error!r}") from error
        assert not controle.refuse or any(a.gravite in (Gravite.BLOQUANT, Gravite.LIGNE) for a in found)
        assert all(a.message and a.conseil and "\x00" not in a.message for a in found)
        tried += 1
        faulty += bool(found)
    assert tried > 5
    assert faulty > tried / 3


def test_what_is_bent_goes_on_line_whole_or_not_at_all(db: None, tmp_path: Path) -> None:
    """Through the whole import: the state is one of its ends, and a refusal leaves the persons as they were."""
    with writing("fixtures"):
        made = make_agence(AGENCE, "Agence d’essai").agence
    actor = Actor.system(UUID(str(made.id)), "test")
    draw = Random(7)
    limit = time.monotonic() + SECONDES
    ends = {
        EtatImport.APPLIQUE,
        EtatImport.PARTIEL,
        EtatImport.REFUSE,
        EtatImport.A_CONFIRMER,
        EtatImport.DEJA_APPLIQUE,
    }
    for rank in range(25):
        if time.monotonic() > limit and rank > 3:
            break
        before = persons(actor)
        path = tmp_path / "b.zip"
        path.write_bytes(FACONS[draw.choice(("tables", "tables", "manifeste"))](draw, tmp_path))
        with acting_as(actor), writing("test"):
            row = create_import(actor, "b.zip", depot="", octets=1)
        done = run_import(actor, row.id, path)
        assert done is not None
        assert done.etat in ends, (rank, done.etat, done.message)
        if done.etat in (EtatImport.REFUSE, EtatImport.A_CONFIRMER):
            assert persons(actor) == before
            assert done.message


def persons(actor: Actor) -> list[tuple[Any, ...]]:
    with acting_as(actor):
        rows = Tiers.objects.visible_to(actor).filter(agence_id=actor.agence_id, archive_le__isnull=True)
        return list(rows.order_by("reference").values_list("reference", "nom", "email"))


def test_the_bending_bends(tmp_path: Path) -> None:
    raw = bent_tables(Random(1), tmp_path)
    assert zipfile.is_zipfile(io.BytesIO(raw))
