"""What the agence does with what came back: refuse it with a reason, say that a return reached its software."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.acces.models import Acces
from palier.accounts.models import Account
from palier.agences.models import Agence
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.courrier.envois import send_later
from palier.courrier.faits import agence_faits
from palier.retours.enums import OUVERTS, EtatRetour, MoyenAcquittement
from palier.retours.models import Retour, Retournable
from palier.retours.registre import TableRetour, table_of, tables
from palier.vie_privee.droits_personnes.effets import refuse_restricted

MOTIF_MAX = 300


def refusable(actor: Actor, genre: str, ligne_id: UUID) -> tuple[TableRetour, Retournable]:
    """Return a row that the staff may refuse, locked; raise ``Invisible``, or ``BusinessError`` when it is too late."""
    table = table_of(genre)
    if table is None:
        raise Invisible
    row: Retournable | None = (
        table.modele.objects.visible_to(actor)
        .select_for_update()
        .filter(agence_id=actor.agence_id, id=ligne_id)
        .first()
    )
    if row is None:
        raise Invisible
    if not table.refusable:
        raise BusinessError(
            "non_refusable",
            _("Un consentement est un droit de la personne : il ne se refuse pas."),
            status=409,
        )
    if row.etat not in OUVERTS:
        raise BusinessError(
            "plus_ouvert", _("Cette demande est close : elle ne peut plus être refusée."), status=409
        )
    return table, row


@action(Gesture.RETOUR_MANAGE)
def refuse_row(actor: Actor, genre: str, ligne_id: UUID, motif: str) -> bool:
    """Refuse a request, with a reason that the person reads by mail; return whether a mail could leave."""
    table, row = refusable(actor, genre, ligne_id)
    refuse_restricted(row.acces_id)
    motif = " ".join(motif.split())[:MOTIF_MAX]
    if not motif:
        raise BusinessError("motif", _("Écrivez pourquoi : la personne lira ce motif."))
    row.etat, row.motif, row.refuse_le, row.refuse_par = EtatRetour.REFUSE, motif, now(), actor.account_id
    row.save(update_fields=["etat", "motif", "refuse_le", "refuse_par"])
    told = _tell(actor, table, row)
    journal.record(
        actor, Gesture.RETOUR_MANAGE, f"{genre}:{row.id}",
        agence_id=row.agence_id, acces_id=row.acces_id, acte="refus",
    )  # fmt: skip
    return told


def _tell(actor: Actor, table: TableRetour, row: Retournable) -> bool:
    acces = Acces.objects.visible_to(actor).filter(agence_id=row.agence_id, id=row.acces_id).first()
    account = Account.objects.filter(id=acces.account_id).first() if acces and acces.account_id else None
    if account is None:
        return False
    facts: dict[str, Any] = {
        name: getattr(row, name) for name in (f.attname for f in row._meta.concrete_fields)
    }
    send_later(
        "retour_refuse",
        to=account.email,
        agence_id=row.agence_id,
        account_id=account.pk,
        langue=account.langue,
        objet=table.mots(facts)[0],
        motif=row.motif,
        lien=f"{settings.SITE_URL}{reverse('mes_acces')}",
        **agence_faits(Agence.objects.get(id=row.agence_id), account.langue),
    )
    return True


@action(Gesture.RETOUR_MANAGE)
def acknowledge_return(actor: Actor, sequence: int, moyen: MoyenAcquittement) -> Retour:
    """The agence says that a return reached its software; saying it twice changes nothing. Raises ``Invisible``."""
    retour: Retour | None = (
        Retour.objects.visible_to(actor)
        .select_for_update()
        .filter(agence_id=actor.agence_id, sequence=sequence)
        .first()
    )
    if retour is None:
        raise Invisible
    if retour.acquitte_le is not None:
        return retour
    moment = now()
    retour.acquitte_le, retour.acquitte_par, retour.moyen = moment, actor.account_id, moyen
    retour.save(update_fields=["acquitte_le", "acquitte_par", "moyen"])
    for table in tables():
        table.modele.objects.visible_to(actor).filter(
            agence_id=actor.agence_id, retour_id=retour.id, etat=EtatRetour.TRANSMIS
        ).update(etat=EtatRetour.ACQUITTE, acquitte_le=moment)
    journal.record(
        actor,
        Gesture.RETOUR_MANAGE,
        f"retour:{sequence}",
        agence_id=actor.agence_id,
        acte="acquittement",
        moyen=moyen.value,
    )
    return retour


def lock_returns(agence_id: UUID) -> None:
    """Hold the numbering of an agence's returns until the end of the transaction: two preparations never cross."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"retours:{agence_id}"])
