"""The manifest of a sending: read before anything runs, so that a key never speaks for another source."""

import json
import zipfile
import zlib
from typing import IO, Any

from django.utils.translation import gettext as _

from palier.api.identite import Machine
from palier.api.problemes import Probleme
from palier.core.dates import today
from palier.echanges.anomalies import DossierRefuse
from palier.echanges.connecteurs.nuit import live_profiles, source_of
from palier.echanges.conteneur import MANIFESTE
from palier.echanges.limites import LIMITES
from palier.echanges.manifeste import Manifeste, judge_manifest, parse_manifest
from palier.echanges.repertoire import judge_directory
from palier.echanges.schemas import schemas

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    KeyError,
)
#: Where a program is told to put its tables when it announces nothing else.
_VIDE = "0" * 64


def of_zip(machine: Machine, file: IO[bytes]) -> None:
    """Judge the manifest inside a zip. Raises Probleme 403 or 422."""
    try:
        judge_directory(file, LIMITES)  # type: ignore[arg-type]
        with zipfile.ZipFile(file) as archive, archive.open(MANIFESTE) as member:
            raw = member.read(LIMITES.manifeste + 1)
        _judge(machine, parse_manifest(raw))
    except DossierRefuse as refus:
        raise _refused(refus) from refus
    except (*_BROKEN, UnicodeError) as error:
        detail = _("Ce zip ne s’ouvre pas, ou il ne contient pas de dossier.json lisible.")
        raise Probleme(422, "zip_illisible", detail) from error


def of_export(machine: Machine, file: IO[bytes]) -> None:
    """Judge what is sent as an export: no dossier, for a source that a profile in use reads. Raises Probleme 422."""
    with machine.opened(), machine.as_system() as system:
        known = any(source_of(row) == (machine.logiciel, machine.base) for row in live_profiles(system))
    if not known:
        detail = _(
            "Aucun profil calibré ne lit les exports de la source %(logiciel)s, base %(base)s : calibrez-le dans "
            "« Connecteurs », ou envoyez un dossier."
        )
        raise Probleme(
            422, "source_sans_profil", detail % {"logiciel": machine.logiciel, "base": machine.base}
        )
    try:
        with zipfile.ZipFile(file) as archive:
            whole = MANIFESTE in archive.namelist()
    except (*_BROKEN, UnicodeError):
        return  # not a zip, or one that the conversion refuses with its sentence
    if whole:
        detail = _("Ce zip est un dossier : envoyez-le en application/zip.")
        raise Probleme(422, "dossier_en_octets", detail)


def of_tables(machine: Machine, raw: bytes) -> dict[str, Any]:
    """Return the manifest that announces tables to come. Raises Probleme 403 or 422."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Probleme(422, "manifeste_illisible", _("Le manifeste doit être un objet JSON.")) from error
    if not isinstance(data, dict):
        raise Probleme(422, "manifeste_illisible", _("Le manifeste doit être un objet JSON."))
    if "fichiers" in data:
        detail = _("Laissez « fichiers » : le portail le calcule d’après les parties reçues.")
        raise Probleme(422, "fichiers_calcules", detail)
    if data.get("dialecte", "canon") != "canon":
        raise Probleme(
            422, "dialecte_refuse", _("Par l’API, les tables s’envoient dans le dialecte « canon ».")
        )
    try:
        _judge(machine, parse_manifest(json.dumps({**data, "fichiers": _announced(data)}).encode()))
    except (ValueError, RecursionError) as error:
        raise Probleme(422, "manifeste_illisible", _("Le manifeste doit être un objet JSON.")) from error
    except DossierRefuse as refus:
        raise _refused(refus) from refus
    return data


def _announced(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what stands for the tables to come while the manifest is judged."""
    perimetre = data.get("perimetre")
    tables = perimetre.get("tables") if isinstance(perimetre, dict) else None
    known = [t for t in tables if t in schemas()] if isinstance(tables, list) else []
    return [{"table": t, "lignes": 0, "sha256": _VIDE} for t in dict.fromkeys(known)] or [
        {"table": "tiers", "lignes": 0, "sha256": _VIDE}
    ]


def _judge(machine: Machine, manifest: Manifeste) -> None:
    if (manifest.agence, manifest.logiciel, manifest.base) != (machine.slug, machine.logiciel, machine.base):
        detail = _("Cette clé envoie pour l’agence %(agence)s et la source %(logiciel)s, base %(base)s.")
        raise Probleme(
            403,
            "source_differente",
            detail % {"agence": machine.slug, "logiciel": machine.logiciel, "base": machine.base},
        )
    judge_manifest(manifest, machine.slug, today())


def _refused(refus: DossierRefuse) -> Probleme:
    first = refus.anomalies[0]
    return Probleme(
        422,
        "manifeste_refuse",
        f"{first.message} {first.conseil}".strip(),
        erreurs=[
            {"ou": a.table or MANIFESTE, "code": a.code, "message": f"{a.message} {a.conseil}".strip()}
            for a in refus.anomalies
        ],
    )
