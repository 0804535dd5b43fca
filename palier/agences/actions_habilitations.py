"""Writes about what a gestionnaire follows (his portfolio) and may do. For the administrator only."""

from uuid import UUID

from django.apps import apps
from django.utils.translation import gettext as _

from palier.agences.enums import RoleEquipe
from palier.agences.gestes import closed_by
from palier.agences.models import Agence, Habilitation
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.errors import BusinessError, Invisible

PORTEFEUILLE_MAX = 500  # beyond, it is no portfolio any more: the setting travels with every request


def member(actor: Actor, habilitation_id: UUID) -> Habilitation:
    """Return a live gestionnaire of the actor's agence, locked; raise ``Invisible`` otherwise, 409 for others."""
    rows = Habilitation.objects.visible_to(actor).select_for_update()
    found: Habilitation | None = rows.filter(
        agence_id=actor.agence_id, id=habilitation_id, revoquee_le__isnull=True
    ).first()
    if found is None:
        raise Invisible
    if found.role != RoleEquipe.GESTIONNAIRE:
        raise BusinessError(
            "administrateur_entier",
            _("Un administrateur suit toute l’agence et peut tout y faire : on ne le restreint pas."),
            status=409,
        )
    return found


@action(Gesture.EQUIPE_MANAGE)
def follow_whole_agence(actor: Actor, habilitation_id: UUID) -> Habilitation:
    """Let a gestionnaire follow the whole agence again."""
    return _keep(actor, member(actor, habilitation_id), None)


@action(Gesture.EQUIPE_MANAGE)
def restrict(actor: Actor, habilitation_id: UUID) -> Habilitation:
    """Keep a gestionnaire to a portfolio, empty at first: he sees no unit until one is added."""
    held = member(actor, habilitation_id)
    return held if held.portefeuille is not None else _keep(actor, held, [])


@action(Gesture.EQUIPE_MANAGE)
def add_unit(actor: Actor, habilitation_id: UUID, unite_id: UUID) -> Habilitation:
    """Add a copropriété or a mandat of the agence to a portfolio; adding the first restricts the member to it."""
    held = member(actor, habilitation_id)
    if not is_unit(actor, unite_id):
        raise Invisible
    present = list(held.portefeuille or [])
    if unite_id in present:
        return held
    if len(present) >= PORTEFEUILLE_MAX:
        raise BusinessError(
            "portefeuille_plein",
            _("Un portefeuille compte au plus %(nombre)d immeubles ou mandats.")
            % {"nombre": PORTEFEUILLE_MAX},
        )
    return _keep(actor, held, [*present, unite_id])


@action(Gesture.EQUIPE_MANAGE)
def remove_unit(actor: Actor, habilitation_id: UUID, unite_id: UUID) -> Habilitation:
    """Take a unit out of a portfolio. The last one leaves an empty portfolio: never the whole agence."""
    held = member(actor, habilitation_id)
    if unite_id not in (held.portefeuille or []):
        return held
    return _keep(actor, held, [unit for unit in held.portefeuille or [] if unit != unite_id])


def is_unit(actor: Actor, unite_id: UUID) -> bool:
    """Tell whether the agence has a copropriété or a mandat of that id (the patrimoine stands above this room)."""
    return any(
        apps.get_model("patrimoine", name)
        .objects.visible_to(actor)
        .filter(agence_id=actor.agence_id, id=unite_id)
        .exists()
        for name in ("Copropriete", "MandatGerance")
    )


def _keep(actor: Actor, held: Habilitation, units: list[UUID] | None) -> Habilitation:
    held.portefeuille = units
    held.save(update_fields=["portefeuille"])
    journal.record(
        actor, Gesture.EQUIPE_MANAGE, f"habilitation:{held.id}", agence_id=held.agence_id, acte="portefeuille",
        unites=None if units is None else len(units),
    )  # fmt: skip
    return held


@action(Gesture.EQUIPE_MANAGE)
def close_for_member(actor: Actor, habilitation_id: UUID, keys: set[str]) -> Habilitation:
    """Close to one gestionnaire the gestures of ``keys`` (agences.gestes), and open him the others."""
    held = member(actor, habilitation_id)
    held.gestes_fermes = closed_by(keys)
    held.save(update_fields=["gestes_fermes"])
    journal.record(
        actor, Gesture.EQUIPE_MANAGE, f"habilitation:{held.id}", agence_id=held.agence_id, acte="gestes",
        fermes=held.gestes_fermes,
    )  # fmt: skip
    return held


@action(Gesture.EQUIPE_MANAGE)
def close_for_all(actor: Actor, keys: set[str]) -> Agence:
    """Close the gestures of ``keys`` to every gestionnaire of the agence, and open the others."""
    agence = Agence.objects.select_for_update().get(id=actor.agence_id)
    agence.gestes_fermes = closed_by(keys)
    agence.save(update_fields=["gestes_fermes"])
    journal.record(
        actor, Gesture.EQUIPE_MANAGE, f"agence:{agence.id}", agence_id=agence.id, acte="gestes",
        fermes=agence.gestes_fermes,
    )  # fmt: skip
    return agence
