"""Text files: encodings tried in the declared order, never guessed; physical lines in bounded memory."""

import codecs
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from .constats import refuse

MIO = 1024 * 1024
#: Longest physical line, in characters: no export has one, a forgotten quote or a bomb does.
LIGNE_MAX = 1 * MIO
BOM_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLES = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def clean(cell: str) -> str:
    """A cell on one line: control characters become one blank."""
    return cell if cell.isprintable() else _CONTROLES.sub(" ", cell).strip()


def _decodes(path: Path, encodage: str) -> bool:
    decoder = codecs.getincrementaldecoder(encodage)("strict")
    try:
        with path.open("rb") as file:
            while block := file.read(MIO):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def choose_encoding(path: Path, encodages: Sequence[str], nom: str) -> str:
    """The first declared encoding that reads the whole file. Raises ProfilRefuse when none does."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(BOM_UTF16):
        encodages = [e for e in encodages if e.startswith("utf-16")]
        if not encodages:
            raise refuse(
                "encodage",
                _("Ce fichier est en UTF-16, que le profil ne déclare pas : exportez-le en UTF-8."),
                nom,
            )
    for encodage in encodages:
        if _decodes(path, encodage):
            return encodage
    essayes = ", ".join(encodages)
    raise refuse(
        "encodage",
        _(
            "Ce fichier ne se lit dans aucun des encodages déclarés ({essayes}) : "
            "vérifiez l'export, ou ajoutez son encodage au profil."
        ).format(essayes=essayes),
        nom,
    )


def physical_lines(path: Path, encodage: str, nom: str) -> Iterator[str]:
    """The lines without their ends: LF, CR LF, CR CR LF or CR. Raises ProfilRefuse for a NUL or an endless line."""
    with path.open(encoding=encodage, newline="\n") as file:
        number = 0
        while line := file.readline(LIGNE_MAX + 1):
            number += 1
            if len(line) > LIGNE_MAX:
                raise refuse(
                    "ligne_trop_longue",
                    _("Ligne de plus d'un million de caractères : ce n'est pas un export en lignes."),
                    nom,
                    number,
                )
            if "\x00" in line:
                raise refuse(
                    "octet_nul",
                    _("Le fichier contient un octet nul : il est abîmé, ou ce n'est pas du texte."),
                    nom,
                    number,
                )
            line = line.rstrip("\r\n")
            if "\r" in line:
                yield from line.split("\r")
            else:
                yield line
