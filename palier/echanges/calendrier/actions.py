"""Writes of the feeds: declare, change, remove; and the round that tells which are late."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.accounts.models import Account
from palier.agences.enums import RoleEquipe
from palier.agences.models import Agence, Habilitation
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import date_longue, heure, now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.courrier.envois import send_later
from palier.courrier.faits import agence_faits
from palier.echanges.calendrier.models import Flux
from palier.echanges.models import Source
from palier.echanges.rules.attente import missed

#: Feeds of one agence, at most.
MAXIMUM = 40
_HORAIRE = ("jours", "heure", "tolerance_minutes", "feries")


def _found(actor: Actor, flux_id: UUID) -> Flux:
    rows = Flux.objects.visible_to(actor).select_for_update(of=("self",))
    row: Flux | None = rows.filter(agence_id=actor.agence_id, id=flux_id).first()
    if row is None:
        raise Invisible
    return row


def _judge(actor: Actor, flux: Flux) -> None:
    """Refuse a folder or a source that is another feed's, and a source that is not the agence's."""
    others = Flux.objects.visible_to(actor).filter(agence_id=actor.agence_id).exclude(id=flux.id)
    if flux.dossier and others.filter(dossier=flux.dossier).exists():
        raise BusinessError(
            "flux_dossier_pris",
            _("Un autre flux surveille déjà le dossier « %(dossier)s » : choisissez un autre nom.")
            % {"dossier": flux.dossier},
        )
    if flux.source_id is not None:
        sources = Source.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=flux.source_id)
        if not sources.exists():
            raise BusinessError("flux_source_inconnue", _("Cette source n’est pas de votre agence."))


def _schedule(flux: Flux) -> None:
    """A new schedule counts from now: what it did not ask for cannot have been missed."""
    flux.attendu_depuis = now() if flux.horaire else None
    flux.retard_depuis = None


@action(Gesture.AGENCE_SETTINGS)
def declare_flux(actor: Actor, /, **facts: Any) -> Flux:
    """Declare a feed. ``facts``: the fields of the form. Raises BusinessError."""
    if Flux.objects.visible_to(actor).filter(agence_id=actor.agence_id).count() >= MAXIMUM:
        raise BusinessError(
            "flux_trop", _("%(n)d flux au plus : retirez-en un d’abord.") % {"n": MAXIMUM}, status=409
        )
    flux = Flux(agence_id=actor.agence_id, id=new_id(), **facts)
    _judge(actor, flux)
    _schedule(flux)
    flux.save(force_insert=True)
    journal.record(
        actor, Gesture.AGENCE_SETTINGS, f"flux:{flux.id}", agence_id=actor.agence_id, acte="declaration"
    )
    return flux


@action(Gesture.AGENCE_SETTINGS)
def change_flux(actor: Actor, /, flux_id: UUID, **facts: Any) -> Flux:
    """Change a feed; a changed schedule starts afresh. Raises Invisible, BusinessError."""
    flux = _found(actor, flux_id)
    before = [getattr(flux, name) for name in _HORAIRE]
    for name, value in facts.items():
        setattr(flux, name, value)
    _judge(actor, flux)
    if before != [getattr(flux, name) for name in _HORAIRE]:
        _schedule(flux)
    flux.save()
    _stamp_sources(actor)
    journal.record(
        actor, Gesture.AGENCE_SETTINGS, f"flux:{flux.id}", agence_id=actor.agence_id, acte="modification"
    )
    return flux


@action(Gesture.AGENCE_SETTINGS)
def remove_flux(actor: Actor, flux_id: UUID) -> Flux:
    """Expect this feed no longer, and look into its folder no longer. What is on line stays."""
    flux = _found(actor, flux_id)
    flux.delete()
    _stamp_sources(actor)
    journal.record(
        actor, Gesture.AGENCE_SETTINGS, f"flux:{flux_id}", agence_id=actor.agence_id, acte="retrait"
    )
    return flux


@action(Gesture.IMPORT_RUN)
def judge_lateness(actor: Actor) -> int:
    """Tell which feeds of the agence are late and which are back; mail the administrators once for each. Return how many."""
    rows = Flux.objects.visible_to(actor).select_for_update(of=("self",)).filter(agence_id=actor.agence_id)
    rows = rows.filter(attendu_depuis__isnull=False).order_by("id")
    agence = Agence.objects.get(id=actor.agence_id)
    changes = []
    for flux in rows:
        late, before = _lateness(actor, flux), flux.retard_depuis
        if (late is None) == (before is None):
            continue
        flux.retard_depuis = late
        flux.save(update_fields=["retard_depuis"])
        _warn(actor, agence, flux, before)
        changes.append((flux, "retard" if late else "retour"))
    if changes:
        _stamp_sources(actor)
    for flux, acte in changes:
        journal.record(actor, Gesture.IMPORT_RUN, f"flux:{flux.id}", agence_id=actor.agence_id, acte=acte)
    return len(changes)


def _lateness(actor: Actor, flux: Flux) -> Any:
    """The instant that this feed missed, or None."""
    horaire = flux.horaire
    if horaire is None or flux.attendu_depuis is None:
        return None
    source = (
        Source.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=flux.source_id).first()
        if flux.source_id
        else None
    )
    received = max(filter(None, (flux.recu_le, source.importe_le if source else None)), default=None)
    return missed(horaire, depuis=flux.attendu_depuis, recu=received, maintenant=now())


def _warn(actor: Actor, agence: Agence, flux: Flux, before: Any) -> None:
    """Mail the administrators: the feed is late, or it is back."""
    path = reverse("gestion:reglages_flux", kwargs={"agence": agence.slug})
    for account in administrators(actor):
        moment = flux.retard_depuis or before
        send_later(
            "flux_en_retard" if flux.retard_depuis else "flux_revenu",
            to=account.email,
            agence_id=agence.id,
            account_id=account.pk,
            langue=account.langue,
            flux=flux.nom,
            jour=date_longue(moment, account.langue),
            heure=heure(moment),
            lien=f"{settings.SITE_URL}{path}",
            **agence_faits(agence, account.langue),
        )


def administrators(actor: Actor) -> Sequence[Account]:
    """Return the accounts of the agence's present administrators."""
    held = Habilitation.objects.visible_to(actor).filter(
        agence_id=actor.agence_id, role=RoleEquipe.ADMINISTRATEUR, revoquee_le__isnull=True
    )
    ids = list(held.values_list("account_id", flat=True))
    return list(Account.objects.filter(pk__in=ids, is_active=True).order_by("email"))


def _stamp_sources(actor: Actor) -> None:
    """Write on each source since when a feed of it is late: clients see the source, never the feed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update echanges_source s set retard_depuis = x.retard from (select s2.id, (select min(f.retard_depuis)"
            " from echanges_flux f where f.agence_id = s2.agence_id and f.source_id = s2.id) as retard"
            " from echanges_source s2 where s2.agence_id = %(agence)s) x where s.agence_id = %(agence)s"
            " and s.id = x.id and s.retard_depuis is distinct from x.retard",
            {"agence": actor.agence_id},
        )
