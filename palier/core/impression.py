"""PDFs that we make: a typst model, its facts as JSON, an accessible file (PDF/UA-1). Made in memory, kept nowhere."""

import base64
import json
import os
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

import typst

from palier.core import imprimeur

_ROOT = Path(__file__).resolve().parents[2]
_LIMIT = 120  # seconds: our longest document takes two

# The compiler of a process is shared by its threads, and compiles one document at a time.
_one_at_a_time = threading.Lock()
# The process whose threads typst uses: they do not survive a fork, and a child that asks them waits for ever.
_used_in: int | None = None


@cache
def _compiler() -> typst.Compiler:
    """One compiler a process; the machine's fonts are ignored, so that every installation prints the same page."""
    return typst.Compiler(ignore_system_fonts=True)


def compile_model(modele: bytes, **options: Any) -> bytes:
    """Return what typst makes of ``modele``. Raises typst.TypstError when it, or an image in it, cannot be read.

    In the child of a process that has already used typst, the work is done by a fresh process.
    """
    global _used_in
    if _used_in not in (None, os.getpid()):
        return _elsewhere(modele, options)
    with _one_at_a_time:
        _used_in = os.getpid()
        made = _compiler().compile(modele, **options)
    if not isinstance(made, bytes):
        raise TypeError("typst did not return a file.")
    return made


def _elsewhere(modele: bytes, options: dict[str, Any]) -> bytes:
    order = json.dumps({"modele": base64.b64encode(modele).decode(), "options": options})
    done = subprocess.run(
        [sys.executable, "-P", "-m", imprimeur.__name__], input=order.encode(), capture_output=True, check=False,
        timeout=_LIMIT, cwd=_ROOT, env={**os.environ, "PYTHONPATH": str(_ROOT)},
    )  # fmt: skip
    if done.returncode == imprimeur.REFUSED:
        message = done.stderr.decode(errors="replace")
        raise typst.TypstError(message, message)
    if done.returncode:
        raise OSError(f"typst ended with {done.returncode}.")
    return done.stdout


def print_pdf(modele: Path, entree: str, contenu: dict[str, Any]) -> bytes:
    """Return the PDF that ``modele`` draws of ``contenu``, which it reads as ``sys.inputs.<entree>``."""
    inputs = {entree: json.dumps(contenu, ensure_ascii=False)}
    return compile_model(modele.read_bytes(), format="pdf", sys_inputs=inputs, pdf_standards="ua-1")


def draw_png(modele: bytes, entrees: dict[str, str]) -> bytes | None:
    """Return the PNG, a pixel a point, that ``modele`` draws of ``entrees``; None when an image cannot be read."""
    try:
        return compile_model(modele, format="png", ppi=72, sys_inputs=entrees)
    except typst.TypstError:
        return None
