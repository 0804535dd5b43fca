"""The agence's logo: PNG, JPEG or WebP, drawn again by us, so that nothing of the file received is served.

No SVG: it may hold scripts and addresses. The drawing is done by typst's decoders (Rust), in memory.
"""

import json
import struct

from django.utils.translation import gettext as _

from palier.core.errors import BusinessError
from palier.core.impression import draw_png

LARGEUR, HAUTEUR = 480, 160  # pixels at most, proportions kept
MAX_OCTETS = 200_000
MAX_COTE = 4000  # pixels of a side: beyond, a small file may unfold into gigabytes

_DESSIN = b"""#set page(width: auto, height: auto, margin: 0pt, fill: none)
#let entree = json(bytes(sys.inputs.logo))
#image(bytes(entree.octets), format: entree.format, width: entree.largeur * 1pt, height: entree.hauteur * 1pt)
"""


def _refuse(code: str, text: str) -> BusinessError:
    return BusinessError(code, text)


def redraw(content: bytes) -> bytes:
    """Return the PNG of a logo, at most 480 × 160. Raises ``BusinessError`` with what is wrong and what to do."""
    if len(content) > MAX_OCTETS:
        raise _refuse("logo_lourd", _("Ce fichier dépasse 200 ko : enregistrez-le plus petit."))
    genre, size = _nature(content)
    if genre is None:
        raise _refuse(
            "logo_genre", _("Ce fichier n’est ni un PNG, ni un JPEG, ni un WebP : choisissez-en un autre.")
        )
    if size is None or not (0 < size[0] <= MAX_COTE and 0 < size[1] <= MAX_COTE):
        raise _refuse(
            "logo_dimensions", _("L’image n’a pas de dimensions lisibles, ou dépasse 4 000 pixels de côté.")
        )
    scale = min(LARGEUR / size[0], HAUTEUR / size[1], 1.0)
    facts = {
        "octets": list(content),
        "format": genre,
        "largeur": max(1, round(size[0] * scale)),
        "hauteur": max(1, round(size[1] * scale)),
    }
    drawn = draw_png(_DESSIN, {"logo": json.dumps(facts)})
    if drawn is None:
        raise _refuse(
            "logo_illisible", _("Cette image est abîmée : enregistrez-la de nouveau, en PNG par exemple.")
        )
    return drawn


def _nature(content: bytes) -> tuple[str | None, tuple[int, int] | None]:
    """Return the format told by the first bytes, and the size that the header announces."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png", _pair(">II", content, 16)
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg", _jpeg_size(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp", _webp_size(content)
    return None, None


def _pair(layout: str, content: bytes, at: int) -> tuple[int, int] | None:
    try:
        first, second = struct.unpack_from(layout, content, at)
    except struct.error:
        return None
    return int(first), int(second)


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header (ITU T.81, B.2.2): height then width."""
    at = 2
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            found = _pair(">HH", content, at + 5)
            return (found[1], found[0]) if found else None
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    """Read the size of the three kinds of WebP (RFC 9649)."""
    kind = content[12:16]
    if kind == b"VP8X" and len(content) >= 30:
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8 ":
        found = _pair("<HH", content, 26)
        return (found[0] & 0x3FFF, found[1] & 0x3FFF) if found else None
    if kind == b"VP8L" and len(content) >= 25:
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    return None
