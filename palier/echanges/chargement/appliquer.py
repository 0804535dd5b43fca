"""Puts a checked dossier on line: all of it, or nothing, in the transaction of the caller."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from palier.acces.droits import recompute
from palier.core.vault import AgenceKey
from palier.echanges import etapes
from palier.echanges.chargement.base import Bilan, Portee, copy_in, is_new, run, stage, write
from palier.echanges.chargement.differentiel import changes_rights, finish_delta, suppression_alerts
from palier.echanges.chargement.export import Export, Exporteur
from palier.echanges.chargement.fichiers import Depose, record_files
from palier.echanges.chargement.frein import (
    Alerte,
    check_balances,
    check_disappearance,
    check_sequence,
    check_units,
    last_sequence,
)
from palier.echanges.chargement.identifiants import source_id
from palier.echanges.chargement.renommer import check_takeover, close_replaced, rename_rows, stage_renamings
from palier.echanges.chargement.tables import CIBLES, loaded_tables
from palier.echanges.chargement.versions import record_changes
from palier.echanges.controle import Controle
from palier.echanges.etabli import STRUCTURE
from palier.echanges.unites import PORTEES, VIA

Progress = Callable[[float, str], None]


class Frein(Exception):
    """The dossier would take too much away: nothing is written until a person confirms."""

    def __init__(self, alertes: list[Alerte]) -> None:
        super().__init__("; ".join(a.message for a in alertes))
        self.alertes = alertes


@dataclass
class Resultat:
    """What was written, by table, and the droits that followed."""

    tables: dict[str, Bilan] = field(default_factory=dict)
    fichiers: list[UUID] = field(default_factory=list)
    droits_ouverts: int = 0
    droits_fermes: int = 0
    portee: Portee | None = None


@dataclass(frozen=True)
class Chargement:
    """Everything that the writing needs, prepared outside the transaction."""

    controle: Controle
    key: AgenceKey
    portee: Portee
    exports: list[Export]
    refusees: dict[str, Path]
    cercles: Path
    fichiers: list[Depose]
    #: Tables whose content is the same as at the last import: nothing to write.
    inchangees: dict[str, int]
    #: How many rows of each table and unit may go live.
    bonnes: dict[tuple[str, UUID], int]
    #: The source that this one replaces, until it has.
    ancienne: UUID | None = None

    @property
    def delta(self) -> bool:
        """Whether only what changed is given."""
        return self.controle.manifeste is not None and self.controle.manifeste.is_delta


def prepare(
    controle: Controle,
    workdir: Path,
    key: AgenceKey,
    source: UUID,
    import_id: UUID,
    inchangees: frozenset[str],
    fichiers: list[Depose],
    origines: frozenset[str] = frozenset(),
) -> Chargement:
    """Export what must be written. No database is touched. ``origines``: tables that were converted from files."""
    manifeste = controle.manifeste
    if manifeste is None:
        raise ValueError("a refused dossier cannot be loaded")
    controle.con.execute("SET preserve_insertion_order = true")
    exporteur = Exporteur(controle, workdir, key.salt, key.agence_id, source, origines)
    tenues = tuple(exporteur.units(list(controle.tenues)))
    unites = tuple(exporteur.units(list(manifeste.unites))) if manifeste.unites else None
    portee = Portee(key.agence_id, source, import_id, tenues, unites)
    tables = [t for t in loaded_tables() if t in controle.tables]
    exports = [exporteur.export(t) for t in tables if t not in inchangees]
    refusees = {e.table: exporteur.export_refused(e.table)[0] for e in exports}
    same = {
        t: sum(c.bonnes for (n, _), c in controle.comptes.items() if n == t)
        for t in tables
        if t in inchangees
    }
    cercles, _ = exporteur.export_cercles()
    return Chargement(
        controle, key, portee, exports, refusees, cercles, fichiers, same, _by_unit(controle, exporteur),
        source_id(key.salt, *manifeste.remplace) if manifeste.remplace else None,
    )  # fmt: skip


def _by_unit(controle: Controle, exporteur: Exporteur) -> dict[tuple[str, UUID], int]:
    ids = exporteur.unit_ids()
    return {
        (table, ids[unite]): compte.bonnes
        for (table, unite), compte in controle.comptes.items()
        if unite in ids
    }


def _cercles(chargement: Chargement) -> None:
    run("drop table if exists pg_temp.etape_cercle")
    run("create temp table etape_cercle (id uuid, genre text, objet_id uuid) on commit drop")
    copy_in("pg_temp.etape_cercle", ["id", "genre", "objet_id"], chargement.cercles)
    run(
        "insert into acces_cercle (agence_id, id, genre, objet_id) select %(agence)s, id, genre, objet_id "
        "from pg_temp.etape_cercle s where not exists (select 1 from acces_cercle c where c.agence_id = %(agence)s "
        "and c.id = s.id) on conflict do nothing",
        {"agence": chargement.portee.agence},
    )


def _archivable(controle: Controle, table: str) -> bool:
    """A line that could not be cut may be any row: then no row of its table is taken away."""
    query = (
        f"SELECT count(*) FROM w_{table} w WHERE w._f & {STRUCTURE} <> 0 "
        "AND w._unite NOT IN (SELECT unite FROM tenues)"
    )
    row = controle.con.execute(query).fetchone()
    return not (row and row[0])


def apply(chargement: Chargement, *, confirmed: bool, progress: Progress) -> Resultat:
    """Write the dossier. Raises Frein, before anything is written, when a person must decide."""
    run("set local jit = off")
    run("set local work_mem = '64MB'")
    resultat = Resultat(portee=chargement.portee)
    for i, export in enumerate(chargement.exports):
        progress(0.4 * i / len(chargement.exports), etapes.PREPARATION)
        stage(export, chargement.refusees[export.table])
    stage_renamings(chargement.controle)
    new = {e.table for e in chargement.exports if is_new(e.cible, chargement.portee)}
    if chargement.ancienne is not None:
        new = set()  # rows of the source replaced may come back under the same identifiers
    if not confirmed:
        _brake(chargement, new)
    renew = not chargement.delta or changes_rights(chargement.controle, chargement.exports, chargement.portee)
    rename_rows(chargement.controle, chargement.portee)
    _cercles(chargement)
    resultat.fichiers = record_files(chargement.key, chargement.fichiers)
    total = sum(e.lignes + 1 for e in chargement.exports)
    done = 0
    for export in chargement.exports:
        progress(0.4 + 0.5 * done / total, etapes.ECRITURE)
        archive = not chargement.delta and _archivable(chargement.controle, export.table)
        resultat.tables[export.table] = write(
            export, chargement.portee, new=export.table in new, archive=archive
        )
        done += export.lignes + 1
    for table, count in chargement.inchangees.items():
        resultat.tables[table] = Bilan(inchanges=count)
    _finish(chargement, resultat)
    record_changes(chargement.portee, resultat.tables, chargement.bonnes)
    if not renew:
        return resultat
    progress(0.9, etapes.DROITS)
    # The rows just written have no statistics yet: nested loops would look cheap and cost hours.
    run("set local enable_nestloop = off")
    droits = recompute(chargement.portee.agence)
    run("set local enable_nestloop = on")
    resultat.droits_ouverts, resultat.droits_fermes = droits.droits_ouverts, droits.droits_fermes
    return resultat


def _finish(chargement: Chargement, resultat: Resultat) -> None:
    """What a delta removes and puts right; what a source replaced still had."""
    controle, portee = chargement.controle, chargement.portee
    if chargement.delta:
        finish_delta(controle, chargement.exports, portee, resultat.tables)
    if chargement.ancienne is not None:
        for table, gone in close_replaced(portee, chargement.ancienne, controle.tables).items():
            resultat.tables.setdefault(table, Bilan()).count("archives", gone)


def _brake(chargement: Chargement, new: set[str]) -> None:
    controle, portee = chargement.controle, chargement.portee
    alertes: list[Alerte | None] = []
    if chargement.delta:
        alertes += suppression_alerts(controle, portee)
    elif controle.manifeste is not None:
        alertes.append(check_sequence(last_sequence(portee), controle.manifeste.sequence))
    if chargement.ancienne is not None:
        alertes += check_takeover(portee, chargement.ancienne, controle.tables)
    whole = [
        e
        for e in chargement.exports
        if e.table not in new and not chargement.delta and _archivable(controle, e.table)
    ]
    alertes += check_units(whole, portee)
    alertes += [check_disappearance(export, portee) for export in whole]
    for export in chargement.exports:
        if export.table in new:
            continue
        if export.table == "comptes":
            alertes.append(check_balances(export, chargement.portee))
    found = [a for a in alertes if a]
    if found:
        raise Frein(found)


#: Tables whose rows decide the unit, the cercle or a computed column of the rows of another.
_AUTRES_SOURCES: dict[str, tuple[str, ...]] = {
    "comptes": ("mandats", "baux", "acces"),
    "documents": ("detentions", *PORTEES.values()),
    "lots": ("immeubles",),
}


def _closure(table: str) -> set[str]:
    found: set[str] = set()
    todo = [table]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += [target for _, target in VIA.get(name, ())]
            todo += _AUTRES_SOURCES.get(name, ())
    return found


def unchanged_tables(controle: Controle, before: dict[str, str]) -> frozenset[str]:
    """The tables that need not be written: their file and all that decides their rows are as last applied."""
    manifeste = controle.manifeste
    if manifeste is None or manifeste.is_delta or manifeste.remplace:
        return frozenset()
    now = {f.table: f.sha256 for f in manifeste.fichiers}
    refused = {t for (t, _), c in controle.comptes.items() if c.refusees}
    return frozenset(
        t
        for t in CIBLES
        if t in now and t not in refused and all(now.get(n) == before.get(n) for n in _closure(t))
    )


def tables_whole(controle: Controle) -> dict[str, str]:
    """The digest of each table of which every line went live: it may be skipped while it does not change."""
    manifeste = controle.manifeste
    if manifeste is None or manifeste.is_delta or manifeste.unites or controle.tenues:
        return {}
    refused = {t for (t, _), c in controle.comptes.items() if c.refusees}
    return {f.table: f.sha256 for f in manifeste.fichiers if f.table not in refused}


def units_waiting(controle: Controle, before: list[str]) -> list[str]:
    """The units that missed a sending and must come whole: those held now, those held before that did not come."""
    manifeste = controle.manifeste
    if manifeste is None or manifeste.is_delta:
        return sorted(controle.tenues)
    absent = {u for u in before if manifeste.unites and u not in manifeste.unites}
    return sorted(absent | set(controle.tenues))
