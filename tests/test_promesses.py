"""docs/promesses.md: every page, file and test that it names exists; what is not kept says so in full."""

import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from palier.core.checks import walk

ROOT = Path(__file__).resolve().parent.parent
PAS_ENCORE = "pas encore"
_PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))


def _rows() -> list[list[str]]:
    text = (ROOT / "docs" / "promesses.md").read_text("utf-8")
    rows = [line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    return [
        [cell.strip().strip("`") for cell in row] for row in rows if not row[0].strip().startswith("Section")
    ]


def test_eight_sections_of_five_cells() -> None:
    rows = _rows()
    assert all(len(row) == 5 and all(row) for row in rows)
    assert {row[0][0] for row in rows} == set("12345678")


def test_every_page_resolves() -> None:
    names = {name for _route, name, _view in walk(get_resolver())}
    wanted = {row[2] for row in _rows()} - {PAS_ENCORE}
    assert wanted <= names, wanted - names


def test_every_rule_and_test_exists() -> None:
    for row in _rows():
        if PAS_ENCORE in row:
            assert row[2:] == [PAS_ENCORE] * 3, row
            continue
        assert (ROOT / row[3]).is_file(), row[3]
        path, _sep, name = row[4].partition("::")
        assert re.search(rf"^def {name}\(", (ROOT / path).read_text("utf-8"), re.M), row[4]


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "README.md", "LISEZMOI.md", *_PAGES])
def test_every_path_of_a_page_exists(page: str) -> None:
    """A path between backticks is from the root or from ``palier/``; a test's name may follow it."""
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(r"`((?:[\w-]+/)+(?:[\w-]+/|[\w.-]+\.(?:py|md|csv|html|js|css)))(?:::(\w+))?`", text)
    for path, name in named:
        if path.startswith("var/"):  # made by a running installation
            continue
        places = [place for place in (ROOT / path, ROOT / "palier" / path) if place.exists()]
        assert places, f"{page}: {path}"
        if name:
            assert re.search(rf"^def {name}\(", places[0].read_text("utf-8"), re.M), f"{page}: {path}::{name}"
