"""The zip of a person's data: JSON by a published schema, a page to read, and the files that are his."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from palier.agences.cles import agence_key
from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.vault import DamagedFile, StoredFile
from palier.vie_privee.droits_personnes.collecte import documents_of, proofs_of

FORMAT, VERSION = "palier-export", "1"
SCHEMA = Path(__file__).with_name("export.schema.json")
_MIMES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


@dataclass(slots=True)
class Copie:
    """A copy being made: its data, and the zip where files go as they are read."""

    zip: zipfile.ZipFile
    donnees: dict[str, Any] = field(default_factory=dict)
    absents: list[str] = field(default_factory=list)


def start(target: IO[bytes], compte: dict[str, Any]) -> Copie:
    """Open a copy."""
    facts = {"format": FORMAT, "version": VERSION, "cree_le": now(), "exploitant": compte, "agences": []}
    return Copie(zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED), facts)


def add_agency(copie: Copie, actor: Actor, agence: Agence, content: dict[str, Any]) -> None:
    """Add what one agence holds, with the files that are the person's."""
    content["documents"] = [_file(copie, actor, agence, one) for one in _files(actor, agence)]
    copie.donnees["agences"].append(content)


@dataclass(frozen=True, slots=True)
class _Fichier:
    titre: str
    le: date
    dossier: str
    adresse: str
    octets: int
    mime: str
    sha256: str
    cle: Any


def _files(actor: Actor, agence: Agence) -> Iterator[_Fichier]:
    key = agence_key(actor, agence.id)
    for d in documents_of(actor, agence):
        f = d.fichier
        yield _Fichier(d.titre, d.le, "documents", f.adresse, f.octets, f.mime, f.sha256, key)
    for p in proofs_of(actor, agence):
        from palier.retours.actions_justificatifs import proof_key

        own = proof_key(key, str(p.id))
        yield _Fichier(
            p.nom_fichier, p.cree_le.date(), "justificatifs", p.adresse, p.octets, p.mime, p.sha256, own
        )


def _file(copie: Copie, actor: Actor, agence: Agence, one: _Fichier) -> dict[str, Any]:
    base = "".join(c if c.isalnum() or c in " -_." else " " for c in one.titre)[:80].strip() or "document"
    suffix = _MIMES.get(one.mime, "")
    path = f"{agence.slug}/{one.dossier}/{one.le.isoformat()} {base.removesuffix(suffix)}"
    taken, rank = set(copie.zip.namelist()), 1
    name = f"{path}{suffix}"
    while name in taken:
        rank += 1
        name = f"{path} ({rank}){suffix}"
    try:
        stored = StoredFile(one.cle, one.adresse, one.octets)
        try:
            copie.zip.writestr(name, stored.read(), zipfile.ZIP_STORED)
        finally:
            stored.close()
    except DamagedFile:
        copie.absents.append(f"{one.le.isoformat()} {one.titre}")
        name = ""
    return {"titre": one.titre, "date": one.le, "fichier": name, "octets": one.octets, "sha256": one.sha256}


def finish(copie: Copie, langue: str) -> None:
    """Write the data, their schema and the page, and close the zip."""
    copie.donnees["fichiers_absents"] = copie.absents
    text = json.dumps(copie.donnees, default=_plain, ensure_ascii=False, indent=1)
    copie.zip.writestr("donnees.json", text)
    copie.zip.writestr("donnees.schema.json", SCHEMA.read_text(encoding="utf-8"))
    page = render_to_string(
        "vie_privee/copie.html",
        {"copie": json.loads(text), "mots": words(), "langue": langue, "cree_le": copie.donnees["cree_le"]},
    )
    copie.zip.writestr("lisez-moi.html", page)
    copie.zip.close()


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return str(value)


def words() -> dict[str, str]:
    """Return the words of each part of the data, in the reader's language."""
    return {
        "compte": _("Votre compte"),
        "adresses": _("Vos adresses e-mail"),
        "sessions": _("Vos appareils connectés"),
        "equipes": _("Les agences pour lesquelles vous travaillez"),
        "textes": _("Les textes acceptés ou lus"),
        "preferences": _("Vos préférences"),
        "courriels": _("Les e-mails qui vous ont été envoyés, sans leur texte"),
        "communications": _("Les communications à des tiers"),
        "demandes": _("Vos demandes et leurs réponses"),
        "limitations": _("Les limitations et oppositions"),
        "directives": _("Vos directives après décès"),
        "copies": _("Les copies que vous avez demandées"),
        "journal": _("Ce qui a été fait, d’après le journal"),
        "agence": _("L’agence"),
        "identite": _("Votre identité et vos coordonnées"),
        "acces": _("Vos accès"),
        "espaces": _("Vos espaces"),
        "droits": _("Ce que vos espaces ouvrent, et quand"),
        "places": _("Votre place sur chaque compte"),
        "comptes": _("Vos comptes clients"),
        "lots": _("Vos lots"),
        "detentions": _("Ce que vous détenez, et depuis quand"),
        "baux": _("Vos baux"),
        "mandats": _("Vos mandats de gérance"),
        "conseil": _("Vos mandats au conseil syndical"),
        "echeances": _("Vos échéances"),
        "echeances_lignes": _("Le détail de vos échéances"),
        "mouvements": _("Les écritures de vos comptes"),
        "documents": _("Vos documents et justificatifs, joints"),
        "lectures": _("Les documents que vous avez ouverts"),
        "avis": _("Les avis de nouveaux documents"),
        "coordonnees_demandees": _("Les changements de coordonnées demandés"),
        "coordonnees_verifiees": _("Les coordonnées que vous avez confirmées"),
        "accords": _("Vos accords"),
        "justificatifs": _("Vos justificatifs"),
        "suppression": _("Votre demande de suppression"),
        "avertissements": _("Les avertissements d’inactivité"),
        "signalements": _("Les incidents qui concernent votre compte"),
        "agences_fermees": _("Les agences dont les espaces sont fermés : demandez-leur vos données"),
        "codes": _("Les codes d’accès qui vous ont été remis"),
        "incidents": _("Les incidents dont vous avez été prévenu"),
        "valeurs_anterieures": _("Les valeurs remplacées, gardées un temps"),
    }
