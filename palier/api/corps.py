"""Long bodies, read once, as they come: judged line by line and sealed in the same pass; never whole in memory."""

import base64
import binascii
import csv
import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _

from palier.api.problemes import Probleme
from palier.core.vault import CHUNK
from palier.echanges.limites import LIMITES
from palier.echanges.schemas import Schema

CSV, NDJSON = "csv", "ndjson"
TYPES = {"text/csv": CSV, "application/x-ndjson": NDJSON, "application/jsonl": NDJSON}
#: Faults told at once: enough to see a pattern.
FAUTES = 20
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]{44}):")


def judge_type(request: HttpRequest, accepted: Iterable[str]) -> str:
    """Return the body's type. Raises Probleme 415 when it is not one of ours, or when it is compressed."""
    kinds = tuple(accepted)
    if not request.META.get("CONTENT_LENGTH"):
        raise _no_length()
    kind = (request.content_type or "").lower()
    if kind not in kinds or request.headers.get("Content-Encoding", "identity").lower() != "identity":
        detail = _("Envoyez un contenu non compressé de type %(types)s.") % {"types": ", ".join(kinds)}
        raise Probleme(415, "type_refuse", detail, headers={"Accept": ", ".join(kinds)})
    return kind


def _no_length() -> Probleme:
    return Probleme(411, "longueur_absente", _("Annoncez la longueur du contenu : en-tête Content-Length."))


def length_of(request: HttpRequest, maximum: int) -> int:
    """Return the announced length of the body, in bytes. Raises Probleme 411 or 413."""
    announced = str(request.META.get("CONTENT_LENGTH") or "")
    if not announced.isdecimal():
        raise Probleme(
            411, "longueur_absente", _("Annoncez la longueur du contenu : en-tête Content-Length.")
        )
    length = int(announced)
    if length > maximum:
        detail = _("Cet envoi fait %(octets)d octets ; le plus grand admis ici en fait %(maximum)d.")
        raise Probleme(413, "trop_volumineux", detail % {"octets": length, "maximum": maximum})
    if not length:
        raise Probleme(422, "contenu_vide", _("Le contenu est vide."))
    return length


def announced_digest(request: HttpRequest) -> str:
    """Return the SHA-256 of Content-Digest (RFC 9530) in hexadecimal; empty when it is not given."""
    header = request.headers.get("Content-Digest", "")
    if not header:
        return ""
    match = _DIGEST.search(header)
    try:
        found = base64.b64decode(match[1], validate=True).hex() if match else ""
    except binascii.Error:
        found = ""
    if len(found) != 64:
        raise Probleme(422, "condense_mal_forme", _("Content-Digest s’écrit sha-256=:base64: (RFC 9530)."))
    return found


def blocks(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body in pieces. Raises Probleme 400 when the sender hangs up."""
    while True:
        try:
            block = request.read(CHUNK)
        except (UnreadablePostError, OSError) as error:
            raise interrupted() from error
        if not block:
            return
        yield block


def interrupted() -> Probleme:
    """Return the refusal of a body that stopped before its end."""
    return Probleme(400, "envoi_interrompu", _("L’envoi s’est arrêté avant la fin : recommencez-le."))


class Juge:
    """Reads a part of a table as it passes: its columns, its lines, its faults."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.entete = ""
        self.lignes = 0
        self.fautes: list[dict[str, Any]] = []
        self._rang = 0
        self._rest = b""

    def watch(self, stream: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the same bytes, judged. Raises Probleme 422 with the lines at fault."""
        for block in stream:
            self._feed(block)
            yield block
        if self._rest:
            self._feed(b"\n")
        self.finish()
        if self.fautes:
            raise Probleme(
                422, "lignes_refusees", _("Des lignes de cette partie ne se lisent pas."), erreurs=self.fautes
            )

    def _feed(self, block: bytes) -> None:
        lines = (self._rest + block).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            self._rang += 1
            if len(line) > LIMITES.ligne:
                self._too_long()
            self.take(line.removesuffix(b"\r"))
        if len(self._rest) > LIMITES.ligne:
            self._rang += 1
            self._too_long()

    def _too_long(self) -> None:
        self.fault(_("cette ligne dépasse %(maximum)d octets") % {"maximum": LIMITES.ligne})
        raise Probleme(422, "ligne_trop_longue", _("Une ligne est trop longue."), erreurs=self.fautes)

    def fault(self, message: str) -> None:
        """Note a fault of the present line; stop past twenty."""
        self.fautes.append(
            {"ou": _("ligne %(rang)d") % {"rang": self._rang}, "code": "ligne_refusee", "message": message}
        )
        if len(self.fautes) >= FAUTES:
            raise Probleme(
                422, "lignes_refusees", _("Des lignes de cette partie ne se lisent pas."), erreurs=self.fautes
            )

    def take(self, line: bytes) -> None:
        """Judge one line, without its end."""
        raise NotImplementedError

    def finish(self) -> None:
        """Judge the end."""


class JugeCsv(Juge):
    """A part in CSV: its own header, whole records. The cells themselves are judged by the import's checks."""

    _quoted = False

    def take(self, line: bytes) -> None:
        if self._rang == 1:
            self._header(line.removeprefix(b"\xef\xbb\xbf"))
            return
        if line.count(b'"') & 1:
            self._quoted = not self._quoted
        if line and not self._quoted:
            self.lignes += 1

    def _header(self, line: bytes) -> None:
        try:
            cells = [c.strip().lower() for c in next(csv.reader([line.decode()], delimiter=";"), [])]
        except (UnicodeDecodeError, csv.Error):
            cells = []
        if not set(cells) & set(self.schema.noms):
            detail = _(
                "La première ligne doit nommer les colonnes de la table %(table)s, séparées par « ; »."
            )
            raise Probleme(422, "entete_absente", detail % {"table": self.schema.nom})
        self.entete = ";".join(cells)

    def finish(self) -> None:
        if self._quoted:
            self.fault(
                _("la partie finit dans un texte entre guillemets : coupez entre deux lignes entières")
            )


def scalar(value: Any) -> str | None:
    """Return a JSON value as the canon dialect writes it; None when it is a list or an object."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        f"{value:f}" if isinstance(value, Decimal) else str(value) if isinstance(value, str | int) else None
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("double")
    return found


def _decimal(text: str) -> Decimal:
    found = Decimal(text)
    if not -64 < found.adjusted() < 64:
        raise ValueError("number")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def parse_line(line: bytes) -> dict[str, Any]:
    """Return the object of a line of NDJSON. Raises ValueError when it is none."""
    try:
        found = json.loads(
            line.decode(), object_pairs_hook=_unique, parse_float=_decimal, parse_constant=_no_constant
        )
    except (RecursionError, ArithmeticError) as error:
        raise ValueError("shape") from error
    if not isinstance(found, dict):
        raise ValueError("object")
    # Half of a surrogate pair is a character of JSON, not of UTF-8: nothing could be written of it.
    for text in (*found, *(value for value in found.values() if isinstance(value, str))):
        text.encode()
    return found


class JugeNdjson(Juge):
    """A part in NDJSON: one object a line, under the names of the table's columns, with plain values."""

    def __init__(self, schema: Schema) -> None:
        super().__init__(schema)
        self.entete = ";".join(schema.noms)
        self._names = set(schema.noms)

    def take(self, line: bytes) -> None:
        if not line.strip():
            return
        try:
            found = parse_line(line)
        except ValueError:
            self.fault(_("ce n’est pas un objet JSON en UTF-8, aux noms tous différents"))
            return
        unknown = sorted(set(found) - self._names)
        if unknown:
            self.fault(_("colonne inconnue : %(nom)s") % {"nom": unknown[0][:60]})
        elif any(scalar(value) is None for value in found.values()):
            self.fault(
                _("une valeur est une liste ou un objet : donnez un texte, un nombre, un booléen ou null")
            )
        else:
            self.lignes += 1


JUGES: dict[str, type[Juge]] = {CSV: JugeCsv, NDJSON: JugeNdjson}
