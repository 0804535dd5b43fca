"""Every address × every member of the cast equals docs/acces.csv, reviewed in each diff.

``PALIER_ECRIRE_ACCES=1 ./run test tests/test_acces.py`` writes the file again. What is tried is always about an
object of agence A, so that Charlie and Bruno (agence B) must be refused everywhere.
"""

import csv
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from palier.core.checks import walk
from palier.core.screens import declared_access
from tests.cast import Cast

FILE = Path(__file__).resolve().parent.parent / "docs" / "acces.csv"
WHO = (
    "anonyme", "sans", "claire", "conrad", "beatrice", "leo", "fabien", "anna", "gaston", "adele", "edgar",
    "bruno", "charlie",
)  # fmt: skip
OUTSIDERS = ("anonyme", "sans", "bruno", "charlie")
# Pages that anybody signed in has for himself, or that are public: nothing of agence A is in their address.
_OWN = re.compile(r"^(?!(e|g|exploitant)/)")


def sample(cast: Cast, route: str, name: str) -> dict[str, Any]:
    """Return the arguments of an address, chosen in agence A."""
    espace = cast.espace_id("claire")
    values: dict[str, Any] = {
        "agence": "cabinet-a",
        "slug": "cabinet-a",
        "espace": espace,
        "document": cast.documents["claire"].id,
        "tiers": cast.rows["tiers"]["claire"].id,
        "acces": cast.acces["claire"].id,
        "import_id": espace,
        "n": 1,
        "annee": 2026,
    }
    found = {}
    for kind, parameter in re.findall(r"<(?:(\w+):)?(\w+)>", route):
        default = espace if kind == "uuid" else 1 if kind == "int" else "inconnu"
        found[parameter] = values.get(parameter, default)
    return found


def addresses(cast: Cast) -> Iterator[tuple[str, str]]:
    """Yield (route, address) of everything that the portal answers, but static files."""
    for route, name, view in sorted(walk(), key=lambda item: item[0]):
        if route.startswith(("static/", "demo/")) or not name.split(":")[-1]:
            continue
        assert declared_access(view) is not None
        yield route, reverse(name, kwargs=sample(cast, route, name))


def answer(cast: Cast, who: str, method: str, address: str) -> str:
    """Return the status, with where a redirection leads when it is to sign in."""
    client = cast.client(who)
    response = getattr(client, method)(address)
    if response.status_code in {301, 302, 303} and response.url.startswith("/connexion"):
        return "connexion"
    return str(response.status_code)


def table(cast: Cast) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["verbe", "adresse", "geste", *WHO])
    gestures = {route: declared_access(view) for route, _name, view in walk()}
    for route, address in addresses(cast):
        for method, people in (("get", WHO), ("post", OUTSIDERS)):
            row = [answer(cast, who, method, address) if who in people else "" for who in WHO]
            writer.writerow([method.upper(), "/" + route, gestures[route], *row])
    return out.getvalue()


def test_every_address_for_every_member_of_the_cast(cast: Cast) -> None:
    found = table(cast)
    if os.environ.get("PALIER_ECRIRE_ACCES"):
        FILE.write_text(found, encoding="utf-8")
    assert found.splitlines() == FILE.read_text(encoding="utf-8").splitlines()


def test_the_table_lets_no_outsider_in() -> None:
    """Whatever the table says, nobody of another agence or of none gets anything but 404, 405 or the sign-in page."""
    with FILE.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    private = [row for row in rows if not _OWN.match(row["adresse"].lstrip("/"))]
    assert private
    for row in private:
        for who in OUTSIDERS:
            assert row[who] in {"404", "405", "connexion", "403"}, (
                row["verbe"],
                row["adresse"],
                who,
                row[who],
            )
            if row["verbe"] == "GET" and who != "anonyme":
                assert row[who] in {"404", "405"}, (row["adresse"], who, row[who])


@pytest.mark.parametrize("status", ["500", "503"])
def test_the_table_holds_no_failure(status: str) -> None:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if ";/readyz;" not in line]
    assert [line for line in lines if f";{status}" in line] == []
