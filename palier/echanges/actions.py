"""Writes of the exchanges' room: receive a dossier, run it, confirm or give up one that waits."""

from typing import IO
from uuid import UUID

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.jobs import JobDeferrer

from palier.agences.cles import agence_key
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.core.vault import store
from palier.echanges.cycle import forget_deposit
from palier.echanges.enums import EtatImport, Voie
from palier.echanges.models import Import

NOM_MAX = 200


def _queue(agence_id: UUID) -> JobDeferrer:
    """Return what queues an import of this agence, one at a time; by name: tasks import actions, never the reverse."""
    return app.configure_task("echanges.importer", queue="import", lock=f"import:{agence_id}")


@action(Gesture.IMPORT_RUN)
def receive_import(
    actor: Actor,
    content: IO[bytes],
    nom: str,
    *,
    check_only: bool = False,
    voie: str = Voie.MAIN,
    source_id: UUID | None = None,
) -> Import:
    """Keep a dossier, encrypted, and queue its import (or its check alone); return it. ``content`` is seekable.

    ``source_id``: the source, written already, when it is known before the file is read.
    """
    _sha256, depot, octets = store(agence_key(actor, actor.agence_id), content)
    row = create_import(actor, nom, depot=depot, octets=octets, voie=voie, source_id=source_id)
    _queue(actor.agence_id).defer(
        agence_id=str(actor.agence_id), import_id=str(row.id), check_only=check_only
    )
    return row


def create_import(
    actor: Actor,
    nom: str,
    *,
    depot: str,
    octets: int,
    voie: str = Voie.COMMANDE,
    source_id: UUID | None = None,
) -> Import:
    """Write an import just received, and its line of journal. Only inside an action."""
    shown = "".join(c for c in nom if c.isprintable())[-NOM_MAX:] or "dossier.zip"
    row: Import = Import.objects.create(
        agence_id=actor.agence_id,
        id=new_id(),
        nom_fichier=shown,
        depot=depot,
        octets=octets,
        recu_le=now(),
        recu_de=actor.account_id,
        voie=voie,
        source_id=source_id,
    )
    journal.record(
        actor,
        Gesture.IMPORT_RUN,
        f"import:{row.id}",
        agence_id=actor.agence_id,
        octets=octets,
        voie=str(voie),
    )
    return row


def waiting_import(actor: Actor, import_id: UUID) -> Import:
    """An import that waits for a decision, locked. Raises Invisible, or BusinessError when it does not wait."""
    row: Import | None = (
        Import.objects.visible_to(actor)
        .select_for_update()
        .filter(agence_id=actor.agence_id, id=import_id)
        .first()
    )
    if row is None:
        raise Invisible
    if row.etat != EtatImport.A_CONFIRMER:
        raise BusinessError(
            "import_pas_en_attente", _("Cet import n’attend pas de confirmation."), status=409
        )
    return row


@action(Gesture.IMPORT_CONFIRM)
def confirm_import(actor: Actor, import_id: UUID) -> Import:
    """A person accepts what the brake stopped: the import runs again, the brake released."""
    row = waiting_import(actor, import_id)
    if not row.depot:
        raise BusinessError(
            "import_sans_fichier",
            _("Le fichier de cet import n’est plus conservé : envoyez-le de nouveau."),
            status=409,
        )
    row.etat, row.confirme_par = EtatImport.RECU, actor.account_id or UUID(int=0)
    row.save(update_fields=["etat", "confirme_par"])
    _queue(actor.agence_id).defer(agence_id=str(actor.agence_id), import_id=str(row.id))
    journal.record(
        actor, Gesture.IMPORT_RUN, f"import:{row.id}", agence_id=actor.agence_id, acte="confirmation"
    )
    return row


@action(Gesture.IMPORT_RUN)
def abandon_import(actor: Actor, import_id: UUID) -> Import:
    """A person gives up an import that waits: what is on line stays as it is."""
    row = waiting_import(actor, import_id)
    row.etat, row.fin_le = EtatImport.ABANDONNE, now()
    row.save(update_fields=["etat", "fin_le"])
    forget_deposit(actor, row)
    journal.record(actor, Gesture.IMPORT_RUN, f"import:{row.id}", agence_id=actor.agence_id, acte="abandon")
    return row


@action(Gesture.IMPORT_RUN)
def cancel_import(actor: Actor, import_id: UUID) -> Import:
    """Give up an import that is not on line yet: at once when it waits, at its next safe point when it runs.

    Raises Invisible, or BusinessError when it has ended.
    """
    rows = Import.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    row: Import | None = rows.filter(agence_id=actor.agence_id, id=import_id).first()
    if row is None:
        raise Invisible
    if row.etat == EtatImport.EN_COURS:
        row.annulation_le, row.annule_par = now(), actor.account_id
        row.save(update_fields=["annulation_le", "annule_par"])
    elif row.etat in (EtatImport.RECU, EtatImport.A_CONFIRMER):
        row.etat, row.fin_le = EtatImport.ABANDONNE, now()
        row.message = _("L’import a été annulé avant de commencer : rien n’a changé en ligne.")
        row.save(update_fields=["etat", "fin_le", "message"])
        forget_deposit(actor, row)
    else:
        raise BusinessError(
            "import_termine", _("Cet import est déjà terminé : il ne peut plus être annulé."), status=409
        )
    journal.record(
        actor, Gesture.IMPORT_RUN, f"import:{row.id}", agence_id=actor.agence_id, acte="annulation"
    )
    return row
