"""A person says how to reach him: propose a change, cancel it, confirm that all is right."""

from uuid import UUID

from django.utils.translation import gettext as _

from palier.acces.models import Acces
from palier.agences.enums import FonctionPortail
from palier.agences.queries import is_closed
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.retours.enums import EtatRetour, NatureChangement, Rubrique
from palier.retours.models import ChangementCoordonnees, CoordonneesVerifiees
from palier.retours.rules.coordonnees import CHAMPS, identique


def own_acces(actor: Actor, acces_id: UUID) -> Acces:
    """Return the actor's accès, locked until the end of the transaction with its person; raise ``Invisible``."""
    rows = Acces.objects.visible_to(actor).filter(id=acces_id, account_id=actor.account_id)
    acces: Acces | None = (
        rows.filter(detache_le__isnull=True).select_related("tiers").select_for_update(of=("self",)).first()
    )
    if acces is None:
        raise Invisible
    return acces


def closed_here() -> BusinessError:
    """Return the refusal of an agence that takes no change by the portal."""
    return BusinessError(
        "coordonnees_fermees",
        _(
            "Votre agence ne prend pas ces changements ici : appelez-la, ou demandez une rectification dans"
            " « Mes données et mes droits »."
        ),
        status=403,
    )


def held_values(tiers: object, rubrique: str) -> dict[str, str]:
    """Return what the back-office holds of a heading."""
    return {champ: str(getattr(tiers, champ) or "") for champ in CHAMPS[rubrique]}


@action(Gesture.COORDONNEES)
def propose_changes(actor: Actor, acces_id: UUID, valeurs: dict[str, dict[str, str]]) -> list[Rubrique]:
    """Ask for the headings of ``valeurs`` that really change; return them. Raises ``Invisible``.

    A request of the same heading that still waits is replaced; one that gives back what the agence holds cancels it.
    """
    acces = own_acces(actor, acces_id)
    if is_closed(actor, acces.agence_id, FonctionPortail.COORDONNEES):
        raise closed_here()
    tiers = acces.tiers
    moment = now()
    changed: list[Rubrique] = []
    for rubrique in Rubrique:
        if rubrique not in valeurs:
            continue
        nouveau, ancien = valeurs[rubrique], held_values(tiers, rubrique)
        waiting = _waiting(actor, acces, rubrique)
        present = waiting.nouveau if waiting is not None else ancien
        if identique(rubrique, present, nouveau):
            continue
        if waiting is not None:
            _close(actor, waiting)
        if not identique(rubrique, ancien, nouveau):
            _supersede(actor, acces, rubrique)
            ChangementCoordonnees.objects.create(
                agence_id=acces.agence_id,
                id=new_id(),
                acces_id=acces.id,
                account_id=actor.account_id,
                cree_le=moment,
                rubrique=rubrique,
                ancien=ancien,
                nouveau=nouveau,
            )
        changed.append(rubrique)
    if changed:
        journal.record(
            actor,
            Gesture.COORDONNEES,
            f"acces:{acces.id}",
            agence_id=acces.agence_id,
            acces_id=acces.id,
            champs=[str(r.value) for r in changed],
        )
    return changed


def _waiting(actor: Actor, acces: Acces, rubrique: str) -> ChangementCoordonnees | None:
    found: ChangementCoordonnees | None = (
        ChangementCoordonnees.objects.visible_to(actor)
        .select_for_update()
        .filter(
            agence_id=acces.agence_id,
            acces_id=acces.id,
            rubrique=rubrique,
            nature=NatureChangement.CHANGEMENT,
            etat=EtatRetour.DEMANDE,
        )
        .first()
    )
    return found


def _close(actor: Actor, row: ChangementCoordonnees) -> None:
    row.etat, row.annule_le = EtatRetour.ANNULE, now()
    row.save(update_fields=["etat", "annule_le"])


def _supersede(actor: Actor, acces: Acces, rubrique: str) -> None:
    """A newer request makes a transmitted one of the same heading an old one: it is not waited for any more."""
    ChangementCoordonnees.objects.visible_to(actor).filter(
        agence_id=acces.agence_id,
        acces_id=acces.id,
        rubrique=rubrique,
        nature=NatureChangement.CHANGEMENT,
        etat__in=(EtatRetour.TRANSMIS, EtatRetour.ACQUITTE),
    ).update(etat=EtatRetour.REMPLACE)


@action(Gesture.COORDONNEES)
def cancel_change(actor: Actor, acces_id: UUID, changement_id: UUID) -> None:
    """Take back a request that has not left yet. Raises ``Invisible``; ``BusinessError`` once it left."""
    acces = own_acces(actor, acces_id)
    rows = ChangementCoordonnees.objects.visible_to(actor).filter(
        agence_id=acces.agence_id,
        acces_id=acces.id,
        id=changement_id,
        nature=NatureChangement.CHANGEMENT,
    )
    if not rows.exists():
        raise Invisible
    # A conditional update: against a return being prepared, exactly one of the two wins.
    if not rows.filter(etat=EtatRetour.DEMANDE).update(etat=EtatRetour.ANNULE, annule_le=now()):
        raise BusinessError(
            "deja_transmis",
            _("Cette demande n’attend plus : elle ne peut plus être annulée. Demandez un autre changement."),
            status=409,
        )
    journal.record(
        actor,
        Gesture.COORDONNEES,
        f"changement:{changement_id}",
        agence_id=acces.agence_id,
        acces_id=acces.id,
        acte="annulation",
    )


@action(Gesture.COORDONNEES)
def confirm_details(actor: Actor, acces_id: UUID) -> None:
    """The person says that what the agence holds is right. Raises ``Invisible``."""
    acces = own_acces(actor, acces_id)
    CoordonneesVerifiees.objects.create(
        agence_id=acces.agence_id, id=new_id(), acces_id=acces.id, account_id=actor.account_id, le=now()
    )
    journal.record(
        actor,
        Gesture.COORDONNEES,
        f"acces:{acces.id}",
        agence_id=acces.agence_id,
        acces_id=acces.id,
        acte="confirmation",
    )
