"""The glossary is the only dictionary: every model has its line, no false friend is a name."""

import re
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "docs" / "glossaire.md"
ROOMS = {
    "accounts", "acces", "agences", "api", "assemblees", "comptabilite", "courrier", "echanges", "ged", "patrimoine",
    "retours", "vie_privee",
}  # fmt: skip
FALSE_FRIENDS = re.compile(
    r"\b(?:class|def)\s+(location|caution|proprietaire|Location|Caution|Proprietaire)\b"
)


def defined() -> list[str]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    return [match.group(1) for line in lines if (match := re.match(r"\| ([A-Z]\w+) \|", line))]


def test_every_model_is_in_the_glossary_and_back() -> None:
    models = {model.__name__ for model in apps.get_models() if model._meta.app_label in ROOMS}
    assert models == set(defined())


def test_glossary_defines_each_word_once() -> None:
    names = defined()
    assert sorted(names) == sorted(set(names))


def test_no_false_friend_is_a_name() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in (ROOT / "palier").rglob("*.py")
        for match in FALSE_FRIENDS.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
