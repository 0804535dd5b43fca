"""The colour of an agence, moved in OKLCH until every pair can be read.

An agence gives one colour. Its hue is kept, its chroma is kept when the screen can show it, and its
lightness moves, no further than needed, until the contrasts of WCAG 2.2 hold: 4.5:1 for text, 3:1 for
borders and large text. Pure Python, no state.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from math import atan2, cos, hypot, radians, sin

from django.utils.translation import gettext as _

TEXT = 4.5
LARGE = 3.0
# A hair above the law's figure: eight-bit rounding must not bring a pair under it.
MARGIN = 0.05
STEPS = 400

# Grounds of the two themes, the same as in styles/10-jetons.css.
GROUNDS = {
    "clair": {"papier": "#faf7f2", "surface": "#ffffff", "encre": "#24201b", "creux": "#f2ede5"},
    "sombre": {"papier": "#191714", "surface": "#22201c", "encre": "#f1ece3", "creux": "#2c2924"},
}

Rgb = tuple[float, float, float]
Oklch = tuple[float, float, float]


def parse_hex(value: str) -> Rgb:
    """Read `#rgb` or `#rrggbb` (the sharp is optional) into three shares 0..1; ValueError otherwise."""
    text = value.strip().lstrip("#")
    if len(text) == 3:
        text = "".join(letter * 2 for letter in text)
    if not re.fullmatch(r"[0-9a-fA-F]{6}", text):
        raise ValueError(f"not a colour: {value!r}")
    return int(text[0:2], 16) / 255, int(text[2:4], 16) / 255, int(text[4:6], 16) / 255


def format_hex(rgb: Rgb) -> str:
    """Write three shares 0..1 as `#rrggbb`, clipped to the screen's range."""
    return "#" + "".join(f"{round(min(1.0, max(0.0, share)) * 255):02x}" for share in rgb)


def _to_linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _from_linear(share: float) -> float:
    return share * 12.92 if share <= 0.0031308 else float(1.055 * share ** (1 / 2.4) - 0.055)


def luminance(value: str) -> float:
    """Relative luminance of WCAG, 0 (black) to 1 (white)."""
    red, green, blue = (_to_linear(share) for share in parse_hex(value))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of WCAG between two colours, 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _cube_root(value: float) -> float:
    return float(abs(value) ** (1 / 3)) * (1 if value >= 0 else -1)


def to_oklch(value: str) -> Oklch:
    """Lightness 0..1, chroma 0..about 0.37, hue in degrees. Matrices: Björn Ottosson, OKLab, 2020."""
    red, green, blue = (_to_linear(share) for share in parse_hex(value))
    long = _cube_root(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = _cube_root(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = _cube_root(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    green_red = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    blue_yellow = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    hue = atan2(blue_yellow, green_red) * 180 / 3.141592653589793
    return light, hypot(green_red, blue_yellow), hue % 360


def _linear_rgb(light: float, chroma: float, hue: float) -> Rgb:
    green_red = chroma * cos(radians(hue))
    blue_yellow = chroma * sin(radians(hue))
    long = (light + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    medium = (light - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (light - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def from_oklch(light: float, chroma: float, hue: float) -> str:
    """The nearest colour that a screen can show: chroma shrinks until the three shares fit."""
    light = min(1.0, max(0.0, light))
    for step in range(41):
        shares = _linear_rgb(light, chroma * (1 - step / 40), hue)
        if all(-0.0005 <= share <= 1.0005 for share in shares):
            red, green, blue = (_from_linear(max(0.0, share)) for share in shares)
            return format_hex((red, green, blue))
    return format_hex((light, light, light))


def _nearest(start: float, chroma: float, hue: float, fits: Callable[[str], bool], darker: bool) -> str:
    """Move the lightness away from `start`, one way, until `fits`; black or white at the end."""
    for step in range(STEPS + 1):
        share = step / STEPS
        light = start * (1 - share) if darker else start + (1 - start) * share
        candidate = from_oklch(light, chroma, hue)
        if fits(candidate):
            return candidate
    return "#000000" if darker else "#ffffff"


def _reads_on(grounds: Iterable[str], ratio: float) -> Callable[[str], bool]:
    fixed = tuple(grounds)
    return lambda candidate: all(contrast(candidate, ground) >= ratio + MARGIN for ground in fixed)


def _both(first: Callable[[str], bool], second: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda candidate: first(candidate) and second(candidate)


def _theme(light: float, chroma: float, hue: float, name: str) -> dict[str, str]:
    """The accent's seven colours in one theme; each pair named in `pairs` holds by construction."""
    ground = GROUNDS[name]
    is_light = name == "clair"
    soft = from_oklch(0.945 if is_light else 0.30, min(chroma, 0.03 if is_light else 0.045), hue)
    grounds = (ground["papier"], ground["surface"], ground["creux"], soft)
    start = min(light, 0.62) if is_light else max(light, 0.62)
    accent = _nearest(start, min(chroma, 0.16), hue, _reads_on(grounds, TEXT), darker=is_light)
    border = _nearest(
        light if is_light else max(light, 0.45), chroma, hue, _reads_on(grounds, LARGE), is_light
    )
    # The filled button keeps the agence's own colour when black or white can be read on it.
    fill, on_fill = _fill(light, chroma, hue, ground["papier"], ground["surface"])
    hover = from_oklch(to_oklch(fill)[0] + (-0.06 if on_fill == "#ffffff" else 0.05), chroma, hue)
    return {
        "accent": accent,
        "accent-bord": border,
        "accent-fond": fill,
        "accent-survol": hover,
        "sur-accent": on_fill,
        "accent-doux": soft,
        "sur-doux": _nearest(to_oklch(accent)[0], min(chroma, 0.12), hue, _reads_on((soft,), 7.0), is_light),
    }


def _fill(light: float, chroma: float, hue: float, *grounds: str) -> tuple[str, str]:
    """Ground and ink of a filled button: 4.5:1 for its words, 3:1 against the page around it."""
    stands_out = _reads_on(grounds, LARGE)
    is_dark_page = luminance(grounds[0]) < 0.2
    best: tuple[float, str, str] | None = None
    for ink in ("#ffffff", "#1a1714"):
        reads = _reads_on((ink,), TEXT)
        for darker in (True, False):
            fill = _nearest(light, chroma, hue, _both(reads, stands_out), darker)
            if not (reads(fill) and stands_out(fill)):
                continue
            # White words first: a page of the agence looks like its letterhead.
            cost = abs(to_oklch(fill)[0] - light) + (0.0 if (ink == "#ffffff") != is_dark_page else 0.08)
            if best is None or cost < best[0]:
                best = (cost, fill, ink)
    if best is None:
        return ("#f1ece3", "#1a1714") if is_dark_page else ("#24201b", "#ffffff")
    return best[1], best[2]


def palette(value: str) -> dict[str, dict[str, str]]:
    """The two themes ("clair", "sombre") of an agence's colour: custom property name -> `#rrggbb`.

    Raises ValueError when `value` is not a colour.
    """
    light, chroma, hue = to_oklch(value)
    return {name: _theme(light, chroma, hue, name) for name in GROUNDS}


def pairs(theme: str, colours: dict[str, str]) -> list[tuple[str, str, str, float]]:
    """Every pair that the screens draw: (what, ink, ground, ratio to reach). The administrator sees them."""
    ground = GROUNDS[theme]
    return [
        (_("Lien sur la page"), colours["accent"], ground["papier"], TEXT),
        (_("Lien sur une carte"), colours["accent"], ground["surface"], TEXT),
        (_("Lien sur un fond creux"), colours["accent"], ground["creux"], TEXT),
        (_("Lien sur un fond teinté"), colours["accent"], colours["accent-doux"], TEXT),
        (_("Texte du bouton"), colours["sur-accent"], colours["accent-fond"], TEXT),
        (_("Texte du bouton survolé"), colours["sur-accent"], colours["accent-survol"], TEXT),
        (_("Texte sur fond teinté"), colours["sur-doux"], colours["accent-doux"], TEXT),
        (_("Bouton sur la page"), colours["accent-fond"], ground["papier"], LARGE),
        (_("Bordure sur la page"), colours["accent-bord"], ground["papier"], LARGE),
        (_("Bordure sur une carte"), colours["accent-bord"], ground["surface"], LARGE),
    ]


def _declarations(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


@lru_cache(maxsize=4096)
def stylesheet(slug: str, value: str) -> str:
    """The CSS served as `/agence/<slug>.css`: the accent inside `[data-agence="<slug>"]`, both themes.

    `slug` holds only lower-case letters, digits and hyphens: anything else raises ValueError, since it
    is written into a selector.
    """
    if not re.fullmatch(r"[a-z0-9-]+", slug):
        raise ValueError(f"not a slug: {slug!r}")
    themes = palette(value)
    selector = f'[data-agence="{slug}"]'
    return (
        f"{selector}{{{_declarations(themes['clair'])}}}\n"
        f"@media (prefers-color-scheme:dark){{{selector}{{{_declarations(themes['sombre'])}}}}}\n"
    )
