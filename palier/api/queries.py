"""Reads of the API: imports of the key's source, whatever the way they came in."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from palier.api.enums import EtatEnvoi
from palier.api.formes import Compte, Courant, ImportVu, SourceVue, TableRecue
from palier.api.identite import Machine
from palier.api.models import DocumentRecu, EnvoiApi, Morceau
from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.sql import read_one
from palier.core.tenancy import serving
from palier.echanges.enums import EtatImport
from palier.echanges.models import Anomalie, Import, Source
from palier.echanges.rapport import COLONNES

VIFS = frozenset({EtatImport.RECU, EtatImport.EN_COURS})
#: After these a sending may still be corrected, checked or asked for again.
REPRENABLES = frozenset({EtatImport.VERIFIE, EtatImport.REFUSE, EtatImport.ABANDONNE})
APPLIQUES = (EtatImport.APPLIQUE, EtatImport.PARTIEL)


def find_envoi(actor: Actor, envoi_id: UUID, *, lock: bool = False) -> EnvoiApi | None:
    """Return a sending that ``actor`` sees; None when there is none."""
    rows = EnvoiApi.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=envoi_id)
    found: EnvoiApi | None = (rows.select_for_update() if lock else rows).first()
    return found


def run_of(actor: Actor, envoi: EnvoiApi) -> Import | None:
    """Return the last run of a sending."""
    if envoi.import_id is None:
        return None
    found: Import | None = (
        Import.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=envoi.import_id).first()
    )
    return found


def is_open(envoi: EnvoiApi, run: Import | None) -> bool:
    """Tell whether parts may still come and a run be asked for."""
    if envoi.etat == EtatEnvoi.CONSTRUCTION:
        return True
    if envoi.etat != EtatEnvoi.CONFIE or run is None:
        return False
    return run.etat in REPRENABLES


def find_import(actor: Actor, import_id: UUID) -> tuple[EnvoiApi | None, Import | None]:
    """Return (sending, run) of an identifier of either. Raises Invisible."""
    envoi = find_envoi(actor, import_id)
    if envoi is not None:
        return envoi, run_of(actor, envoi)
    run = Import.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=import_id).first()
    if run is None:
        raise Invisible
    return None, run


def shown(machine: Machine, envoi: EnvoiApi | None, run: Import | None, tables: list[TableRecue]) -> ImportVu:
    """Return an import as the API tells it."""
    etat, libelle = _etat(envoi, run)
    bilan: dict[str, Any] = (run.bilan if run is not None else None) or {}
    ended = etat not in {EtatEnvoi.CONSTRUCTION, *VIFS}
    found = envoi or run
    assert found is not None
    return ImportVu(
        id=found.id,
        etat=str(etat),
        libelle=libelle,
        termine=ended,
        genre=envoi.genre if envoi else "zip",
        nom=found.nom_fichier,
        source=SourceVue(logiciel=machine.logiciel, base=machine.base),
        controle_seul=bool(envoi and envoi.controle_seul) or etat == EtatImport.VERIFIE,
        progres=run.progres if run else 0.0,
        etape=run.etape if run else "",
        message=(run.message if run else "") or (envoi.message if envoi else ""),
        arrete_au=run.arrete_au if run else None,
        recu_le=found.recu_le,
        fin_le=run.fin_le if run else None,
        expire_le=envoi.expire_le if envoi and is_open(envoi, run) else None,
        compte=Compte(**{name: int(bilan.get(name) or 0) for name in Compte.model_fields}),
        tables=tables,
    )


def _etat(envoi: EnvoiApi | None, run: Import | None) -> tuple[str, str]:
    if envoi is not None and (envoi.etat != EtatEnvoi.CONFIE or run is None):
        if envoi.etat == EtatEnvoi.PREPARATION:
            return EtatImport.RECU.value, str(EtatImport.RECU.label)
        return EtatEnvoi(envoi.etat).value, str(EtatEnvoi(envoi.etat).label)
    assert run is not None
    return EtatImport(run.etat).value, str(EtatImport(run.etat).label)


def tables_of(actor: Actor, envoi: EnvoiApi | None) -> list[TableRecue]:
    """Return what came of each table of a sending."""
    if envoi is None:
        return []
    found: dict[str, list[Morceau]] = defaultdict(list)
    rows = Morceau.objects.visible_to(actor).filter(agence_id=actor.agence_id, envoi_id=envoi.id)
    for part in rows.order_by("table_nom", "rang"):
        found[part.table_nom].append(part)
    return [
        TableRecue(
            table=table,
            parties=[p.rang for p in parts],
            lignes=sum(p.lignes for p in parts),
            octets=sum(p.octets for p in parts),
        )
        for table, parts in found.items()
    ]


def page(machine: Machine, after: tuple[datetime, UUID] | None, limit: int) -> tuple[list[ImportVu], bool]:
    """Return a page of the source's sendings, newest first, and whether others follow."""
    actor = machine.actor
    rows = EnvoiApi.objects.visible_to(actor).filter(agence_id=actor.agence_id)
    if after is not None:
        moment, last = after
        rows = rows.filter(Q(recu_le__lt=moment) | Q(recu_le=moment, id__lt=last))
    found = list(rows.order_by("-recu_le", "-id")[: limit + 1])
    wanted = [envoi.import_id for envoi in found if envoi.import_id]
    runs = Import.objects.visible_to(actor).filter(agence_id=actor.agence_id, id__in=wanted)
    by_id = {run.id: run for run in runs}
    return [shown(machine, e, by_id.get(e.import_id), []) for e in found[:limit]], len(found) > limit


def current(machine: Machine) -> Courant:
    """Return what is on line for the machine's source, whatever the way it came in."""
    actor = machine.actor
    source = Source.objects.visible_to(actor).get(agence_id=actor.agence_id, id=actor.source_id)
    rows = Import.objects.visible_to(actor).filter(agence_id=actor.agence_id, etat__in=APPLIQUES)
    last = rows.order_by("-fin_le", "-id").first()
    return Courant(
        source=SourceVue(logiciel=source.logiciel, base=source.base),
        sequence=source.sequence,
        empreinte=last.empreinte if last else "",
        arrete_au=source.arrete_au,
        importe_le=source.importe_le,
        import_id=last.id if last else None,
    )


def report_lines(actor: Actor, run: Import) -> list[dict[str, str]]:
    """Return the faults of a run under the names that the format's documentation gives."""
    rows = Anomalie.objects.visible_to(actor).filter(agence_id=actor.agence_id, import_id=run.id)
    return [
        {
            n: "" if (v := getattr(row, "identifiant" if n == "id" else n)) is None else str(v)
            for n in COLONNES
        }
        for row in rows.order_by("rang")
    ]


def document_size(actor: Actor, sha256: str) -> int | None:
    """Return the size of a document that the agence holds, in bytes; None when it holds none of that digest."""
    with serving(actor, actor.agence_id, actor.reason or "API") as system:
        row = read_one(
            system,
            "select octets from ged_fichier where agence_id = %(agence)s and sha256 = %(sha256)s",
            {"agence": actor.agence_id, "sha256": sha256},
        )
    return None if row is None else int(row[0])


def orphan_candidates(actor: Actor, before: datetime) -> list[DocumentRecu]:
    """Return the documents received ahead before a moment."""
    rows = DocumentRecu.objects.visible_to(actor).filter(agence_id=actor.agence_id, recu_le__lt=before)
    return list(rows.order_by("recu_le", "id"))
