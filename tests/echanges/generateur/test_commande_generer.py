"""``generate_dossier``: what it writes is sound for ``dossier check``, and its slips are told."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from .lecture import broken_relations, read_tables


def test_dossiers_are_written_and_pass_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("generate_dossier", agences=2, lots=30, vers=tmp_path, pdf=True)
    written = sorted(tmp_path.glob("*.zip"))
    assert [path.name for path in written] == ["echelle-0001.zip", "echelle-0002.zip"]
    said = capsys.readouterr().out
    assert all(str(path) in said for path in written)
    for path in written:
        tables = read_tables(path)
        assert len(tables["lots"]) == 30 and len(tables["documents"]) == 60 and broken_relations(tables) == []
        call_command("dossier", "check", str(path))  # exits when a line is refused
    assert "Aucune anomalie." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"agences": 0}, "--agences"), ({"lots": 2_000_000}, "--lots"), ({"mouvements": 999}, "--mouvements")],
)
def test_slips_are_told_and_nothing_is_written(arguments: dict[str, int], said: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("generate_dossier", vers=tmp_path / "ici", **arguments)
    assert not (tmp_path / "ici").exists()


def test_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("occupé")
    with pytest.raises(CommandError, match="fichier"):
        call_command("generate_dossier", vers=tmp_path / "fichier", lots=5)
