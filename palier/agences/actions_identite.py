"""Writes about how the agence shows itself: its logo, the name that its mails bear, whom its clients may reach."""

import hashlib
from uuid import UUID

from django.utils.translation import gettext as _

from palier.agences.actions_habilitations import is_unit
from palier.agences.logo import redraw
from palier.agences.models import Agence, Logo, PointContact
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.errors import BusinessError, Invisible

POINTS_MAX = 40  # of an agence: a list that a client reads, not a directory


@action(Gesture.AGENCE_SETTINGS)
def set_logo(actor: Actor, content: bytes) -> None:
    """Show this logo from now on; raises ``BusinessError`` when the file is no sound image."""
    drawn = redraw(content)
    Logo.objects.update_or_create(agence_id=actor.agence_id, defaults={"contenu": drawn})
    _mark(actor, hashlib.sha256(drawn).hexdigest()[:16], "logo")


@action(Gesture.AGENCE_SETTINGS)
def remove_logo(actor: Actor) -> None:
    """Show the name alone again."""
    Logo.objects.filter(agence_id=actor.agence_id).delete()
    _mark(actor, "", "logo_retire")


def _mark(actor: Actor, empreinte: str, acte: str) -> None:
    Agence.objects.filter(id=actor.agence_id).update(logo_empreinte=empreinte)
    journal.record(
        actor, Gesture.AGENCE_SETTINGS, f"agence:{actor.agence_id}", agence_id=actor.agence_id, acte=acte
    )


@action(Gesture.AGENCE_SETTINGS)
def set_sender(actor: Actor, expediteur: str) -> None:
    """Choose the name that the agence's mails bear before the portal's; empty: the agence's own."""
    name = " ".join("".join(c if c.isprintable() else " " for c in expediteur).split())
    if any(mark in name for mark in '<>@"'):
        raise BusinessError(
            "expediteur_mal_forme", _("Écrivez un nom, sans adresse e-mail, ni guillemet, ni chevron.")
        )
    Agence.objects.filter(id=actor.agence_id).update(expediteur=name[:80])
    journal.record(
        actor,
        Gesture.AGENCE_SETTINGS,
        f"agence:{actor.agence_id}",
        agence_id=actor.agence_id,
        champs=["expediteur"],
    )


@action(Gesture.AGENCE_SETTINGS)
def save_point(
    actor: Actor,
    point_id: UUID | None,
    *,
    nom: str,
    fonction: str,
    telephone: str,
    email: str,
    horaires: str,
    unite_id: UUID | None,
) -> PointContact:
    """Write a contact point, new when ``point_id`` is None; for one unit, or for the whole agence."""
    if not telephone and not email:
        raise BusinessError(
            "contact_muet", _("Donnez un téléphone ou une adresse e-mail : sans eux, on ne joint personne.")
        )
    if unite_id is not None and not is_unit(actor, unite_id):
        raise Invisible
    rows = PointContact.objects.visible_to(actor).filter(agence_id=actor.agence_id)
    if point_id is None:
        if rows.count() >= POINTS_MAX:
            raise BusinessError("trop_de_contacts", _("Quarante contacts au plus : retirez-en un d’abord."))
        point = PointContact(agence_id=actor.agence_id)
    else:
        found = rows.filter(id=point_id).first()
        if found is None:
            raise Invisible
        point = found
    point.nom, point.fonction, point.telephone = nom, fonction, telephone
    point.email, point.horaires, point.unite_id = email, horaires, unite_id
    point.save()
    journal.record(
        actor, Gesture.AGENCE_SETTINGS, f"contact:{point.id}", agence_id=actor.agence_id, acte="contact"
    )
    return point


@action(Gesture.AGENCE_SETTINGS)
def remove_point(actor: Actor, point_id: UUID) -> None:
    """Take a contact point away."""
    found = PointContact.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=point_id).first()
    if found is None:
        raise Invisible
    found.delete()
    journal.record(
        actor,
        Gesture.AGENCE_SETTINGS,
        f"contact:{point_id}",
        agence_id=actor.agence_id,
        acte="contact_retire",
    )
