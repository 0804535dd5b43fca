"""The English catalogue: complete, same placeholders, compiled, found at run time, and no French left on the page."""

import re
from pathlib import Path

import pytest
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from django.conf import settings
from django.core.management import call_command
from django.template import engines
from django.test import Client

from config import folding, jinja
from tests.accessoires import DPO, build_props
from tests.cast import Cast
from tests.test_acces import addresses

FOLDER = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES"
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[ds]|\{[\w.]*\}|<[^>]+>")
_FRENCH = re.compile(
    r"\b(Accueil|Connexion|Adresse e-mail|Mot de passe|Votre|Saisissez|Choisissez|Recopiez)\b"
)


def catalogue() -> Catalog:
    """Return the catalogue as it is written."""
    with (FOLDER / "django.po").open("rb") as source:
        return pofile.read_po(source, locale="en")


def texts(value: object) -> tuple[str, ...]:
    """Return the singular and the plural, or the only text."""
    return tuple(str(v) for v in value) if isinstance(value, tuple | list) else (str(value),)


def english(client: Client) -> Client:
    """Have this client ask for English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_every_source_string_has_its_english_text() -> None:
    call_command("traductions", "--verifier")


def test_placeholders_and_tags_are_those_of_the_source() -> None:
    wrong = [
        (source, target)
        for message in catalogue()
        if message.id
        for source, target in zip(texts(message.id), texts(message.string), strict=True)
        if sorted(_PLACEHOLDER.findall(source)) != sorted(_PLACEHOLDER.findall(target))
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    with (FOLDER / "django.mo").open("rb") as source:
        compiled = mofile.read_mo(source)
    written = {texts(m.id): texts(m.string) for m in catalogue() if m.id}
    assert {texts(m.id): texts(m.string) for m in compiled if m.id} == written


@pytest.mark.parametrize("address", ["/", "/connexion", "/activer"])
def test_a_public_page_is_in_english(address: str, db: None) -> None:
    page = english(Client()).get(address).content.decode()
    assert '<html lang="en"' in page
    assert _FRENCH.findall(re.sub(r"<[^>]*lang=\"fr\"[^>]*>[^<]*", "", page)) == []


@pytest.mark.meme_partout
def test_templates_ask_only_for_messages_of_the_catalogue(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {text for message in catalogue() for text in texts(message.id)}
    asked: set[str] = set()
    original = jinja.gettext

    def recorded(message: str) -> str:
        asked.add(message)
        return original(message)

    monkeypatch.setattr(jinja, "gettext", recorded)
    monkeypatch.setattr(folding, "gettext", recorded)
    jinja._translated.cache_clear()
    engines["jinja2"].env.forget()  # type: ignore[attr-defined]
    props = build_props(cast, tmp_path)
    for who in ("anonyme", "claire", "beatrice", "leo", "adele", "edgar", DPO):
        client = english(cast.client(who))
        for _route, address in addresses(cast, props):
            client.get(address)
    jinja._translated.cache_clear()
    assert len(asked) > 200
    assert sorted(asked - known) == []
