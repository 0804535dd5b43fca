"""What is received and is not a dossier: found by its signature among the agence's profiles, converted, then imported."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
from django.utils.translation import gettext as _

from palier.core import journal
from palier.core.access import Gesture
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.ids import new_id
from palier.core.tenancy import acting_as
from palier.echanges.anomalies import DossierRefuse
from palier.echanges.conteneur import MANIFESTE, Conteneur
from palier.echanges.cycle import forget_deposit
from palier.echanges.enums import EtatImport
from palier.echanges.masque import mask
from palier.echanges.models import Anomalie, Import
from palier.echanges.profils import ProfilRefuse, convert
from palier.echanges.profils.constats import Constat, Gravite
from palier.echanges.profils.lecteurs import Piece
from palier.echanges.profils.modele import build_profile, parse_yaml
from palier.echanges.profils.pieces import ENVOI, inventory

from .essai import request
from .models import ProfilCalibre, StatutProfil
from .provenance import load_origins, locate
from .reconnaissance import Lien, choose, link

#: Facts of a conversion that a report keeps; all are counted.
CONSTATS_MAX = 1_000
GRAVITES = {Gravite.BLOQUANTE: "BLOQUANT", Gravite.ALERTE: "ALERTE", Gravite.INFO: "INFO"}


@dataclass(frozen=True)
class Conversion:
    """A dossier made from an export: where it is, where each of its lines came from, by which profile."""

    path: Path
    provenance: Path
    resume: dict[str, Any]
    #: What the conversion emptied or left out, though it was not refused.
    alertes: tuple[Constat, ...] = ()

    def load_origins(self, con: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> list[str]:
        """Tell the engine where each line of these tables came from; return the names of the files, by rank."""
        return load_origins(con, self.provenance, tables)

    def relocate(self, rows: Sequence[Anomalie]) -> None:
        """Make the lines of a report those of the files received."""
        places = locate(self.provenance, {(a.table, a.ligne) for a in rows if a.ligne})
        for a in rows:
            found = places.get((a.table, a.ligne or 0))
            if found is not None:
                a.fichier, a.ligne = found

    def report(self, agence_id: UUID, import_id: UUID, rows: list[Anomalie], bilan: dict[str, Any]) -> None:
        """Add to a report what was emptied or left out before the dossier was made: nothing is lost in silence."""
        for c in self.alertes:
            codes, gravites = bilan.setdefault("codes", {}), bilan.setdefault("gravites", {})
            codes[c.code] = codes.get(c.code, 0) + c.nombre
            gravites["ALERTE"] = gravites.get("ALERTE", 0) + c.nombre
        bilan.setdefault("coupes", {}).update(_cuts(self.alertes))
        start = len(rows) + 1
        rows += [
            _anomaly(c, agence_id, import_id, rank)
            for rank, c in enumerate(self.alertes[:CONSTATS_MAX], start=start)
        ]


def _cuts(constats: Sequence[Constat]) -> dict[str, dict[str, int]]:
    """The codes of which a report leaves facts out, and how many of each it tells."""
    totals, told = Counter[str](), Counter[str]()
    for place, c in enumerate(constats):
        totals[c.code] += c.nombre
        told[c.code] += c.nombre if place < CONSTATS_MAX else 0
    return {code: {"gardees": told[code], "total": n} for code, n in totals.items() if told[code] < n}


def _anomaly(c: Constat, agence_id: UUID, import_id: UUID, rang: int) -> Anomalie:
    """A fact of a conversion as a line of the report, its value masked."""
    masked = mask(c.valeur, "number")
    message = c.message.replace(f"« {c.valeur} »", f"« {masked} »") if c.valeur else c.message
    return Anomalie(
        agence_id=agence_id, id=new_id(), import_id=import_id, rang=rang,
        gravite=GRAVITES[c.gravite], code=c.code[:60], fichier=c.fichier[:300], ligne=c.ligne,
        valeur_masquee=masked, message=message,
    )  # fmt: skip


def is_dossier(path: Path) -> bool:
    """Whether a file is a dossier, or a zip that the checks of a dossier must refuse."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return False
    try:
        with Conteneur(path, ENVOI) as zipped:
            return MANIFESTE in zipped.membres
    except DossierRefuse:
        return True


def live_profiles(actor: Actor) -> list[ProfilCalibre]:
    """The calibrations of the agence that are in use, the last version of each."""
    rows = ProfilCalibre.objects.visible_to(actor).filter(agence_id=actor.agence_id, retire_le__isnull=True)
    return list(rows.order_by("connecteur", "code", "-version"))


def source_of(row: ProfilCalibre) -> tuple[str, str]:
    """The source (logiciel, base) of what a calibration converts. Raises ProfilRefuse."""
    return parsed(row).nom[:60], row.code


def convert_export(
    actor: Actor,
    slug: str,
    path: Path,
    nom: str,
    workdir: Path,
    source: Callable[[str, str], bool] | None = None,
) -> Conversion | None:
    """Convert what is not a dossier; None when it is one, or when the agence has calibrated nothing.

    ``source``: whether a (logiciel, base) may be spoken for, when the sender may speak for one only.

    Raises ProfilRefuse in plain words: no profile, several, a changed header, values that cannot be read.
    """
    if is_dossier(path):
        return None
    with acting_as(actor):
        rows = live_profiles(actor)
    if source is not None:
        rows = [row for row in rows if source(*source_of(row))]
        if not rows:
            raise ProfilRefuse(Constat("source_sans_profil", Gravite.BLOQUANTE, _no_profile()))
    if not rows:
        return None
    folder = workdir / "export"
    folder.mkdir(exist_ok=True)
    pieces = [Piece(nom, p.chemin) if p.chemin == path else p for p in inventory([path], folder)]
    row, found = _recognised(rows, pieces)
    vers, origins = workdir / "converti.zip", workdir / "provenance"
    result = convert(request(found.profil, found.attribution, slug, row.code, vers, origins), workdir)
    with acting_as(actor):
        ProfilCalibre.objects.visible_to(actor).filter(agence_id=row.agence_id, id=row.id).update(
            utilise_le=now()
        )
    resume = {
        "profil": row.nom,
        "profil_id": str(row.id),
        "connecteur": row.connecteur,
        "version": row.version,
        "fichiers": [
            {"nom": r.nom, "lignes": r.lignes, "encodage": r.encodage, "signature": r.signature}
            for r in result.releves[:50]
        ],
    }
    alertes = tuple(c for c in result.constats if c.gravite is Gravite.ALERTE)
    return Conversion(vers, origins, resume, alertes)


def _recognised(rows: Sequence[ProfilCalibre], pieces: Sequence[Piece]) -> tuple[ProfilCalibre, Lien]:
    """The calibration that reads these files. Raises ProfilRefuse; a template that would says so."""
    verified = [r for r in rows if r.statut == StatutProfil.VERIFIE]
    links = {r.id: link(r.nom, parsed(r), pieces) for r in verified}
    try:
        chosen = choose(list(links.values()))
    except ProfilRefuse:
        templates = [
            r for r in rows if r.statut != StatutProfil.VERIFIE and link(r.nom, parsed(r), pieces).complet
        ]
        if templates and not any(x.complet for x in links.values()):
            raise ProfilRefuse(_template(templates[0])) from None
        raise
    return next(r for r in verified if links[r.id] is chosen), chosen


def _no_profile() -> str:
    return _(
        "Aucun profil calibré en usage ne lit les exports de cette source : calibrez-le dans « Connecteurs »."
    )


def _template(row: ProfilCalibre) -> Constat:
    message = _(
        "Le profil « {nom} » lit ce fichier, mais c'est un gabarit : vérifiez-le d'abord sur un export de l'agence, "
        "dans « Connecteurs »."
    ).format(nom=row.nom)
    return Constat("profil_gabarit", Gravite.BLOQUANTE, message)


def parsed(row: ProfilCalibre) -> Any:
    """The profile of a calibration. Raises ProfilRefuse."""
    return build_profile(parse_yaml(row.texte, row.nom), row.nom)


def close_refused(actor: Actor, row: Import, refus: ProfilRefuse) -> Import:
    """Close an import whose export could not be converted: what was on line stays."""
    with acting_as(actor):
        Anomalie.objects.visible_to(actor).filter(agence_id=row.agence_id, import_id=row.id).delete()
        rows = [
            _anomaly(c, row.agence_id, row.id, rank)
            for rank, c in enumerate(refus.constats[:CONSTATS_MAX], start=1)
        ]
        Anomalie.objects.visible_to(actor).bulk_create(rows)
        row.etat, row.fin_le, row.progres, row.etape = EtatImport.REFUSE, now(), 1.0, ""
        row.message = "\n".join(dict.fromkeys(said.message for said in rows[:5]))
        row.bilan = {"en_ligne": 0, "a_corriger": len(refus.constats), "coupes": _cuts(refus.constats)}
        row.save()
        forget_deposit(actor, row)
        journal.record(
            actor, Gesture.IMPORT_RUN, f"import:{row.id}", agence_id=row.agence_id, etat=str(row.etat)
        )
    return row
