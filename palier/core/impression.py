"""PDFs that we make: a typst model, its facts as JSON, an accessible file (PDF/UA-1). Made in memory, kept nowhere."""

import json
import threading
from functools import cache
from pathlib import Path
from typing import Any

import typst

# The compiler of a process is shared by its threads, and compiles one document at a time.
_one_at_a_time = threading.Lock()


@cache
def _compiler() -> typst.Compiler:
    """One compiler a process; the machine's fonts are ignored, so that every installation prints the same page."""
    return typst.Compiler(ignore_system_fonts=True)


def print_pdf(modele: Path, entree: str, contenu: dict[str, Any]) -> bytes:
    """Return the PDF that ``modele`` draws of ``contenu``, which it reads as ``sys.inputs.<entree>``."""
    with _one_at_a_time:
        printed = _compiler().compile(
            modele.read_bytes(),
            format="pdf",
            sys_inputs={entree: json.dumps(contenu, ensure_ascii=False)},
            pdf_standards="ua-1",
        )
    if not isinstance(printed, bytes):
        raise TypeError("typst did not return a PDF.")
    return printed


def draw_png(modele: bytes, entrees: dict[str, str]) -> bytes | None:
    """Return the PNG, a pixel a point, that ``modele`` draws of ``entrees``; None when an image cannot be read."""
    with _one_at_a_time:
        try:
            drawn = _compiler().compile(modele, format="png", ppi=72, sys_inputs=entrees)
        except typst.TypstError:
            return None
    return drawn if isinstance(drawn, bytes) else None
