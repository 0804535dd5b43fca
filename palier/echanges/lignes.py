"""Turns the raw bytes of a table file into numbered UTF-8 records, so that a fault names its physical line.

Each record is written with its line number as a first column. A quoted text may hold line breaks: only the line
that opens a record is numbered. Memory: one block of the zip and one record.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from palier.echanges.anomalies import refusal
from palier.echanges.limites import Limites

BOM = b"\xef\xbb\xbf"
BOM_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_QUOTED = re.compile(rb'"(?:[^"]|"")*"(?!")')
#: Characters that nobody sees: commands, and marks that turn the reading around (a name may then pass for another).
#: Tabulations and line breaks are left alone, and so are the joiners that some scripts need.
CACHES = (
    r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\x{80}-\x{9f}\x{61c}\x{200b}\x{200e}\x{200f}\x{2028}-\x{202e}"
    r"\x{2060}\x{2066}-\x{2069}\x{feff}]"
)
_COMMANDES = bytes({*range(1, 9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F})
#: The others of them, in UTF-8.
_SENS = re.compile(
    rb"\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8b\x8e\x8f\xa8-\xae]|\xe2\x81[\xa0\xa6-\xa9]|\xef\xbb\xbf"
)
#: The last column is ours: an engine forgives empty columns past the last, which hide a shifted line.
_RECORD = b"%d;%b;."
#: A quoted text longer than this many lines is a forgotten quote.
MAX_QUOTED_LINES = 200
#: Past this count of unreadable lines the cutting itself is in doubt.
MAX_UNREADABLE = 50_000


@dataclass
class Preparee:
    """A table file ready to be read: `fautes` maps a physical line to the code of what makes it unreadable."""

    chemin: Path
    entete: str
    enregistrements: int = 0
    sha256: str = ""
    fautes: dict[int, str] = field(default_factory=dict)
    #: Whether some characters of the file are invisible.
    caches: bool = False


def has_hidden(text: bytes) -> bool:
    """Whether a text in UTF-8 holds one of `CACHES`."""
    if len(text.translate(None, _COMMANDES)) != len(text):
        return True
    return not text.isascii() and _SENS.search(text) is not None


def opens_quote(line: bytes) -> bool:
    """Whether a record's first line ends inside a quoted field (a quote opens only at the start of a field)."""
    at, end = 0, len(line)
    while at < end:
        if line[at : at + 1] == b'"':
            match = _QUOTED.match(line, at)
            if match is None:
                return True
            at = match.end()
            if line[at : at + 1] not in {b"", b";"}:
                return False
        else:
            following = line.find(b";", at)
            at = end if following < 0 else following
        at += 1
    return False


class Numeroteur:
    """Receives blocks of whole lines, writes numbered records."""

    def __init__(self, table: str, out: BinaryIO, limites: Limites, encodages: tuple[str, ...]) -> None:
        self._table, self._out, self._limites = table, out, limites
        self._encodages = encodages
        self._seen_multibyte = False
        self._ligne = 1
        self._octets = 0
        self._ouverts: list[bytes] = []
        self._colonnes = 0
        self.entete = ""
        self.enregistrements = 0
        self.fautes: dict[int, str] = {}
        self.caches = False

    def feed(self, block: bytes) -> None:
        """Take a block that ends with a line feed. Raises DossierRefuse."""
        text = self._decode(block)
        self._octets += len(block)
        self.caches = self.caches or has_hidden(text)
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n")
        lines = text.split(b"\n")
        lines.pop()
        if len(max(lines, key=len)) > self._limites.ligne:
            self._refuse_long(lines)
        if self._ligne == 1 and lines:
            self._start(lines.pop(0))
        if self._ouverts or b'"' in text or b"\r" in text or b"\n\n" in text or text[:1] == b"\n":
            for line in lines:
                self._take(line)
        elif lines:
            first, self._ligne = self._ligne, self._ligne + len(lines)
            numbered = zip(range(first, self._ligne), lines, strict=True)
            self._out.write(b"\n".join(map(_RECORD.__mod__, numbered)) + b"\n")
            self.enregistrements += len(lines)

    def finish(self) -> None:
        """End of the file: a quote still open makes its line unreadable, not those that follow."""
        while self._ouverts:
            self._give_up()

    def _start(self, line: bytes) -> None:
        self.entete = line.decode("utf-8")
        self._colonnes = line.count(b";") + 1
        self._ligne = 2

    def _decode(self, block: bytes) -> bytes:
        """The block in UTF-8. Raises DossierRefuse with the place of the first wrong byte."""
        if b"\0" in block:
            line = self._ligne + block[: block.index(b"\0")].count(b"\n") + len(self._ouverts)
            raise refusal("octet_nul", self._table, line)
        if block.isascii():
            return block
        try:
            block.decode(self._encodages[0])
        except UnicodeDecodeError as error:
            if len(self._encodages) > 1 and not self._seen_multibyte:
                self._encodages = self._encodages[1:]
                return self._decode(block)
            line = self._ligne + block[: error.start].count(b"\n") + len(self._ouverts)
            raise refusal(
                "encodage",
                self._table,
                line,
                encodage=self._encodages[0].upper(),
                octet=f"0x{block[error.start]:02X}",
                position=self._octets + error.start + 1,
            ) from error
        self._seen_multibyte = True
        return block if self._encodages[0] == "utf-8" else block.decode(self._encodages[0]).encode("utf-8")

    def _refuse_long(self, lines: list[bytes]) -> None:
        maximum = self._limites.ligne
        at = next(i for i, line in enumerate(lines) if len(line) > maximum)
        raise refusal(
            "ligne_trop_longue", self._table, self._ligne + len(self._ouverts) + at, maximum=maximum
        )

    def _take(self, line: bytes) -> None:
        if self._ouverts:
            self._ouverts.append(line)
            if line.count(b'"') & 1:
                self._write(b"\n".join(self._ouverts), len(self._ouverts))
                self._ouverts = []
            elif len(self._ouverts) > MAX_QUOTED_LINES:
                self._give_up()
        elif not line:
            self._ligne += 1
        elif b"\r" in line:
            self._write_unreadable(line, "saut_isole")
        elif line.count(b'"') & 1 and opens_quote(line):
            self._ouverts = [line]
        else:
            self._write(line, 1)

    def _write(self, record: bytes, lines: int) -> None:
        if len(record) > self._limites.enregistrement:
            raise refusal("ligne_trop_longue", self._table, self._ligne, maximum=self._limites.enregistrement)
        self._out.write(_RECORD % (self._ligne, record) + b"\n")
        self.enregistrements += 1
        self._ligne += lines

    def _write_unreadable(self, line: bytes, code: str) -> None:
        """Write the line so that the reader rejects it (too many columns) and keep why."""
        self.fautes[self._ligne] = code
        if len(self.fautes) > MAX_UNREADABLE:
            raise refusal("table_illisible", self._table, self._ligne)
        clean = line.replace(b'"', b" ").replace(b"\r", b" ")
        self._write(clean + b";x" * (self._colonnes + 1), 1)

    def _give_up(self) -> None:
        first, *others = self._ouverts
        self._ouverts = []
        self._write_unreadable(first, "guillemet_ouvert")
        for line in others:
            self._take(line)


def prepare_table(
    table: str, blocks: Iterable[bytes], path: Path, limites: Limites, encodages: tuple[str, ...]
) -> Preparee:
    """Write the numbered file of a table and hash it on the way. Raises DossierRefuse."""
    digest = hashlib.sha256()
    rest = b""
    with path.open("wb") as out:
        numeroteur = Numeroteur(table, out, limites, encodages)
        started = False
        for block in blocks:
            digest.update(block)
            if not started:
                started = True
                if block.startswith(BOM_UTF16):
                    raise refusal(
                        "encodage", table, 1, encodage="UTF-8", octet=f"0x{block[0]:02X}", position=1
                    )
                block = block.removeprefix(BOM)
            block = rest + block
            cut = block.rfind(b"\n") + 1
            block, rest = block[:cut], block[cut:]
            if block:
                numeroteur.feed(block)
            if len(rest) > limites.ligne:
                numeroteur.feed(rest + b"\n")
        if rest:
            numeroteur.feed(rest + b"\n")
        numeroteur.finish()
    return Preparee(
        path,
        numeroteur.entete,
        numeroteur.enregistrements,
        digest.hexdigest(),
        numeroteur.fautes,
        numeroteur.caches,
    )
