"""What a proof may be: three kinds of file, told by their first bytes and never by their name."""

import re
import unicodedata
from datetime import date

MAX_OCTETS = 10 * 1024 * 1024
#: A certificate covers a year as a rule; longer than this, a date was mistyped.
DUREE_MAX_JOURS = 3 * 366

_SIGNATURES = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)


def nature(debut: bytes) -> tuple[str, str] | None:
    """Return (mime, extension) of a file from its first bytes; None when it is neither PDF, JPEG nor PNG."""
    for signature, mime, extension in _SIGNATURES:
        if debut.startswith(signature):
            return mime, extension
    return None


def est_entier(contenu: bytes, mime: str) -> bool:
    """Tell whether the file has its end: a sending that was cut is said at once, not when somebody opens it."""
    fin = contenu[-2048:]
    return {
        "application/pdf": b"%%EOF" in fin,
        "image/jpeg": b"\xff\xd9" in fin,
        "image/png": b"IEND" in fin,
    }[mime]


def nom_sur(nom: str, extension: str) -> str:
    """Return a file's name that no system nor spreadsheet takes for something else."""
    base = nom.replace("\\", "/").rpartition("/")[2]
    base = base.rpartition(".")[0] or base
    ascii_ = unicodedata.normalize("NFKD", base).encode("ascii", "ignore").decode()
    propre = re.sub(r"[^A-Za-z0-9]+", "-", ascii_).strip("-")[:60]
    return (propre or "justificatif") + extension


def periode_valable(du: date, au: date, jour: date) -> str:
    """Return "" for a good period, else why not: ``inversee``, ``passee``, ``longue``."""
    if au < du:
        return "inversee"
    if au < jour:
        return "passee"
    return "longue" if (au - du).days > DUREE_MAX_JOURS else ""
