"""Hostile and damaged containers: each is refused with its code, and nothing is raised."""

import datetime as dt
import io
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from palier.echanges.codes import Gravite
from palier.echanges.controle import Controle, check_dossier
from palier.echanges.limites import LIMITES, Limites
from tests.echanges.fabrique import AGENCE, csv_bytes, make_dossier, manifest, sound_tables, zip_bytes

TODAY = dt.date(2026, 11, 23)


def check(path: Path, agence: str = AGENCE, limites: Limites = LIMITES) -> Controle:
    workdir = path.parent / "travail"
    workdir.mkdir(exist_ok=True)
    return check_dossier(path, agence, workdir, limites=limites, today=TODAY)


def codes(path: Path, agence: str = AGENCE, limites: Limites = LIMITES) -> set[str]:
    """The blocking codes of a dossier that must be refused."""
    with check(path, agence, limites) as controle:
        assert controle.refuse
        blocking = {a.code for a in controle.anomalies if a.gravite is Gravite.BLOQUANT}
        assert all(a.message and a.conseil for a in controle.anomalies)
        return blocking


def write_zip(path: Path, fill: Callable[[zipfile.ZipFile], None]) -> Path:
    """A sound dossier to which `fill` adds what it wants."""
    make_dossier(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    return path


def add(name: str, content: bytes = b"x", mode: int = 0) -> Callable[[zipfile.ZipFile], None]:
    def fill(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("remplace")
        info.filename = info.orig_filename = name
        info.external_attr = mode << 16
        archive.writestr(info, content)

    return fill


@pytest.mark.parametrize("content", [b"", b"bonjour", b"\x00" * 100, b"id;nom\n1;2\n"])
def test_not_a_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert codes(path) == {"zip_invalide"}


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_truncated_zip_is_refused(tmp_path: Path, keep: float) -> None:
    path = make_dossier(tmp_path / "a.zip")
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * keep)])
    assert codes(path) == {"zip_tronque"}


@pytest.mark.parametrize("step", [16])
def test_any_altered_byte_never_raises(tmp_path: Path, step: int) -> None:
    raw = make_dossier(tmp_path / "a.zip").read_bytes()
    for at in range(0, len(raw), max(len(raw) // step, 1)):
        path = tmp_path / "b.zip"
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :])
        with check(path) as controle:
            assert controle.collecte.groupes() or not controle.refuse


@pytest.mark.parametrize(
    "name",
    [
        "../evasion.csv",
        "/etc/passwd",
        "documents/../../x.pdf",
        "documents\\x.pdf",
        "C:/x.pdf",
        "documents//x.pdf",
        "documents/x\x00.pdf",
        "documents/x\n.pdf",
        "documents/./x.pdf",
        "documents/" + "a" * 500 + ".pdf",
    ],
)
def test_forbidden_paths_are_refused(tmp_path: Path, name: str) -> None:
    assert codes(write_zip(tmp_path / "a.zip", add(name))) == {"zip_chemin"}


@pytest.mark.parametrize("mode", [0o120777, 0o060644, 0o010644, 0o020644])
def test_links_and_special_files_are_refused(tmp_path: Path, mode: int) -> None:
    assert codes(write_zip(tmp_path / "a.zip", add("documents/lien.pdf", b"/etc/passwd", mode))) == {
        "zip_lien"
    }


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["tiers.csv", "TIERS.csv", "documents/D1.PDF"])
def test_duplicate_members_are_refused(tmp_path: Path, name: str) -> None:
    assert codes(write_zip(tmp_path / "a.zip", add(name))) == {"zip_doublon"}


@pytest.mark.parametrize("name", ["documents/autre.zip", "autre.7z", "documents/a.tar.gz"])
def test_nested_archives_are_refused(tmp_path: Path, name: str) -> None:
    assert codes(write_zip(tmp_path / "a.zip", add(name))) == {"zip_imbrique"}


def test_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip")
    raw = bytearray(path.read_bytes())
    at = raw.find(b"PK\x01\x02")
    raw[at + 8] |= 1
    path.write_bytes(raw)
    assert codes(path) == {"zip_chiffre"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_refused(tmp_path: Path, method: int) -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        archive.writestr("documents/x.pdf", b"%PDF-1.4", compress_type=method)

    assert codes(write_zip(tmp_path / "a.zip", fill)) == {"zip_methode"}


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip", documents={f"documents/{i}.pdf": b"" for i in range(200)})
    assert codes(path, limites=replace(LIMITES, membres=150)) == {"zip_trop_de_membres"}


def test_ratio_bomb_is_refused(tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip", {"tiers": b"id;nature;nom\n" + b"\n" * 20_000_000})
    assert codes(path) == {"zip_taux"}


def test_lying_size_is_counted_while_inflating(tmp_path: Path) -> None:
    """The headers announce ten bytes; a table inflates to more than what is allowed."""
    path = make_dossier(tmp_path / "a.zip", {"tiers": csv_bytes("tiers", [{"id": i} for i in range(9000)])})
    assert codes(path, limites=replace(LIMITES, table=10_000)) == {"zip_trop_gros"}
    raw = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        size = archive.getinfo("tiers.csv").file_size
    path.write_bytes(raw.replace(struct.pack("<L", size), struct.pack("<L", 10)))
    assert codes(path) == {"membre_altere"}


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip")
    raw = bytearray(path.read_bytes())
    first = raw.find(b"PK\x01\x02")
    second = raw.find(b"PK\x01\x02", first + 4)
    raw[second + 42 : second + 46] = raw[first + 42 : first + 46]
    path.write_bytes(raw)
    assert codes(path) == {"membre_altere"}


def test_total_size_is_bounded(tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip", documents={"documents/d1.pdf": b"%PDF-" + b"x" * 50_000})
    assert codes(path, limites=replace(LIMITES, total=20_000)) == {"zip_trop_gros"}


def test_other_agence_is_refused(tmp_path: Path) -> None:
    assert codes(make_dossier(tmp_path / "a.zip"), agence="autre") == {"agence_differente"}


def test_unknown_member_is_refused(tmp_path: Path) -> None:
    assert codes(make_dossier(tmp_path / "a.zip", members={"lisezmoi.txt": b"bonjour"})) == {
        "membre_inattendu"
    }


def test_undeclared_table_is_refused(tmp_path: Path) -> None:
    raw = csv_bytes("exercices", [])
    assert codes(make_dossier(tmp_path / "a.zip", members={"exercices.csv": raw})) == {"membre_inattendu"}


def _write(path: Path, data: object) -> Path:
    files = {t: csv_bytes(t, rows) for t, rows in sound_tables().items()}
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    path.write_bytes(zip_bytes({"dossier.json": raw, **{f"{t}.csv": c for t, c in files.items()}}))
    return path


def _manifest(**changes: object) -> dict[str, object]:
    return manifest({t: csv_bytes(t, rows) for t, rows in sound_tables().items()}, **changes)


def test_missing_manifest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zip_bytes({"tiers.csv": b"id\n"}))
    assert codes(path) == {"manifeste_absent"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"pas du json",
        b"[]",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"a":1,"a":2}',
        b'{"format":"dossier-portail","version":"1.0","mode":"snapshot"}',
    ],
)
def test_unreadable_manifest_is_refused(tmp_path: Path, raw: bytes) -> None:
    assert codes(_write(tmp_path / "a.zip", raw)) == {"manifeste_invalide"}


def test_manifest_size_is_bounded(tmp_path: Path) -> None:
    data = _manifest(remarque="x" * 3_000_000)
    assert codes(_write(tmp_path / "a.zip", data)) == {"zip_trop_gros"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"format": "autre"}, "format_inconnu"),
        ({"format": None}, "format_inconnu"),
        ({"version": "2.0"}, "version_inconnue"),
        ({"version": 1}, "version_inconnue"),
        ({"mode": "journal"}, "mode_inconnu"),
        ({"mode": "delta"}, "manifeste_invalide"),
        ({"mode": ["snapshot"]}, "mode_inconnu"),
        ({"source": "x"}, "manifeste_invalide"),
        ({"source": {"logiciel": "x"}}, "manifeste_invalide"),
        ({"agence": 12}, "manifeste_invalide"),
        ({"arrete_au": "22/11/2026"}, "manifeste_invalide"),
        ({"arrete_au": "2026-02-30"}, "manifeste_invalide"),
        ({"arrete_au": "2031-01-01"}, "arrete_futur"),
        ({"genere_le": "hier"}, "manifeste_invalide"),
        ({"sequence": -1}, "manifeste_invalide"),
        ({"sequence": True}, "manifeste_invalide"),
        ({"dialecte": "autre"}, "manifeste_invalide"),
        ({"politique": "au_mieux"}, "manifeste_invalide"),
        ({"perimetre": []}, "manifeste_invalide"),
        ({"perimetre": {"unites": ["lot:1"]}}, "manifeste_invalide"),
        ({"perimetre": {"tables": ["inconnue"]}}, "table_inconnue"),
        ({"perimetre": {"tables": ["tiers"]}}, "table_hors_perimetre"),
        ({"fichiers": []}, "manifeste_invalide"),
        ({"fichiers": [1]}, "manifeste_invalide"),
        ({"fichiers": [{"table": "inconnue"}]}, "table_inconnue"),
        ({"fichiers": [{"table": "tiers", "chemin": "../tiers.csv"}]}, "zip_chemin"),
        (
            {"fichiers": [{"table": "tiers", "chemin": "tiers.csv", "sha256": "x", "lignes": 1}]},
            "manifeste_invalide",
        ),
    ],
)
def test_wrong_manifest_is_refused(tmp_path: Path, changes: dict[str, object], code: str) -> None:
    assert codes(_write(tmp_path / "a.zip", _manifest(**changes))) == {code}


def test_table_of_the_perimeter_without_file_is_refused(tmp_path: Path) -> None:
    tables = [*sound_tables(), "exercices"]
    assert codes(_write(tmp_path / "a.zip", _manifest(perimetre={"tables": tables}))) == {"table_manquante"}


def test_declared_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    data = _manifest()
    files = data["fichiers"]
    assert isinstance(files, list)
    files.append({"table": "exercices", "chemin": "exercices.csv", "lignes": 0, "sha256": "0" * 64})
    assert codes(_write(tmp_path / "a.zip", data)) == {"fichier_manquant"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("sha256", "0" * 64, "empreinte_differente"), ("lignes", 99, "lignes_differentes")],
)
def test_file_that_differs_from_its_declaration_is_refused(
    tmp_path: Path, field: str, value: object, code: str
) -> None:
    data = _manifest()
    files = data["fichiers"]
    assert isinstance(files, list)
    files[0][field] = value
    assert codes(_write(tmp_path / "a.zip", data)) == {code}


def test_fingerprint_ignores_dates_and_order(tmp_path: Path) -> None:
    first = make_dossier(tmp_path / "a.zip")
    tables = dict(reversed(sound_tables().items()))
    second = make_dossier(tmp_path / "b.zip", tables, genere_le="2026-11-24T02:00:00+01:00", sequence=7)
    other = make_dossier(tmp_path / "c.zip", {**tables, "tiers": []})
    with check(first) as a, check(second) as b, check(other) as c:
        assert a.empreinte == b.empreinte != c.empreinte
