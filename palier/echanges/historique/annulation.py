"""Rollback of an import: what it changed is put back, what it added leaves the clients' sight.

One transaction, under the agence's import lock: killed anywhere, what was on line stays whole. What people did
(accounts, read marks, codes, shared addresses) is never touched, nor erased with the rows that it points to.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from palier.acces.droits import recompute
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.courrier.avis import forget_notices
from palier.echanges.enums import EtatImport
from palier.echanges.fraicheur import take_dates_back
from palier.echanges.historique.calcul import (
    Champ,
    counts,
    give_names_back,
    remaining,
    take_back,
)
from palier.echanges.historique.enums import EtatAnnulation
from palier.echanges.historique.faits import EN_LIGNE, Faits, Unite, facts_of
from palier.echanges.historique.jugement import judge
from palier.echanges.historique.models import Annulation
from palier.echanges.models import Import, Source
from palier.echanges.suivi import hold
from palier.retours.constat import note_undone

#: More rows than this: the worker does it.
LIGNES_EN_FILE = 20_000
SORTES = ("retablies", "revenues", "archivees")


@dataclass(frozen=True, slots=True)
class Ligne:
    """What the rollback would do in a table and unit, in rows."""

    table: str
    unite_id: UUID
    retablies: int
    revenues: int
    archivees: int


@dataclass(frozen=True, slots=True)
class Apercu:
    """What the rollback would do; ``refus`` is the sentence that says why it may not be done, else empty.

    ``restent``: rows of the whole agence that stay as the import left them, when only some units are taken back.
    ``unites``: those that may be chosen, and those that were taken back already.
    """

    lignes: tuple[Ligne, ...]
    unites: tuple[Unite, ...] = ()
    refus: str = ""
    code: str = ""
    restent: int = 0

    @property
    def total(self) -> int:
        """How many rows would be written."""
        return sum(x.retablies + x.revenues + x.archivees for x in self.lignes)


def find(actor: Actor, import_id: UUID, *, lock: bool = False) -> Import:
    """An import of the actor's agence. Raises Invisible."""
    rows = Import.objects.visible_to(actor)
    row: Import | None = (
        (rows.select_for_update() if lock else rows).filter(agence_id=actor.agence_id, id=import_id).first()
    )
    if row is None:
        raise Invisible
    return row


def preview_cancel(actor: Actor, import_id: UUID, unites: tuple[UUID, ...] | None = None) -> Apercu:
    """What taking back an import (or some of its units) would do. Nothing is written. Raises Invisible."""
    return preview_of(actor, find(actor, import_id), unites)


def preview_of(actor: Actor, row: Import, unites: tuple[UUID, ...] | None = None) -> Apercu:
    """The same, of an import of the actor's agence that was read already."""
    faits = facts_of(actor, row)
    try:
        wanted = judge(row, faits, unites)
    except BusinessError as error:
        return Apercu((), faits.unites, str(error.message), error.code)
    lines, staying = _lines(faits, Champ(row.agence_id, row.id, wanted, faits.deja))
    return Apercu(lines, faits.unites, restent=staying)


def _lines(faits: Faits, champ: Champ) -> tuple[tuple[Ligne, ...], int]:
    found, staying = counts(faits.tables, champ)
    order = {table: rank for rank, table in enumerate(faits.tables)}
    keys = sorted(found, key=lambda key: (order[key[0]], key[1]))
    return tuple(Ligne(table, unite, **found[table, unite]) for table, unite in keys), staying


def _lock(actor: Actor) -> None:
    if not hold(actor.agence_id):
        raise BusinessError(
            "import_en_cours",
            _("Un import est en cours pour cette agence : attendez qu’il se termine, puis réessayez."),
            status=409,
        )


@action(Gesture.IMPORT_CANCEL)
def cancel_import(
    actor: Actor,
    import_id: UUID,
    unites: tuple[UUID, ...] | None = None,
    *,
    in_background: bool | None = None,
) -> Annulation:
    """Take back what an import put on line, for these units or for all; return what was done or queued.

    ``in_background``: None lets the number of rows decide. Raises Invisible, or BusinessError with the sentence.
    """
    row = find(actor, import_id, lock=True)
    _lock(actor)
    faits = facts_of(actor, row)
    wanted = judge(row, faits, unites)
    if _asked(actor, row.id):
        raise BusinessError(
            "annulation_en_cours", _("L’annulation de cet import est déjà en cours."), status=409
        )
    demande: Annulation = Annulation.objects.create(
        agence_id=row.agence_id,
        id=new_id(),
        import_id=row.id,
        source_id=row.source_id,
        unites=None if wanted is None else [str(u) for u in wanted],
        demandee_le=now(),
        demandee_par=actor.account_id,
    )
    if in_background is None:
        in_background = _size(row) > LIGNES_EN_FILE
    if not in_background:
        return _undo(actor, row, demande, faits)
    app.configure_task("echanges.annuler", queue="import", lock=f"import:{row.agence_id}").defer(
        agence_id=str(row.agence_id), annulation_id=str(demande.id)
    )
    _record(actor, demande, "annulation_demandee")
    return demande


def _asked(actor: Actor, import_id: UUID) -> bool:
    rows = Annulation.objects.visible_to(actor).filter(agence_id=actor.agence_id, import_id=import_id)
    return rows.filter(etat=EtatAnnulation.DEMANDEE).exists()


def _size(row: Import) -> int:
    return sum(int(row.bilan.get(name) or 0) for name in ("ajoutes", "modifies", "archives"))


@action(Gesture.IMPORT_CANCEL)
def run_cancel(actor: Actor, annulation_id: UUID) -> Annulation | None:
    """Do a rollback that was queued; None when it has ended already. A refusal is kept with its sentence."""
    rows = Annulation.objects.visible_to(actor).select_for_update()
    demande: Annulation | None = rows.filter(agence_id=actor.agence_id, id=annulation_id).first()
    if demande is None or demande.etat != EtatAnnulation.DEMANDEE:
        return None
    row = find(actor, demande.import_id, lock=True)
    faits = facts_of(actor, row)
    try:
        judge(row, faits, None if demande.unites is None else tuple(UUID(u) for u in demande.unites))
    except BusinessError as error:
        demande.etat, demande.fin_le = EtatAnnulation.REFUSEE, now()
        demande.message = str(error.message)
        demande.save(update_fields=["etat", "fin_le", "message"])
        _record(actor, demande, "annulation_refusee", code=error.code)
        return demande
    return _undo(actor, row, demande, faits)


def _undo(actor: Actor, row: Import, demande: Annulation, faits: Faits) -> Annulation:
    """Write the former state. The caller holds the agence's import lock and has judged."""
    unites = None if demande.unites is None else tuple(UUID(u) for u in demande.unites)
    source = (
        Source.objects.visible_to(actor).select_for_update().get(agence_id=row.agence_id, id=row.source_id)
    )
    champ = Champ(row.agence_id, row.id, unites, faits.deja)
    # Before anything is written: which rows units share is read in the state that the import left.
    restent = remaining(faits.tables, champ)
    total = dict.fromkeys(SORTES, 0)
    for table in faits.tables:
        for kind, count in take_back(table, champ).items():
            total[kind] += count
    give_names_back(champ)
    droits = recompute(row.agence_id)
    note_undone(row.agence_id, row.id)
    avis = forget_notices(row.agence_id)
    left = faits.touchees - champ.deja - set(unites or ())
    whole = unites is None or not left or (left == {row.agence_id} and not restent)
    _unstamp(actor, source, row, faits.redites, whole=whole)
    take_dates_back(actor, row, None if whole else unites)
    demande.etat, demande.fin_le = EtatAnnulation.FAITE, now()
    demande.bilan = {
        **total,
        "restent": restent,
        "droits_ouverts": droits.droits_ouverts,
        "droits_fermes": droits.droits_fermes,
        "avis_arretes": avis,
    }
    demande.save(update_fields=["etat", "fin_le", "bilan"])
    if whole:
        row.etat = EtatImport.ANNULE
        row.save(update_fields=["etat"])
        again = Import.objects.visible_to(actor).filter(agence_id=row.agence_id, id__in=faits.redites)
        again.update(etat=EtatImport.ANNULE)
    _record(actor, demande, "annulation", **total)
    return demande


def _unstamp(actor: Actor, source: Source, row: Import, redites: tuple[UUID, ...], *, whole: bool) -> None:
    """Forget the digests, so that the same dossier applies again, and the sequence: only a snapshot may follow."""
    source.fichiers, source.sequence = {}, None
    fields = ["fichiers", "sequence"]
    if whole:
        before = (
            Import.objects.visible_to(actor)
            .filter(agence_id=row.agence_id, source_id=row.source_id, etat__in=EN_LIGNE)
            .exclude(id__in=[row.id, *redites])
            .order_by("-fin_le")
            .first()
        )
        if before is None:
            # This import had taken over from another source: that one is on line again.
            Source.objects.visible_to(actor).filter(agence_id=row.agence_id, remplacee_par=source.id).update(
                remplacee_par=None
            )
        source.arrete_au = before.arrete_au if before else None
        source.importe_le = before.fin_le if before else None
        fields += ["arrete_au", "importe_le"]
    source.save(update_fields=fields)


def _record(actor: Actor, demande: Annulation, acte: str, **facts: Any) -> None:
    if actor.account_id is None and demande.demandee_par is not None:
        facts["demandee_par"] = str(demande.demandee_par)
    journal.record(
        actor,
        Gesture.IMPORT_CANCEL,
        f"import:{demande.import_id}",
        agence_id=demande.agence_id,
        acte=acte,
        unites=len(demande.unites) if demande.unites is not None else "toutes",
        **facts,
    )


__all__ = [
    "Apercu",
    "Ligne",
    "cancel_import",
    "find",
    "preview_cancel",
    "preview_of",
    "run_cancel",
]
