"""Consents: given or withdrawn by the person, one row an act; the agence decides which of them it asks for."""

from uuid import UUID

from django.utils.translation import gettext as _

from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.core.trousseau import note_later
from palier.retours.actions_coordonnees import own_acces
from palier.retours.enums import SensConsentement
from palier.retours.models import Consentement, ConsentementPropose
from palier.retours.queries import consent_state, held_qualities
from palier.retours.rules.consentements import REGLES


@action(Gesture.CONSENTEMENT)
def choose_consent(actor: Actor, acces_id: UUID, genre: str, sens: str, version: str) -> bool:
    """Write a consent given or withdrawn; return False when it says nothing new. Raises ``Invisible``.

    ``version``: that of the text that the person had under his eyes; ``BusinessError`` when it is not today's.
    """
    acces = own_acces(actor, acces_id)
    regle = REGLES.get(genre)
    if (
        regle is None
        or sens not in SensConsentement.values
        or not regle.qualites & held_qualities(actor, acces.id)
    ):
        raise Invisible
    if version != regle.version:
        raise BusinessError(
            "texte_change",
            _("Le texte de cet accord vient de changer : relisez-le, puis choisissez de nouveau."),
            status=409,
        )
    electronic = consent_state(actor, acces.agence_id, acces.id, regle)
    if electronic == (sens == SensConsentement.DONNE):
        return False
    Consentement.objects.create(
        agence_id=acces.agence_id,
        id=new_id(),
        acces_id=acces.id,
        account_id=actor.account_id,
        cree_le=now(),
        genre=genre,
        sens=sens,
        texte_version=regle.version,
        texte=regle.texte,
        texte_empreinte=regle.empreinte,
    )
    journal.record(
        actor,
        Gesture.CONSENTEMENT,
        f"consentement:{genre}",
        agence_id=acces.agence_id,
        acces_id=acces.id,
        acte=sens,
        empreinte=regle.empreinte,
    )
    if sens == SensConsentement.RETIRE:
        note_later(acces.agence_id)
    return True


@action(Gesture.AGENCE_SETTINGS)
def set_proposed(actor: Actor, proposes: set[str]) -> None:
    """Decide which consents the agence asks its clients for; those already given stay."""
    for genre in REGLES:
        rows = ConsentementPropose.objects.visible_to(actor).filter(agence_id=actor.agence_id, genre=genre)
        if not rows.update(propose=genre in proposes):
            ConsentementPropose.objects.create(
                agence_id=actor.agence_id, id=new_id(), genre=genre, propose=genre in proposes
            )
    journal.record(
        actor,
        Gesture.AGENCE_SETTINGS,
        f"agence:{actor.agence_id}",
        agence_id=actor.agence_id,
        champs=["consentements", *sorted(proposes)],
    )
