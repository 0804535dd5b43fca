"""The files of a draft, kept encrypted under addresses that nothing else shares, and opened in a private folder."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from palier.core.vault import AgenceKey, StoredFile, erase, store
from palier.echanges.profils.constats import refuse
from palier.echanges.profils.lecteurs import Piece
from palier.echanges.profils.pieces import inventory

from .plan import Fichier, Plan

#: Random bytes before each content: two files that are the same never share an address, so each is erased alone.
SEL = 16
TAMPON = 1024 * 1024


def keep(key: AgenceKey, content: IO[bytes] | bytes) -> tuple[str, int]:
    """Encrypt and keep a content; return its address and its size as kept."""
    with tempfile.SpooledTemporaryFile(max_size=8 * TAMPON) as salted:
        salted.write(os.urandom(SEL))
        if isinstance(content, bytes):
            salted.write(content)
        else:
            content.seek(0)
            while block := content.read(TAMPON):
                salted.write(block)
        salted.seek(0)
        _sha256, address, size = store(key, salted)
    return address, size


def recall(key: AgenceKey, address: str, size: int) -> bytes:
    """A content kept by `keep`. Raises DamagedFile."""
    stored = StoredFile(key, address, size)
    try:
        return stored.read(SEL)
    finally:
        stored.close()


def forget(key: AgenceKey, address: str) -> None:
    """Erase a content kept by `keep`; quiet when it is gone."""
    if address:
        erase(key, address)


class Chantier:
    """The files of a plan, on disk for the time of one page."""

    def __init__(self, key: AgenceKey, plan: Plan, folder: Path) -> None:
        self._key, self._plan, self.folder = key, plan, folder
        self._found: dict[int, list[Piece]] = {}

    def sent(self, rank: int) -> list[Piece]:
        """The files of one sending: itself, or the members of a zip. Raises ProfilRefuse."""
        if rank not in self._found:
            given = self._plan.envois[rank]
            place = self.folder / f"envoi-{rank}"
            place.mkdir()
            path = place / f"fichier{Path(given['nom']).suffix.lower()[:8]}"
            self._write(path, given["adresse"], given["octets"])
            found = inventory([path], place)
            own = [Piece(given["nom"], p.chemin) if p.chemin == path else p for p in found]
            self._found[rank] = own
        return self._found[rank]

    def _write(self, path: Path, address: str, size: int) -> None:
        stored = StoredFile(self._key, address, size)
        try:
            with path.open("wb") as out:
                out.writelines(stored.chunks(SEL, size))
        finally:
            stored.close()

    def pieces(self, fichier: Fichier) -> list[Piece]:
        """The files behind a file of the plan: one, or all the PDFs of a sending. Raises ProfilRefuse."""
        found = self.sent(fichier.envoi)
        kept = [p for p in found if p.nom == fichier.membre]
        if fichier.nature == "pdf" or fichier.membre == "*.pdf":
            kept = [p for p in found if p.nom.lower().endswith(".pdf")]
        if not kept:
            raise refuse("source_absente", "Ce fichier n'est plus dans l'envoi.", fichier.nom)
        return kept

    def piece(self, fichier: Fichier) -> Piece:
        """The one file behind a file of the plan."""
        return self.pieces(fichier)[0]

    def attribution(self, files: Sequence[Fichier]) -> dict[str, list[Piece]]:
        """Which file goes to which source of the profile."""
        return {f.source: self.pieces(f) for f in files}


@contextmanager
def opened(key: AgenceKey, plan: Plan) -> Iterator[Chantier]:
    """The files of a plan, erased from the disk at the end."""
    with tempfile.TemporaryDirectory(prefix="calibrage-") as folder:
        yield Chantier(key, plan, Path(folder))
