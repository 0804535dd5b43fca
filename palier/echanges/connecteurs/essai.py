"""Converts an export and checks what it gives, without writing anything on line: the dry import."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from palier.core.dates import today
from palier.echanges.codes import Gravite as GraviteImport
from palier.echanges.controle import Controle, check_dossier
from palier.echanges.profils import Demande, Profil, ProfilRefuse, convert
from palier.echanges.profils.constats import Constat, Gravite
from palier.echanges.profils.conversion import Resultat
from palier.echanges.profils.lecteurs import Piece

from .provenance import locate

CONSTATS_MAX = 60


@dataclass
class Essai:
    """What a dry import has to say: the facts, the counts, the level, and what clients would see."""

    refuse: bool = False
    faits: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    lignes: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    totaux: list[str] = field(default_factory=list)
    a_corriger: int = 0

    @property
    def tables_lues(self) -> list[tuple[str, int]]:
        return list(self.tables.items())


def _fact(c: Constat) -> dict[str, Any]:
    return {"gravite": c.gravite.value, "code": c.code, "message": c.message, "fichier": c.fichier, "ligne": c.ligne,
            "nombre": c.nombre, "conseil": ""}  # fmt: skip


def refused(refus: ProfilRefuse) -> Essai:
    """The dry import of what could not even be converted."""
    return Essai(refuse=True, faits=[_fact(c) for c in refus.constats[:CONSTATS_MAX]])


def request(
    profil: Profil,
    attribution: Mapping[str, Sequence[Piece]],
    slug: str,
    base: str,
    vers: Path,
    provenance: Path,
) -> Demande:
    """What to convert, for an agence and one of its calibrations."""
    provenance.mkdir(exist_ok=True)
    return Demande(
        [profil], [], slug, vers, base=base, arrete_au=today(), attribution=attribution, provenance=provenance
    )


def try_profile(
    profil: Profil, attribution: Mapping[str, Sequence[Piece]], slug: str, base: str, workdir: Path
) -> Essai:
    """Convert and check. Never raises for a bad export: the facts say why."""
    vers, origins = workdir / "essai.zip", workdir / "provenance"
    try:
        found = convert(request(profil, attribution, slug, base, vers, origins), workdir)
    except ProfilRefuse as refus:
        return refused(refus)
    bench = workdir / "etabli"
    bench.mkdir(exist_ok=True)
    with check_dossier(vers, slug, bench, today=today()) as controle:
        essai = _summary(found, controle, origins)
    essai.lignes = read_tables(vers)
    return essai


def _summary(found: Resultat, controle: Controle, origins: Path) -> Essai:
    samples = list(controle.anomalies)[:CONSTATS_MAX]
    places = locate(origins, {(a.table, a.ligne) for a in samples if a.ligne})
    facts = [_fact(c) for c in found.constats if c.gravite is not Gravite.INFO]
    for a in samples:
        nom, line = places.get((a.table, a.ligne or 0), ("", None))
        facts.append({"gravite": a.gravite.value, "code": a.code, "message": a.message, "fichier": nom, "ligne": line,
                      "nombre": 1, "conseil": a.conseil})  # fmt: skip
    totals = [
        f"{r.source} : {r.lues.lignes} / {r.lues.debit} / {r.lues.credit}" for r in found.rapprochements
    ]
    return Essai(controle.refuse, facts[:CONSTATS_MAX], dict(found.tables), {}, totals,
                 controle.collecte.total(GraviteImport.LIGNE))  # fmt: skip


def read_tables(vers: Path, limit: int = 20_000) -> dict[str, list[dict[str, str]]]:
    """The rows of a dossier that we made, at most `limit` of each table."""
    found = {}
    with zipfile.ZipFile(vers) as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                with io.TextIOWrapper(archive.open(name), encoding="utf-8", newline="") as text:
                    rows = csv.DictReader(text, delimiter=";")
                    found[name[:-4]] = [row for _i, row in zip(range(limit), rows, strict=False)]
    return found
