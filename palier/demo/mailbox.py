"""Reads the messages that the demo's mail server kept."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, MIMEPart
from pathlib import Path

from django.conf import settings

_NAME = re.compile(r"^\d{20}-[0-9a-f]{12}$")
_LINK = re.compile(r"https?://[^\s<>\"')\]]+")
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A file attached to a message."""

    rank: int
    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class Courriel:
    """A message as the mailbox shows it."""

    name: str
    le: datetime
    to: str
    sender: str
    subject: str
    text: str
    html: str
    pieces: tuple[Piece, ...]

    @property
    def paragraphs(self) -> list[list[tuple[str, str]]]:
        """The text by paragraphs, each cut into (words, "") and (address, address)."""
        blocks = self.text.replace("\r\n", "\n").split("\n\n")
        return [_cut(block.strip("\n")) for block in blocks if block.strip()]


def _cut(text: str) -> list[tuple[str, str]]:
    """Cut ``text`` at its addresses; those of this portal become links, a stranger's stay words."""
    found: list[tuple[str, str]] = []
    position = 0
    for match in _LINK.finditer(text):
        address = match.group().rstrip(".,;:")
        found.append((text[position : match.start()], ""))
        found.append((address, address if address.startswith(settings.SITE_URL + "/") else ""))
        position = match.start() + len(address)
    found.append((text[position:], ""))
    return found


def folder() -> Path:
    """Return the folder of the kept messages."""
    path: Path = settings.DATA_DIR / "boite"
    return path


def listed() -> list[Courriel]:
    """Return the latest messages, newest first."""
    if not folder().is_dir():
        return []
    names = sorted((path.stem for path in folder().glob("*.eml")), reverse=True)[:SHOWN]
    return [found for found in map(read, names) if found is not None]


def _message(name: str) -> EmailMessage | None:
    if not _NAME.match(name):
        return None
    try:
        content = (folder() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    return email.message_from_bytes(content, policy=email.policy.default)


def read(name: str) -> Courriel | None:
    """Return the message called ``name``, or None."""
    message = _message(name)
    if message is None:
        return None
    return Courriel(
        name=name,
        le=datetime.fromtimestamp(int(name[:20]) / 1e9, tz=UTC),
        to=str(message.get("X-Palier-Destinataires") or message.get("To", "")),
        sender=str(message.get("From", "")),
        subject=str(message.get("Subject", "")).strip(),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        pieces=tuple(
            Piece(
                rank, part.get_filename() or f"piece-{rank + 1}", part.get_content_type(), len(_bytes(part))
            )
            for rank, part in enumerate(message.iter_attachments())
        ),
    )


def piece(name: str, rank: int) -> tuple[Piece, bytes] | None:
    """Return one attached file and its content, or None."""
    message = _message(name)
    if message is None:
        return None
    parts = list(message.iter_attachments())
    if rank >= len(parts):
        return None
    content = _bytes(parts[rank])
    return Piece(rank, parts[rank].get_filename() or f"piece-{rank + 1}", "", len(content)), content


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, KeyError):
        return _bytes(part).decode("utf-8", "replace")


def _bytes(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
