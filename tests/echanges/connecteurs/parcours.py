"""Goes through the assistant's pages as a person without JavaScript does: reads each form, accepts what it proposes."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.echanges.connecteurs.echantillons import DONNEES


class _Forms(HTMLParser):
    """Collects, for each form of a page, what its fields hold."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {k: v or "" for k, v in attrs}
        if tag == "form":
            self.forms.append({})
            return
        if not self.forms:
            return
        form, name = self.forms[-1], facts.get("name", "")
        if tag == "input" and name and facts.get("type") not in {"file", "checkbox", "radio", "hidden"}:
            form[name] = facts.get("value", "")
        elif tag == "input" and name and facts.get("type") in {"checkbox", "radio"} and "checked" in facts:
            form[name] = facts.get("value", "on")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in facts or self._select not in form):
            form[self._select] = facts.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def fields(html: str, having: str = "") -> dict[str, str]:
    """The fields of the largest form of a page (or of the one that has a field)."""
    parser = _Forms()
    parser.feed(html)
    kept = [f for f in parser.forms if having in f] if having else parser.forms
    return max(kept, key=len)


class Parcours:
    """One draft, followed by one member of the staff of Cabinet A."""

    def __init__(
        self, client: Client, connecteur: str, nom: str = "Gérance", slug: str = "cabinet-a"
    ) -> None:
        self.client, self.slug = client, slug
        answer = client.post(self.url("connecteur", connecteur=connecteur), {"nom": nom})
        assert answer.status_code == 302, answer.content.decode()[:2000]
        self.home: str = answer.url

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"gestion:{name}", kwargs={"agence": self.slug, **kwargs})

    def page(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.content.decode()

    def send(self, nom: str, content: bytes) -> Any:
        """Send an export; return the answer."""
        return self.client.post(f"{self.home}/envoyer", {"export": SimpleUploadedFile(nom, content)})

    def step(self, rang: int, name: str, change: dict[str, str] | None = None, having: str = "") -> Any:
        """Accept what a step proposes, with these changes; return the answer."""
        address = f"{self.home}/fichier/{rang}/{name}"
        given = fields(self.page(address), having) | (change or {})
        return self.client.post(address, given)

    def file(
        self, rang: int, nature: str, lecture: dict[str, str] | None = None, colonnes: dict[str, str] | None = None,
        reglages: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Go through the three steps of a file."""
        if nature not in {"pdf", "fec"}:
            for change in (lecture or {}, {"continuer": "1"}):
                done = self.step(rang, "lecture", {"nature": nature, **change}, "nature")
                assert done.status_code == 302, done.content.decode()
            done = self.step(rang, "colonnes", colonnes)
            assert done.status_code == 302, done.content.decode()
        done = self.step(rang, "reglages", reglages)
        assert done.status_code == 302, done.content.decode()

    def result(self) -> str:
        return self.page(f"{self.home}/resultat")

    def save(self, real: bool = True) -> str:
        """Save the calibration; return its page's address."""
        answer = self.client.post(f"{self.home}/resultat", {"reel": "on"} if real else {})
        assert answer.status_code == 302, answer.content.decode()
        return str(answer.url)


def given(nom: str) -> bytes:
    return (Path(DONNEES) / nom).read_bytes()


def spilasuite(client: Client) -> Parcours:
    one = Parcours(client, "spilasuite")
    assert one.send("locataires_20261122.csv", given("spilasuite-locataires.csv")).status_code == 302
    one.file(1, "locataires")
    return one


def sdgi(client: Client) -> Parcours:
    one = Parcours(client, "sdgi", "Syndic")
    assert one.send("BALCOP.TXT", given("sdgi-balance.txt")).status_code == 302
    one.file(1, "coproprietaires")
    return one


def gpi(client: Client) -> Parcours:
    one = Parcours(client, "gpi", "Cabinet")
    assert one.send("soldes.xlsx", given("gpi-soldes.xlsx")).status_code == 302
    one.file(1, "comptes", {"feuille": "Soldes"})
    return one


def login(client: Client) -> Parcours:
    one = Parcours(client, "login", "Syndic")
    assert one.send("envoi.zip", given("login-envoi.zip")).status_code == 302
    ranks: dict[str, int] = {}
    for i in (1, 2, 3):
        html = one.page(f"{one.home}/fichier/{i}/lecture")
        ranks |= {n: i for n in ("comptes.txt", "contacts.csv", "grand_livre.txt") if f"Lire {n}" in html}
    one.file(ranks["comptes.txt"], "comptes", reglages={"role": "coproprietaire"})
    one.file(ranks["grand_livre.txt"], "ecritures", reglages={"role": "coproprietaire"})
    one.file(ranks["contacts.csv"], "contacts")
    one.file(4, "pdf", reglages={"compte": "2", "date": "3", "titre": "1", "categorie": "appel_de_fonds"})
    return one
