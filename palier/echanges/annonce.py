"""What a file says of itself before it is judged: enough to put several in order, nothing to believe."""

import json
import zipfile
import zlib
from contextlib import suppress
from typing import BinaryIO

from palier.echanges.anomalies import DossierRefuse
from palier.echanges.conteneur import MANIFESTE
from palier.echanges.limites import LIMITES
from palier.echanges.repertoire import judge_directory
from palier.echanges.rules.arrivees import Rang

_BROKEN = (
    DossierRefuse, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError,
    RuntimeError, KeyError, TypeError, AttributeError, RecursionError,
)  # fmt: skip


def announced_rank(file: BinaryIO) -> Rang | None:
    """Return (logiciel, base, sequence) when the file is a dossier that says them, else None. Leaves it at its start."""
    found = None
    with suppress(*_BROKEN):
        judge_directory(file, LIMITES)
        with zipfile.ZipFile(file) as archive, archive.open(MANIFESTE) as member:
            content = json.loads(member.read(LIMITES.manifeste))
        source, sequence = content["source"], content["sequence"]
        if type(sequence) is int:
            found = (str(source["logiciel"]), str(source["base"]), sequence)
    file.seek(0)
    return found
