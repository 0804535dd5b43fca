"""What an agence has outside the database: its part of the vault, its working folders, its watched folders."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage


def stored(prefix: str) -> Iterator[tuple[str, int]]:
    """Yield (path, bytes) of what the storage holds under ``prefix``, whatever the storage is."""
    try:
        folders, files = default_storage.listdir(prefix)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{prefix}/{name}", default_storage.size(f"{prefix}/{name}")
    for name in sorted(folders):
        if name.strip("/"):
            yield from stored(f"{prefix}/{name.strip('/')}")


def measure(agence_id: UUID) -> tuple[int, int]:
    """Return (files, bytes) that the vault holds for an agence."""
    sizes = [size for _path, size in stored(str(agence_id))]
    return len(sizes), sum(sizes)


def places(agence_id: UUID, slug: str) -> list[Path]:
    """Return the folders of this machine that are the agence's alone."""
    work = Path(settings.DATA_DIR) / "travail"
    found = [work / str(agence_id), work / "remises" / str(agence_id)]
    if settings.DEPOTS_DIR is not None and slug:
        found.append(Path(settings.DEPOTS_DIR) / slug)
    return found


def erase(agence_id: UUID, slug: str) -> None:
    """Remove all of it. Safe to run again; raises ``OSError`` when something resists."""
    for path, _size in list(stored(str(agence_id))):
        with suppress(FileNotFoundError):
            default_storage.delete(path)
    if getattr(default_storage, "base_location", None) is not None:
        _remove(Path(default_storage.path(str(agence_id))))
    for folder in places(agence_id, slug):
        _remove(folder)


def _remove(folder: Path) -> None:
    if folder.is_symlink() or not folder.exists():
        return
    shutil.rmtree(folder)
