"""Several loose files that make one sending: put in one zip, as the agence would have done, then imported as any other.

A dossier says by itself what it is and is whole: it is never put with others.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO
from unicodedata import normalize

from django.utils.translation import gettext as _

from palier.core.errors import BusinessError
from palier.echanges.anomalies import DossierRefuse
from palier.echanges.conteneur import MANIFESTE, Conteneur
from palier.echanges.limites import MIO
from palier.echanges.profils.constats import from_dossier
from palier.echanges.profils.pieces import ENVOI, MEMBRE_MAX, is_archive

#: In memory up to this size, on the disk beyond; without a name, gone with the process.
EN_MEMOIRE = 8 * MIO


@contextmanager
def together(files: Sequence[tuple[str, IO[bytes]]], maximum: int) -> Iterator[tuple[IO[bytes], str]]:
    """Give one zip of these (name, content), and the name to show. Zips among them are opened.

    Raises BusinessError: two files of one name, a dossier among them, a zip that is refused, too many bytes.
    """
    with tempfile.SpooledTemporaryFile(EN_MEMOIRE) as target, tempfile.TemporaryDirectory() as folder:
        bundle = _Bundle(zipfile.ZipFile(target, "w", zipfile.ZIP_STORED), maximum)
        for rank, (nom, content) in enumerate(files):
            path = Path(folder) / str(rank)
            content.seek(0)
            with path.open("wb") as out:
                shutil.copyfileobj(content, out, MIO)
            bundle.add(_plain(nom), path)
            path.unlink()
        bundle.archive.close()
        target.seek(0)
        yield target, _title([nom for nom, _content in files])


class _Bundle:
    def __init__(self, archive: zipfile.ZipFile, maximum: int) -> None:
        self.archive, self.maximum = archive, maximum
        self.names: set[str] = set()
        self.total = 0

    def add(self, nom: str, path: Path) -> None:
        """Add a file, or the members of a zip under its name."""
        if not is_archive(path, nom):
            with path.open("rb") as source:
                self._write(nom, iter(lambda: source.read(MIO), b""))
            return
        try:
            with Conteneur(path, ENVOI) as zipped:
                if MANIFESTE in zipped.membres:
                    raise BusinessError(
                        "ensemble_dossier",
                        _(
                            "« %(nom)s » est un dossier complet : il s’envoie à part, jamais avec d’autres fichiers."
                        )
                        % {"nom": nom},
                        status=422,
                    )
                for name in sorted(zipped.membres):
                    self._write(f"{PurePosixPath(nom).stem}/{name}", zipped.chunks(name, MEMBRE_MAX))
        except DossierRefuse as refus:
            said = from_dossier(refus, nom).constats[0].message
            raise BusinessError("ensemble_zip", f"« {nom} » : {said}", status=422) from refus

    def _write(self, nom: str, blocks: Iterator[bytes]) -> None:
        folded = normalize("NFC", nom).casefold()
        if folded in self.names:
            raise BusinessError(
                "ensemble_doublon",
                _("Deux de ces fichiers s’appellent « %(nom)s » : renommez l’un d’eux, ou retirez-le.")
                % {"nom": nom},
                status=422,
            )
        self.names.add(folded)
        with self.archive.open(zipfile.ZipInfo(nom), "w", force_zip64=True) as out:
            for block in blocks:
                self.total += len(block)
                if self.total > self.maximum:
                    raise BusinessError(
                        "ensemble_trop_gros",
                        _(
                            "Ensemble, ces fichiers dépassent la taille admise : envoyez-les en plusieurs fois."
                        ),
                        status=413,
                    )
                out.write(block)


def _plain(nom: str) -> str:
    """The last part of a name, printable: it becomes the name of a member of our zip."""
    last = nom.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in last if c.isprintable()).strip()[-200:]
    return shown if shown not in {"", ".", ".."} else "fichier"


def _title(names: Sequence[str]) -> str:
    """How a list shows the sending: its files, as many as fit."""
    shown = sorted(_plain(nom) for nom in names)
    text = " + ".join(shown)
    if len(text) <= 120:
        return text
    return _("%(nom)s et %(n)d autres fichiers") % {"nom": shown[0][:80], "n": len(shown) - 1}
