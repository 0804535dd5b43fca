"""An agence's colour, whichever it is, ends readable in both themes; the stylesheet served is up to date."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palier.screens.shared import couleur
from palier.screens.shared.assemble import TARGET, assemble

ANY_COLOUR = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")


@settings(deadline=None, max_examples=60)
@given(ANY_COLOUR)
def test_palette_reaches_every_contrast(colour: str) -> None:
    for theme, colours in couleur.palette(colour).items():
        short = [
            (what, ink, ground)
            for what, ink, ground, least in couleur.pairs(theme, colours)
            if couleur.contrast(ink, ground) < least
        ]
        assert short == []


def test_palette_keeps_a_colour_that_already_reads() -> None:
    assert couleur.palette("#1d5f66")["clair"]["accent-fond"] == "#1d5f66"


@settings(deadline=None)
@given(ANY_COLOUR)
def test_oklch_returns_to_the_same_colour(colour: str) -> None:
    back = couleur.parse_hex(couleur.from_oklch(*couleur.to_oklch(colour)))
    assert all(abs(a - b) <= 2 / 255 for a, b in zip(back, couleur.parse_hex(colour), strict=True))


def test_stylesheet_names_its_agence_only() -> None:
    sheet = couleur.stylesheet("agence-des-quais", "#1d5f66")
    assert sheet.count("{") == sheet.count("}")
    assert sheet.count('[data-agence="agence-des-quais"]') == 2


@pytest.mark.parametrize("slug", ['x"]{}', "A", "", "é"])
def test_stylesheet_refuses_what_is_not_a_slug(slug: str) -> None:
    with pytest.raises(ValueError, match="slug"):
        couleur.stylesheet(slug, "#1d5f66")


@pytest.mark.parametrize("colour", ["", "#12", "rouge", "#gggggg", "#1d5f66;}"])
def test_palette_refuses_what_is_not_a_colour(colour: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        couleur.palette(colour)


def test_served_stylesheet_is_the_assembled_one() -> None:
    assert TARGET.read_text(encoding="utf-8") == assemble()
