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
from django.test import Client
from django.urls import reverse

from palier.core.checks import walk
from palier.core.screens import declared_access
from tests.accessoires import DPO, Accessoires, build_props
from tests.cast import Cast

FILE = Path(__file__).resolve().parent.parent / "docs" / "acces.csv"
WHO = (
    "anonyme", "sans", "claire", "conrad", "beatrice", "leo", "fabien", "anna", "gaston", "adele", "edgar",
    "bruno", "charlie", DPO,
)  # fmt: skip
OUTSIDERS = ("anonyme", "sans", "bruno", "charlie")
# Pages that anybody signed in has for himself, or that are public: nothing of agence A is in their address.
_OWN = re.compile(r"^(?!(e|g|exploitant)/)")


def sample(cast: Cast, props: Accessoires, route: str, name: str) -> dict[str, Any]:
    """Return the arguments of an address, chosen in agence A: a real object, where there is one."""
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
        **props.par_nom.get(name, {}),
    }
    found = {}
    for kind, parameter in re.findall(r"<(?:(\w+):)?(\w+)>", route):
        default = espace if kind == "uuid" else 1 if kind == "int" else "inconnu"
        found[parameter] = values.get(parameter, default)
    return found


def addresses(cast: Cast, props: Accessoires) -> Iterator[tuple[str, str]]:
    """Yield (route, address) of everything that the portal answers, but static files."""
    for route, name, view in sorted(walk(), key=lambda item: item[0]):
        if route.startswith(("static/", "demo/")) or not name.split(":")[-1]:
            continue
        assert declared_access(view) is not None
        yield route, reverse(name, kwargs=sample(cast, props, route, name))


def answer(client: Client, method: str, address: str) -> str:
    """Return the status, with where a redirection leads when it is to sign in."""
    response = getattr(client, method)(address)
    if response.status_code in {301, 302, 303} and response.url.startswith("/connexion"):
        return "connexion"
    return str(response.status_code)


def table(cast: Cast, props: Accessoires) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["verbe", "adresse", "geste", *WHO])
    gestures = {route: declared_access(view) for route, _name, view in walk()}
    readers = {who: cast.client(who) for who in WHO}
    for route, address in addresses(cast, props):
        seen = [answer(readers[who], "get", address) for who in WHO]
        writer.writerow(["GET", "/" + route, gestures[route], *seen])
        # A form may close the session: each comes from a browser of its own.
        sent = [answer(cast.client(who), "post", address) if who in OUTSIDERS else "" for who in WHO]
        writer.writerow(["POST", "/" + route, gestures[route], *sent])
    return out.getvalue()


def test_every_address_for_every_member_of_the_cast(cast: Cast, tmp_path: Path) -> None:
    found = table(cast, build_props(cast, tmp_path))
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


def test_the_data_protection_officer_opens_no_page_of_an_agence_nor_of_the_exploitant() -> None:
    """Whoever answers for personal data reads what is asked of him, and no client's data (nor the console)."""
    with FILE.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter=";") if row["verbe"] == "GET"]
    private = [row for row in rows if not _OWN.match(row["adresse"].lstrip("/"))]
    opened = {row["adresse"] for row in private if row[DPO] not in {"404", "405"}}
    assert opened == {
        "/exploitant/dpo", "/exploitant/dpo/demandes/<uuid:demande>", "/exploitant/dpo/directives/<uuid:directive>",
    }  # fmt: skip


#: GET pages that nobody of the cast opens here, each with its reason; ``_FICHIERS`` are files, not pages.
FERMEES = {
    "/.well-known/change-password": "leads to the page of the password",
    "/^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$": "a mail's token, of one use",
    "/activer/compte": "follows a code accepted in the same session (tests/acces/test_activation.py)",
    "/activer/confirmer/<str:jeton>": "a mail's token, of one use",
    "/activer/rattacher": "follows a code accepted in the same session (tests/acces/test_activation.py)",
    "/activer/verification": "follows a code accepted in the same session (tests/acces/test_activation.py)",
    "/certificats/<uuid:numero>": "an agence erased for good (tests/screens/exploitant/test_contrats.py)",
    "/e/<uuid:espace>/assurance/envoyer": "leads to the page of the insurance: its form is there",
    "/g/<slug:agence>/connecteurs/calibrage/<uuid:calibrage>/envoyer": "leads to the draft: its form is there",
    "/g/<slug:agence>/connecteurs/importer": "leads to the connectors: its form is there",
    "/g/<slug:agence>/equipe/inviter": "leads to the team: its form is there",
    "/g/<slug:agence>/imports/deposer": "leads to the imports: its form is there",
    "/mon-compte/donnees/copie/<uuid:export>": "asks for the password again, then is a file",
    "/readyz": "no worker runs beside the tests (tests/screens/machine/test_health.py)",
}
_FICHIERS = re.compile(r"<slug:piece>$|\.(png|zip|<str:forme>)$|/droits/remise/<str:jeton>$")
#: Opened by an act of the staff in the same session: tests/test_pages.py does it before it opens them.
VUE = "/g/<slug:agence>/vue/"


def test_every_page_that_nobody_opens_is_named_with_its_reason() -> None:
    with FILE.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter=";") if row["verbe"] == "GET"]
    shut = {
        row["adresse"]
        for row in rows
        if not {"200", "405"} & {row[who] for who in WHO}
        and not row["adresse"].startswith(("/api/", VUE))
        and not _FICHIERS.search(row["adresse"])
    }
    assert sorted(shut) == sorted(FERMEES)


@pytest.mark.parametrize("status", ["500", "503"])
def test_the_table_holds_no_failure(status: str) -> None:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if ";/readyz;" not in line]
    assert [line for line in lines if f";{status}" in line] == []
