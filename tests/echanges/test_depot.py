"""The watched folder itself: what is left alone, what is never taken, what is written back."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from palier.echanges.rules.arrivees import in_order, is_final, is_sound
from palier.echanges.surveillance.depot import DossierInutilisable, Occupe, opened


@pytest.fixture
def racine(tmp_path: Path, settings: Any) -> Path:
    settings.DEPOTS_DELAI = 0
    root = tmp_path / "depots"
    root.mkdir()
    with opened(root, "essai", "nuit"):
        pass
    return root


def place(racine: Path, folder: str = "arrivee") -> Path:
    return racine / "essai" / "nuit" / folder


def look(racine: Path) -> tuple[list[str], dict[str, str]]:
    time.sleep(0.01)
    with opened(racine, "essai", "nuit") as depot:
        return depot.arrivals()


@pytest.mark.parametrize(
    "name",
    [".cache.zip", "a.zip.part", "A.ZIP.TMP", "a.filepart", "a.zip~", "~a.zip", "a.crdownload",
     "a.zip.ok", "a.zip.erreur", "a.zip.rapport.csv"],
)  # fmt: skip
def test_a_name_that_is_not_final_is_left_alone(racine: Path, name: str) -> None:
    assert not is_final(name)
    (place(racine) / name).write_bytes(b"x")
    assert look(racine) == ([], {})


@pytest.mark.parametrize("name", ["a.zip", "écritures du 23.csv", "FEC20261123.txt", "part.zip", "a.tmp.zip"])
def test_renaming_is_the_signal(racine: Path, name: str) -> None:
    (place(racine) / f"{name}.part").write_bytes(b"x")
    assert look(racine) == ([], {})
    (place(racine) / f"{name}.part").rename(place(racine) / name)
    assert look(racine) == ([name], {})


def test_a_young_file_is_left_alone_even_with_an_old_date(racine: Path, settings: Any) -> None:
    settings.DEPOTS_DELAI = 60
    (place(racine) / "a.zip").write_bytes(b"x")
    os.utime(place(racine) / "a.zip", (1, 1))  # the sender kept the date of his export
    assert look(racine) == ([], {})


def test_what_is_no_plain_file_is_refused_and_not_followed(racine: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    folder = place(racine)
    (folder / "lien.zip").symlink_to(secret)
    os.mkfifo(folder / "tube.zip")
    (folder / "dossier.zip").mkdir()
    os.link(secret, folder / "dur.zip")
    (folder / "vide.zip").touch()
    ready, refused = look(racine)
    assert ready == []
    assert set(refused) == {"lien.zip", "tube.zip", "dossier.zip", "dur.zip", "vide.zip"}


def test_too_large_and_unreadable_names_are_refused(racine: Path, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 3
    (place(racine) / "gros.zip").write_bytes(b"1234")
    (place(racine) / ("n" * 200)).write_bytes(b"1")
    (place(racine) / "a\nb.zip").write_bytes(b"1")
    raw = os.fsencode(place(racine)) + b"/\xff.zip"
    Path(os.fsdecode(raw)).write_bytes(b"1")
    ready, refused = look(racine)
    assert (ready, len(refused)) == ([], 4)
    assert not is_sound(os.fsdecode(b"\xff.zip"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_file_of_another_owner_is_refused(racine: Path) -> None:
    (place(racine) / "a.zip").write_bytes(b"x")
    os.chown(place(racine) / "a.zip", 12_345, -1)
    assert list(look(racine)[1]) == ["a.zip"]
    os.chown(place(racine), 12_345, -1)  # the sender's own folder
    assert look(racine)[0] == ["a.zip"]


def test_a_thing_swapped_after_the_look_is_not_read(racine: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (place(racine) / "a.zip").symlink_to(tmp_path / "secret")
    os.mkfifo(place(racine) / "b.zip")
    with opened(racine, "essai", "nuit") as depot:
        for name in ("a.zip", "b.zip"):
            taken = depot.claim(name)
            assert taken is not None
            with pytest.raises(ValueError, match="fichier ordinaire"), depot.private_copy(taken):
                pass
            depot.reject(taken)
        assert depot.taken() == []
    assert (tmp_path / "secret").read_bytes() == b"secret"


def test_a_file_still_written_after_it_was_taken_waits(racine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = place(racine) / "a.zip"
    path.write_bytes(b"debut")
    with path.open("ab") as writer, opened(racine, "essai", "nuit") as depot:
        taken = depot.claim("a.zip")
        assert taken is not None
        real = os.fstat
        looked: list[int] = []

        def fstat(descriptor: int) -> os.stat_result:
            looked.append(descriptor)
            if looked.count(descriptor) == 2:  # the second look at the same file: somebody wrote between
                writer.write(b"suite")
                writer.flush()
            return real(descriptor)

        monkeypatch.setattr(os, "fstat", fstat)
        with depot.private_copy(taken) as copy:
            assert copy is None
        monkeypatch.undo()
        with depot.private_copy(taken) as copy:
            assert copy is not None
            assert copy[0].read() == b"debutsuite"


def test_a_bent_folder_is_refused(racine: Path, tmp_path: Path) -> None:
    shutil.rmtree(place(racine))
    place(racine).symlink_to(tmp_path)
    with pytest.raises(DossierInutilisable), opened(racine, "essai", "nuit"):
        pass
    for slug, dossier in (("essai", ".."), ("..", "nuit")):
        before = sorted(p.name for p in tmp_path.iterdir())
        with pytest.raises(Exception), opened(racine, slug, dossier):  # noqa: B017
            pass
        assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_the_private_folder_must_be_private(racine: Path) -> None:
    place(racine, "en_cours").chmod(0o770)
    with pytest.raises(DossierInutilisable, match="chmod 700"), opened(racine, "essai", "nuit"):
        pass


def test_one_look_at_a_time(racine: Path) -> None:
    with opened(racine, "essai", "nuit"), pytest.raises(Occupe), opened(racine, "essai", "nuit"):
        pass


def test_a_report_is_whole_or_not_there_and_never_follows_a_link(racine: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victime"
    victim.write_bytes(b"intacte")
    reports = place(racine, "rapports")
    (reports / "a.ok").symlink_to(victim)
    with opened(racine, "essai", "nuit") as depot:
        depot.write("a.ok", b"fait")
        inode = (reports / "a.ok").stat().st_ino
        depot.write("a.ok", b"fait")
    assert victim.read_bytes() == b"intacte"
    assert ((reports / "a.ok").read_bytes(), (reports / "a.ok").stat().st_ino) == (b"fait", inode)
    assert os.listdir(reports) == ["a.ok"]  # noqa: PTH208


def test_originals_are_kept_for_days_when_asked(racine: Path, settings: Any) -> None:
    settings.DEPOTS_JOURS = 2
    (place(racine) / "a.zip").write_bytes(b"x")
    with opened(racine, "essai", "nuit") as depot:
        taken = depot.claim("a.zip")
        assert taken is not None
        depot.put_away(taken)
        depot.put_away(taken)  # twice is once
        depot.clean()
        kept = place(racine, "traites") / taken.place
        assert kept.exists()
        os.utime(kept, (1, 1))
        depot.clean()
        assert not kept.exists()


def test_dossiers_of_one_source_are_taken_by_sequence() -> None:
    a3, a1, b2 = ("log", "a", 3), ("log", "a", 1), ("log", "b", 2)
    items = [("x3", a3), ("sans", None), ("y2", b2), ("x1", a1)]
    assert in_order(items) == ["x1", "sans", "y2", "x3"]
