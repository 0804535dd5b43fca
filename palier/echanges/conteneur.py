"""Opens a dossier zip without trusting it: every size is counted while it is inflated, every name is judged."""

import hashlib
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO

from palier.echanges.anomalies import DossierRefuse, refusal
from palier.echanges.limites import LIMITES, MIO, Limites
from palier.echanges.manifeste import Manifeste, parse_manifest
from palier.echanges.repertoire import judge_directory, judge_member, judge_overlap, shown

MANIFESTE = "dossier.json"
DOCUMENTS = "documents/"
#: What a damaged or lying member can raise while it is read.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


class Conteneur:
    """An opened dossier. Use it as a context manager; raises DossierRefuse at any point for a hostile zip."""

    def __init__(self, path: Path, limites: Limites = LIMITES) -> None:
        self.limites = limites
        self._total = 0
        self._file = path.open("rb")
        try:
            judge_directory(self._file, limites)
            try:
                self._zip = zipfile.ZipFile(self._file)
            except (*_BROKEN, UnicodeError) as error:
                raise refusal("zip_tronque") from error
            self.membres = self._judge_members()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> "Conteneur":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the zip; it can no longer be read."""
        with suppress(OSError):
            self._zip.close()
        self._file.close()

    def _judge_members(self) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        seen: set[str] = set()
        for info in infos:
            judge_member(info)
            folded = unicodedata.normalize("NFC", info.filename).casefold().removesuffix("/")
            if folded in seen:
                raise refusal("zip_doublon", membre=shown(info.filename))
            seen.add(folded)
        judge_overlap(infos, self._zip.start_dir)
        return {i.filename: i for i in infos if not i.is_dir()}

    def chunks(self, name: str, maximum: int) -> Iterator[bytes]:
        """The inflated bytes of a member, refused past `maximum` bytes or an abnormal ratio."""
        info = self.membres[name]
        size = 0
        try:
            with self._zip.open(info) as member:
                while block := member.read(MIO):
                    size += len(block)
                    self._total += len(block)
                    self._judge_size(name, size, maximum, info.compress_size)
                    yield block
        except _BROKEN as error:
            raise refusal("membre_altere", membre=shown(name)) from error

    def _judge_size(self, name: str, size: int, maximum: int, compressed: int) -> None:
        limites = self.limites
        if size > maximum:
            raise refusal("zip_trop_gros", membre=shown(name), maximum=maximum)
        if self._total > limites.total:
            raise refusal("zip_trop_gros", membre=shown(name), maximum=limites.total)
        if size > limites.taux_a_partir_de and size > limites.taux * max(compressed, 1):
            raise refusal("zip_taux", membre=shown(name), maximum=limites.taux)

    @property
    def exhausted(self) -> bool:
        """Whether the members inflated so far exceed what a whole dossier may weigh."""
        return self._total > self.limites.total

    def read_manifest(self) -> Manifeste:
        """dossier.json, parsed and checked. Raises DossierRefuse."""
        if MANIFESTE not in self.membres:
            raise refusal("manifeste_absent")
        manifest = parse_manifest(b"".join(self.chunks(MANIFESTE, self.limites.manifeste)))
        declared = {f.chemin for f in manifest.fichiers}
        for name in self.membres:
            if name not in declared and name != MANIFESTE and not name.startswith(DOCUMENTS):
                raise refusal("membre_inattendu", membre=shown(name))
        for fichier in manifest.fichiers:
            if fichier.chemin not in self.membres:
                raise refusal("fichier_manquant", table=fichier.table, membre=shown(fichier.chemin))
        return replace(manifest, pieces=self._pieces())

    def _pieces(self) -> str:
        """A digest of the documents as the directory tells them: name, size, CRC. None of them is inflated."""
        digest = hashlib.sha256()
        for name in sorted(self.documents()):
            info = self.membres[name]
            digest.update(f"{name}\0{info.file_size}\0{info.CRC}\n".encode())
        return digest.hexdigest()

    def holds_tables(self, manifeste: Manifeste) -> bool:
        """Whether each declared table can be read whole and is what its digest says."""
        try:
            for fichier in manifeste.fichiers:
                digest = hashlib.sha256()
                for block in self.chunks(fichier.chemin, self.limites.table):
                    digest.update(block)
                if digest.hexdigest() != fichier.sha256:
                    return False
        except DossierRefuse:
            return False
        return True

    def documents(self) -> dict[str, int]:
        """The members of documents/ and the size that each declares (never believed)."""
        return {n: i.file_size for n, i in self.membres.items() if n.startswith(DOCUMENTS)}

    def open_document(self, name: str) -> IO[bytes]:
        """A file object on a document already verified by the checks. Raises KeyError for an unknown one."""
        return self._zip.open(self.membres[name])
