"""The rules of a legal text: sections, fields, forgotten placeholders, differences."""

from typing import Any

import pytest
from django.conf import settings

from palier.vie_privee.enums import GenreTexte
from palier.vie_privee.livraison import shipped
from palier.vie_privee.queries import lacks
from palier.vie_privee.rules.textes import (
    difference,
    fill,
    missing_fields,
    next_version,
    placeholders,
    sans_marque,
    sections,
)

CORPS = "## Qui\n\n{nom} répond.\n\n## Quoi\n\n- un point ;\n- un autre.\n"


def test_sections_hold_paragraphs_and_lists() -> None:
    found = sections(CORPS)
    assert [s.titre for s in found] == ["Qui", "Quoi"]
    assert found[1].corps == [["un point ;", "un autre."]]


@pytest.mark.parametrize(
    "valeur", ["", "   ", "[à compléter]", "indiquer ses coordonnées", "TODO", "À COMPLÉTER"]
)
def test_a_field_left_empty_or_to_fill_is_missing(valeur: str) -> None:
    assert missing_fields(CORPS, {"nom": valeur}) == ["nom"]


def test_an_unknown_field_is_missing() -> None:
    assert missing_fields("## T\n\n{inconnu}", {"nom": "x"}) == ["inconnu"]


def test_a_placeholder_in_the_words_is_seen() -> None:
    assert placeholders("Écrivez au délégué (indiquer ses coordonnées) ou à [adresse].") == [
        "indiquer ses",
        "[adresse]",
    ]
    assert placeholders("Rien ne manque ici.") == []


def test_filling_leaves_no_field() -> None:
    assert "{" not in fill(CORPS, {"nom": "Palier SAS"})


@pytest.mark.parametrize("genre", GenreTexte.values)
@pytest.mark.parametrize("langue", ["fr", "en"])
def test_every_shipped_text_is_complete(genre: str, langue: str) -> None:
    titre, corps = shipped(genre, langue)
    assert titre
    assert lacks(corps) == []
    assert "{" not in fill(corps, settings.EXPLOITANT)
    assert len(sections(corps)) == len(sections(shipped(genre, "fr")[1]))


def test_difference_marks_the_words_that_change() -> None:
    rows = difference(
        "## A\n\nUn compte gratuit.\n\nReste.", "## A\n\nUn compte payant.\n\nReste.\n\nEn plus."
    )
    assert [r.genre for r in rows] == ["meme", "change", "meme", "ajoute"]
    assert [words for changed, words in rows[1].avant if changed] == ["gratuit."]
    assert [words for changed, words in rows[1].apres if changed] == ["payant."]


@pytest.mark.parametrize(("avant", "apres"), [("1.0", "1.1"), ("2.9", "2.10"), ("", "1.0"), ("été", "1.0")])
def test_next_version(avant: str, apres: str) -> None:
    assert next_version(avant) == apres


@pytest.mark.parametrize(
    ("morceaux", "attendu"),
    [
        (((False, "## "), (True, "Titre")), ("titre", ((True, "Titre"),))),
        (((True, "##"), (False, " "), (True, "Titre")), ("titre", ((True, "Titre"),))),
        (((False, "- un point"),), ("point", ((False, "un point"),))),
        (((False, "un - deux"),), ("", ((False, "un - deux"),))),
        ((), ("", ())),
    ],
)
def test_a_comparison_says_what_a_paragraph_is_without_its_mark(morceaux: Any, attendu: Any) -> None:
    assert sans_marque(morceaux) == attendu
