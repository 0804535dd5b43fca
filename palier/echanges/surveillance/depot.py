"""The folder itself, without the database: what may be taken, taken by one rename, given back by another.

``<root>/<agence>/<dossier>/`` holds ``arrivee/`` (the sender writes), ``rapports/`` (the sender reads), ``en_cours/``
and ``traites/`` (ours alone). Everything is reached from the root by directory descriptors, never by a path that
somebody could bend meanwhile: a symbolic link anywhere is refused, not followed.
"""

import fcntl
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from palier.echanges.rules.arrivees import RENDUS, is_final, is_sound

ARRIVEE, RAPPORTS, EN_COURS, TRAITES = "arrivee", "rapports", "en_cours", "traites"
#: Rights of the folders that we make ourselves; an installation with SFTP accounts makes them beforehand.
_DROITS = {ARRIVEE: 0o770, RAPPORTS: 0o750, EN_COURS: 0o700, TRAITES: 0o700}
_PRIS = re.compile(r"([0-9a-f]{32})\.(.+)", re.DOTALL)
_COPIE = "copie-"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Non-blocking: a FIFO set in the place of a file must not hold the worker for ever.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_BLOC = 1024 * 1024
#: Days during which a report stays beside the folder (its values are masked).
GARDE_RAPPORTS = 90


class DossierInutilisable(Exception):
    """The folder cannot be used as it is; the message says why, for the agence."""


class Occupe(Exception):
    """Another process is looking into this folder."""


@dataclass(frozen=True, slots=True)
class Pris:
    """A file taken: its identifier for ever, the name that the sender gave, when it came (seconds)."""

    id: UUID
    nom: str
    le: float

    @property
    def place(self) -> str:
        """Its name in ``en_cours/``."""
        return f"{self.id.hex}.{self.nom}"


class Depot:
    """A watched folder, opened; see ``opened``."""

    def __init__(self, dirs: dict[str, int]) -> None:
        self._dirs = dirs

    # --- what came -------------------------------------------------------------------------------------------

    def arrivals(self) -> tuple[list[str], dict[str, str]]:
        """Return the names that may be taken, oldest first, and why each of the others never will (name → reason)."""
        ready: list[tuple[float, str]] = []
        refused: dict[str, str] = {}
        limit = time.time() - settings.DEPOTS_DELAI
        for name in sorted(self._listed(ARRIVEE)):
            facts = self._look(ARRIVEE, name)
            if facts is None or not is_final(name) or facts.st_ctime > limit:
                continue
            reason = self._refusal(facts) if is_sound(name) else _("son nom est trop long ou illisible")
            if reason:
                refused[name] = reason
            else:
                ready.append((facts.st_mtime, name))
        return [name for _le, name in sorted(ready)], refused

    def _look(self, folder: str, name: str) -> os.stat_result | None:
        with suppress(FileNotFoundError):
            return os.stat(name, dir_fd=self._dirs[folder], follow_symlinks=False)
        return None

    def _refusal(self, facts: os.stat_result) -> str:
        """Return why this thing is never taken; "" when it may be."""
        if not stat.S_ISREG(facts.st_mode):
            return _("ce n’est pas un fichier ordinaire")
        if facts.st_nlink > 1:
            return _("il a un second nom ailleurs (lien)")
        if facts.st_uid not in {os.geteuid(), os.fstat(self._dirs[ARRIVEE]).st_uid}:
            return _("il appartient à un autre que le propriétaire du dossier d’arrivée")
        if facts.st_size > settings.IMPORT_MAX_BYTES:
            return _("il dépasse la taille admise")
        return "" if facts.st_size else _("il est vide")

    def claim(self, name: str) -> Pris | None:
        """Take a file: one rename, so that it is either still there or ours. None when it went away."""
        facts = self._look(ARRIVEE, name)
        if facts is None:
            return None
        taken = Pris(uuid4(), name, facts.st_mtime)
        with suppress(FileNotFoundError):
            os.rename(name, taken.place, src_dir_fd=self._dirs[ARRIVEE], dst_dir_fd=self._dirs[EN_COURS])
            return taken
        return None

    def taken(self) -> list[Pris]:
        """Return what was taken and not given back, oldest first: by this look or by one that was cut off."""
        found = []
        for name in self._listed(EN_COURS):
            match, facts = _PRIS.fullmatch(name), self._look(EN_COURS, name)
            if match and facts is not None:
                found.append(Pris(UUID(match[1]), match[2], facts.st_mtime))
        return sorted(found, key=lambda pris: (pris.le, pris.nom))

    # --- reading ---------------------------------------------------------------------------------------------

    @contextmanager
    def private_copy(self, pris: Pris) -> Iterator[tuple[BinaryIO, str, int] | None]:
        """Give a copy that nobody else can change, its sha256 and its size; None while somebody still writes.

        The copy has no name: it goes with the process, whatever happens. Raises ValueError (why, in words) for
        what is no plain file: it was swapped between the look and the rename.
        """
        try:
            source = os.open(pris.place, _READ, dir_fd=self._dirs[EN_COURS])
        except OSError as error:
            raise ValueError(_("ce n’est pas un fichier ordinaire")) from error
        with os.fdopen(source, "rb") as original, self._nameless() as copy:
            before = os.fstat(source)
            if reason := self._refusal(before):
                raise ValueError(reason)
            digest, size = hashlib.sha256(), 0
            while block := original.read(_BLOC):
                digest.update(block)
                size += len(block)
                if size > settings.IMPORT_MAX_BYTES:
                    raise ValueError(_("il dépasse la taille admise"))
                copy.write(block)
            copy.seek(0)
            after = os.fstat(source)
            still = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
            yield (copy, digest.hexdigest(), size) if still and size == before.st_size else None

    def _nameless(self) -> BinaryIO:
        name, folder = f"{_COPIE}{uuid4().hex}", self._dirs[EN_COURS]
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        copy = os.open(name, flags, 0o600, dir_fd=folder)
        os.unlink(name, dir_fd=folder)
        return os.fdopen(copy, "w+b")

    # --- giving back -----------------------------------------------------------------------------------------

    def write(self, name: str, content: bytes) -> None:
        """Write a report: under a temporary name, then renamed. Nothing is done when it says so already."""
        folder = self._dirs[RAPPORTS]
        with suppress(OSError), os.fdopen(os.open(name, _READ, dir_fd=folder), "rb") as present:
            if present.read(len(content) + 1) == content:
                return
        temporary = f".{uuid4().hex}.tmp"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(temporary, flags, 0o640, dir_fd=folder), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)

    def forget_marks(self, name: str, kept: str) -> None:
        """Remove the marks of ``name`` (.ok, .erreur, .attente) other than ``kept``."""
        for mark in (".ok", ".erreur", ".attente"):
            if mark != kept:
                with suppress(FileNotFoundError):
                    os.unlink(name + mark, dir_fd=self._dirs[RAPPORTS])

    def put_away(self, pris: Pris) -> None:
        """Remove the original, or keep it in ``traites/`` for as long as the installation says."""
        with suppress(FileNotFoundError):
            if settings.DEPOTS_JOURS:
                os.rename(
                    pris.place, pris.place, src_dir_fd=self._dirs[EN_COURS], dst_dir_fd=self._dirs[TRAITES]
                )
                os.utime(pris.place, dir_fd=self._dirs[TRAITES], follow_symlinks=False)
            else:
                os.unlink(pris.place, dir_fd=self._dirs[EN_COURS])

    def reject(self, pris: Pris) -> None:
        """Put aside, unread, what turned out to be no plain file."""
        with suppress(FileNotFoundError):
            os.rename(pris.place, pris.place, src_dir_fd=self._dirs[EN_COURS], dst_dir_fd=self._dirs[TRAITES])

    def clean(self) -> None:
        """Erase what a killed look left behind, and what has been kept long enough."""
        present = time.time()
        for folder, name in self._names(EN_COURS, RAPPORTS, TRAITES):
            facts = self._look(folder, name)
            if facts is None or stat.S_ISDIR(facts.st_mode):
                continue
            age = (present - facts.st_mtime) / 86_400
            left = folder == EN_COURS and name.startswith(_COPIE)
            left |= folder == RAPPORTS and name.startswith(".") and name.endswith(".tmp")
            left |= folder == RAPPORTS and name.endswith(RENDUS) and age > GARDE_RAPPORTS
            left |= folder == TRAITES and age > settings.DEPOTS_JOURS
            if left:
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=self._dirs[folder])

    def _listed(self, folder: str) -> list[str]:
        return os.listdir(self._dirs[folder])  # noqa: PTH208 (a descriptor has no path)

    def _names(self, *folders: str) -> Iterator[tuple[str, str]]:
        for folder in folders:
            for name in self._listed(folder):
                yield folder, name


def _enter(stack: ExitStack, parent: int, name: str, rights: int) -> int:
    """Open a folder below another, made when it is missing. Raises OSError."""
    if name in {"", ".", ".."} or "/" in name:
        raise NotADirectoryError(name)
    with suppress(FileExistsError):
        os.mkdir(name, rights, dir_fd=parent)
    descriptor = os.open(name, _FOLDER, dir_fd=parent)
    stack.callback(os.close, descriptor)
    return descriptor


def _judge_private(descriptor: int, name: str) -> None:
    facts = os.fstat(descriptor)
    if facts.st_uid != os.geteuid() or facts.st_mode & 0o077:
        raise DossierInutilisable(
            _("Le dossier « %(nom)s » doit appartenir au portail et n’être ouvert qu’à lui (chmod 700).")
            % {"nom": name}
        )


@contextmanager
def opened(root: Path, agence: str, dossier: str) -> Iterator[Depot]:
    """Open a watched folder for one look. Raises DossierInutilisable, or Occupe when another look is under way."""
    with ExitStack() as stack:
        try:
            if not settings.PRODUCTION:
                root.mkdir(mode=0o755, parents=True, exist_ok=True)
            top = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            stack.callback(os.close, top)
            base = _enter(stack, _enter(stack, top, agence, 0o755), dossier, 0o755)
            dirs = {name: _enter(stack, base, name, rights) for name, rights in _DROITS.items()}
        except OSError as error:
            raise DossierInutilisable(
                _(
                    "Le dossier « %(dossier)s » ne s’ouvre pas : l’exploitant doit le créer ou en donner le droit."
                )
                % {"dossier": f"{agence}/{dossier}"}
            ) from error
        for name in (EN_COURS, TRAITES):
            _judge_private(dirs[name], name)
        try:
            fcntl.flock(dirs[EN_COURS], fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Occupe from error
        yield Depot(dirs)
