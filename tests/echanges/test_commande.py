"""The command: what it says and its exit codes; the two dossiers that are shipped; the published documents."""

import csv
import errno
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from palier.core.action import writing
from palier.echanges.codes import CODES, Gravite
from palier.echanges.controle import check_dossier
from palier.echanges.documentation import pages
from palier.echanges.rapport import write_csv
from palier.echanges.schemas import ORDRE, read_json, schemas
from tests.echanges.fabrique import AGENCE, make_dossier, sound_tables
from tests.factories import make_agence
from tests.plugin import ROOT

DOCS = ROOT / "docs" / "dossier"
FAUTIF = ROOT / "tests" / "donnees" / "dossier-fautif"


def command(*args: object) -> tuple[int, str]:
    """Run the command; return its exit code and what it said."""
    out = io.StringIO()
    try:
        call_command("dossier", *map(str, args), stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


@pytest.fixture
def agence(db: None) -> None:
    with writing("fixtures"):
        make_agence(AGENCE, "Agence d’essai")


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The dossier with twenty deliberate faults, as a zip."""
    path = tmp_path / "fautif.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(FAUTIF.rglob("*")):
            if file.is_file() and file.name != "README.md":
                archive.write(file, file.relative_to(FAUTIF).as_posix())
    return path


def test_exit_codes_of_an_import(agence: None, tmp_path: Path) -> None:
    sound = make_dossier(tmp_path / "a.zip")
    assert command("import", "--agence", AGENCE, sound)[0] == 0
    assert command("import", "--agence", AGENCE, sound)[0] == 0
    tables = sound_tables()
    tables["mouvements"][1]["debit"] = "x"
    code, said = command("import", "--agence", AGENCE, make_dossier(tmp_path / "b.zip", tables))
    assert code == 1
    assert "mouvements:3:debit" in said
    assert command("import", "--agence", AGENCE, make_dossier(tmp_path / "c.zip", version="9"))[0] == 2
    tables = sound_tables()
    tables["detentions"].clear()
    waiting = make_dossier(tmp_path / "d.zip", tables)
    assert command("import", "--agence", AGENCE, waiting)[0] == 3
    assert command("import", "--agence", AGENCE, waiting, "--confirmer")[0] == 0
    assert command("import", "--agence", "inconnue", sound)[0] == 2
    assert command("import", "--agence", AGENCE, tmp_path / "absent.zip")[0] == 2


def test_check_writes_its_reports(tmp_path: Path, faulty: Path) -> None:
    code, said = command("check", faulty, "--csv", tmp_path / "r.csv", "--json", tmp_path / "r.json")
    assert code == 1
    assert "total_tantiemes" in said
    rows = list(csv.DictReader((tmp_path / "r.csv").open(encoding="utf-8-sig"), delimiter=";"))
    groups = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["anomalies"]
    assert {r["code"] for r in rows} == {g["code"] for g in groups}
    assert command("check", make_dossier(tmp_path / "a.zip"))[0] == 0
    (tmp_path / "b.zip").write_bytes(b"rien")
    assert command("check", tmp_path / "b.zip")[0] == 2


def _expected() -> set[tuple[str, str, str, str]]:
    """(table, line, column, severity) of each deliberate fault, read from the table of its page."""
    found = set()
    for line in (FAUTIF / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [c.strip() for c in line.strip("|").split("|")]
        if cells[0].isdigit():
            found.add((cells[2], cells[3], cells[4], cells[5]))
    return found


def test_every_deliberate_fault_is_found_where_it_is(tmp_path: Path, faulty: Path) -> None:
    expected = _expected()
    assert len(expected) == 20
    with check_dossier(faulty, "agence-fautive", tmp_path) as controle:
        found = {(a.table, str(a.ligne), a.colonne, a.gravite.value) for a in controle.anomalies}
        assert expected - found == set()
        assert set(controle.tenues) == {"copropriete:C2", "mandat:M2"}


def test_example_is_sound(tmp_path: Path) -> None:
    assert command("check", DOCS / "exemple" / "dossier.zip")[0] == 0


def test_example_satisfies_the_published_schemas(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    with zipfile.ZipFile(DOCS / "exemple" / "dossier.zip") as archive:
        archive.extractall(tmp_path)
    declared = json.loads((tmp_path / "dossier.json").read_text(encoding="utf-8"))["fichiers"]
    given = {f["table"] for f in declared}
    resources = []
    for item in declared:
        schema = read_json(item["table"])
        schema["foreignKeys"] = [k for k in schema["foreignKeys"] if k["reference"]["resource"] in given]
        resources.append({
            "name": item["table"], "path": item["chemin"], "type": "table", "format": "csv", "encoding": "utf-8",
            "schema": schema, "dialect": {"csv": {"delimiter": ";"}},
        })  # fmt: skip
    package = frictionless.Package.from_descriptor(
        {"name": "exemple", "resources": resources}, basepath=str(tmp_path)
    )
    report: Any = package.validate()
    assert report.flatten(["title", "rowNumber", "fieldName", "message"]) == []


def test_documentation_is_what_the_schemas_say() -> None:
    for name, text in pages().items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, f"{name}: run ./run manage dossier docs"


def test_every_code_is_documented_with_its_advice() -> None:
    page = (DOCS / "codes.md").read_text(encoding="utf-8")
    for name, code in CODES.items():
        assert f"| `{name}` | {code.gravite.value} |" in page
        assert str(code.message).strip()
        assert str(code.conseil).strip()


def test_schemas_are_whole() -> None:
    assert tuple(schemas()) == ORDRE
    for schema in schemas().values():
        assert set(schema.cle) <= set(schema.noms)
        assert all(c.description and c.exemple for c in schema.champs)
        assert all(r.cible in schemas() for r in schema.relations)


def test_report_cells_are_no_formulas(tmp_path: Path) -> None:
    tables = sound_tables()
    tables["mouvements"][0].update(id="=1+1", debit="x")
    with check_dossier(make_dossier(tmp_path / "a.zip", tables), AGENCE, tmp_path) as controle:
        assert any(a.gravite is Gravite.LIGNE for a in controle.anomalies)
        cells = [
            c for r in csv.reader(io.StringIO(write_csv(controle.collecte)[1:]), delimiter=";") for c in r
        ]
        assert "'=1+1" in cells
        assert not any(c[:1] in set("=+-@\t") for c in cells)


def broken(monkeypatch: pytest.MonkeyPatch, name: str, error: Exception) -> None:
    """Make what the command calls fail, as a machine in trouble does."""

    def fails(*_args: object, **_kwargs: object) -> None:
        raise error

    monkeypatch.setattr(f"palier.echanges.management.commands.dossier.{name}", fails)


def broken_down(*args: object) -> tuple[int, str]:
    """Run the command; return its exit code and what it said on its error output."""
    err = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("dossier", *map(str, args), stdout=io.StringIO(), stderr=err)
    return int(str(end.value.code)), err.getvalue()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "le disque est plein"),
        (duckdb.OutOfMemoryException("Out of Memory Error"), "la mémoire ou la place de travail manque"),
        (PermissionError(errno.EACCES, "Permission denied"), "ni lu ni écrit"),
        (KeyError("x"), "erreur inattendue (KeyError)"),
    ],
)
@pytest.mark.parametrize(("geste", "name"), [("import", "run_import"), ("check", "check_dossier")])
def test_a_breakdown_has_its_sentence_and_its_code(
    agence: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    geste: str, name: str, error: Exception, said: str,
) -> None:  # fmt: skip
    broken(monkeypatch, name, error)
    code, words = broken_down(geste, make_dossier(tmp_path / "a.zip"), "--agence", AGENCE)
    assert code == 4
    assert said in words
    assert "Rien n'a changé en ligne" in words
    assert "relancez la commande" in words
    assert (words.count("\n"), "Traceback" in words) == (1, False)
    assert type(error).__name__ in caplog.text


def test_a_base_that_does_not_answer_the_first_question_is_a_breakdown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, "Agence.objects.filter", OperationalError("connection refused"))
    code, words = broken_down("import", make_dossier(tmp_path / "a.zip"), "--agence", AGENCE)
    assert (code, "la base de données ne répond pas" in words) == (4, True)


def test_a_real_breakdown_closes_the_import_and_leaves_what_was_on_line(
    agence: None, tmp_path: Path, settings: Any
) -> None:
    path = make_dossier(tmp_path / "a.zip")
    (tmp_path / "donnees").write_bytes(b"")
    settings.DATA_DIR = tmp_path / "donnees"  # a file where a folder is needed
    code, words = broken_down("import", path, "--agence", AGENCE)
    assert (code, "l'état précédent est entier" in words) == (4, True)


def test_what_breaks_after_the_last_word_does_not_take_it_back(
    agence: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palier.echanges import execution

    def fails(*_args: object) -> None:
        raise RuntimeError("statistics")

    monkeypatch.setattr(execution, "refresh_statistics", fails)
    code, said = command("import", "--agence", AGENCE, make_dossier(tmp_path / "a.zip"))
    assert (code, "En ligne." in said) == (0, True)


def test_a_report_that_cannot_be_written_does_not_hide_what_was_done(
    agence: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    err = io.StringIO()
    call_command("dossier", "import", str(make_dossier(tmp_path / "a.zip")), "--agence", AGENCE,
                 stdout=Gone(), stderr=err)  # fmt: skip
    assert "Import terminé (En ligne)" in err.getvalue()
