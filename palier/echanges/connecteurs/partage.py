"""A calibration as a file to hand to another agence: the YAML, its anonymised sample, its expected rows."""

import io
import json
import re
import tempfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from palier.core.errors import BusinessError
from palier.echanges.anomalies import DossierRefuse
from palier.echanges.conteneur import Conteneur
from palier.echanges.limites import LIMITES, MIO
from palier.echanges.profils import ProfilRefuse
from palier.echanges.profils.modele import build_profile, parse_yaml

from .epreuve import replay
from .modele import connecteurs
from .models import ProfilCalibre

FICHE, PROFIL, ATTENDU, DOSSIER = "fiche.json", "profil.yaml", "attendu.json", "echantillon/"
PAQUET = replace(LIMITES, membres=400, repertoire=MIO, total=24 * MIO)
MEMBRE_MAX = 8 * MIO
FORMAT = "palier-profil-calibre"


@dataclass(frozen=True)
class Paquet:
    """What such a file holds, checked."""

    connecteur: str
    nom: str
    texte: str
    echantillon: bytes
    attendu: dict[str, Any]
    signatures: dict[str, str]


def pack(row: ProfilCalibre) -> bytes:
    """The file of a calibration."""
    fiche = {"format": FORMAT, "version_format": 1, "connecteur": row.connecteur, "nom": row.nom, "version": row.version,
             "signatures": row.signatures}  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, FICHE, json.dumps(fiche, ensure_ascii=False, indent=1).encode())
        _put(archive, PROFIL, row.texte.encode())
        _put(archive, ATTENDU, json.dumps(row.attendu, ensure_ascii=False).encode())
        with zipfile.ZipFile(io.BytesIO(bytes(row.echantillon))) as sample:
            for name in sample.namelist():
                _put(archive, DOSSIER + name, sample.read(name))
    return out.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)


def refusal(message: str) -> BusinessError:
    return BusinessError("paquet_refuse", message)


def unpack(content: IO[bytes]) -> Paquet:
    """Read such a file without trusting it. Raises BusinessError in plain words."""
    with tempfile.TemporaryDirectory(prefix="paquet-") as folder:
        path = Path(folder) / "paquet.zip"
        with path.open("wb") as out:
            while block := content.read(MIO):
                out.write(block)
        try:
            with Conteneur(path, PAQUET) as zipped:
                return _read({n: b"".join(zipped.chunks(n, MEMBRE_MAX)) for n in zipped.membres})
        except DossierRefuse as refus:
            first = refus.anomalies[0]
            raise refusal(f"{first.message} {first.conseil}".strip()) from refus


def _read(members: dict[str, bytes]) -> Paquet:
    if not {FICHE, PROFIL, ATTENDU} <= set(members):
        raise refusal(
            _("Ce zip n’est pas un profil exporté : il y manque fiche.json, profil.yaml ou attendu.json.")
        )
    try:
        fiche, attendu = json.loads(members[FICHE]), json.loads(members[ATTENDU])
        texte = members[PROFIL].decode()
    except (ValueError, RecursionError) as error:
        raise refusal(
            _("Un fichier de ce zip est illisible : demandez un nouvel export du profil.")
        ) from error
    if (
        not isinstance(fiche, dict)
        or fiche.get("format") != FORMAT
        or fiche.get("connecteur") not in connecteurs()
    ):
        raise refusal(_("Ce profil n’est celui d’aucun connecteur connu."))
    if not _is_expected(attendu):
        raise refusal(_("Les lignes attendues de ce profil n’ont pas la forme voulue."))
    try:
        profil = build_profile(parse_yaml(texte, PROFIL), PROFIL)
    except ProfilRefuse as refus:
        raise refusal(" ".join(c.message for c in refus.constats[:3])) from refus
    sample = io.BytesIO()
    with zipfile.ZipFile(sample, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(members.items()):
            if name.startswith(DOSSIER):
                _put(archive, name.removeprefix(DOSSIER), content)
    found = Paquet(fiche["connecteur"], _named(fiche), texte, sample.getvalue(), attendu,
                   {s.nom: s.entete.signature for s in profil.sources.values()})  # fmt: skip
    differences = replay(found.texte, found.echantillon, found.attendu)
    if differences:
        message = _("L’épreuve de ce profil échoue ici : {raison}").format(raison=" ".join(differences[:2]))
        raise refusal(message)
    return found


def _named(fiche: dict[str, Any]) -> str:
    text = "".join(c for c in str(fiche.get("nom", "")) if c.isprintable())[:80].strip()
    return text or _("Profil importé")


def _is_expected(data: Any) -> bool:
    return isinstance(data, dict) and all(
        isinstance(t, str) and isinstance(rows, list) and all(isinstance(r, dict) for r in rows)
        for t, rows in data.items()
    )


def file_name(row: ProfilCalibre) -> str:
    """The name of the file of a calibration."""
    return re.sub(r"[^a-z0-9-]", "-", f"{row.connecteur}-{row.code}-v{row.version}") + ".zip"
