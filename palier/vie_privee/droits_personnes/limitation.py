"""Restriction and objection (RGPD art. 18 and 21): in force as soon as the person says so, lifted after a notice."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.accounts.models import Account
from palier.agences.models import Agence
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import date_simple, now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.core.tenancy import enter, open_actor
from palier.core.trousseau import note_later
from palier.courrier.envois import send_later
from palier.vie_privee.devoirs.actions import tell_administrators
from palier.vie_privee.droits_personnes.effets import person_of
from palier.vie_privee.enums import GenreLimitation, MotifLimitation
from palier.vie_privee.models import Limitation, LimitationCompte
from palier.vie_privee.rules.droits import ANNONCE_LEVEE

_FIN = """
select max(coalesce(fin_le, '9999-01-01')) from (
  select fin_le from vie_privee_limitationcompte where account_id = %(account)s and (fin_le is null or fin_le > now())
  union all select fin_le from vie_privee_limitation where acces_id = any(%(acces)s) and (fin_le is null or fin_le > now())
) l
"""


def active_for_person(actor: Actor) -> tuple[list[LimitationCompte], list[Limitation]]:
    """Return what runs for the signed-in person: on the account, then on his accès."""
    moment = now()
    own = LimitationCompte.objects.filter(account_id=person_of(actor)).order_by("posee_le", "id")
    rows = (
        Limitation.objects.visible_to(actor)
        .filter(acces_id__in=actor.acces_ids)
        .order_by("agence_id", "posee_le", "id")
    )
    return (
        [row for row in own if row.fin_le is None or row.fin_le > moment],
        [row for row in rows if row.fin_le is None or row.fin_le > moment],
    )


def _checked(genre: str, motif: str) -> None:
    allowed = {MotifLimitation.SITUATION} if genre == GenreLimitation.OPPOSITION else set(MotifLimitation)
    if genre == GenreLimitation.LIMITATION:
        allowed -= {MotifLimitation.SITUATION}
    if genre not in GenreLimitation.values or motif not in allowed:
        raise BusinessError("motif_absent", _("Choisissez ce qui correspond à votre situation."))


@action(Gesture.DROITS_EXERCER)
def set_restriction(actor: Actor, acces_id: UUID | None, genre: str, motif: str) -> None:
    """Restrict, or object; ``acces_id`` None: the account. In force at once; asked twice, it is one.

    Raises Invisible for an accès that is not the actor's, BusinessError without a ground.
    """
    _checked(genre, motif)
    account = Account.objects.get(pk=person_of(actor))
    agence_id: UUID | None = None
    facts = {"genre": genre, "motif": motif, "posee_le": now(), "posee_par": actor.account_id}
    if acces_id is None:
        if LimitationCompte.objects.filter(account_id=account.pk, genre=genre, fin_le=None).exists():
            return
        LimitationCompte.objects.bulk_create(
            [LimitationCompte(id=new_id(), account_id=account.pk, **facts)], ignore_conflicts=True
        )
        where = _("votre compte")
        send_later("demande_dpo", to=settings.EXPLOITANT["dpo"], droit=str(GenreLimitation(genre).label),
                   jour="", lien=f"{settings.SITE_URL}{reverse('exploitant:dpo')}")  # fmt: skip
        _record(actor, f"account:{account.pk}", genre)
    else:
        agence_id = next((one.agence_id for one in actor.acces if one.id == acces_id), None)
        if agence_id is None:
            raise Invisible
        mine = Limitation.objects.visible_to(actor).filter(agence_id=agence_id, acces_id=acces_id)
        if mine.filter(genre=genre, fin_le=None).exists():
            return
        mine.bulk_create(
            [Limitation(agence_id=agence_id, id=new_id(), acces_id=acces_id, **facts)], ignore_conflicts=True
        )
        agence = Agence.objects.get(id=agence_id)
        where = agence.nom
        tell_administrators(
            actor, agence, "limitation_agence", droit=str(GenreLimitation(genre).label),
            lien=f"{settings.SITE_URL}{reverse('gestion:personne', args=[agence.slug, acces_id])}",
        )  # fmt: skip
        journal.record(
            actor, Gesture.DROITS_EXERCER, f"acces:{acces_id}", agence_id=agence_id, acces_id=acces_id, acte=genre
        )  # fmt: skip
    _refresh(actor, account)
    note_later(agence_id if acces_id else None)
    send_later("limitation_posee", to=account.email, account_id=account.pk, langue=account.langue, ou=where,
               lien=f"{settings.SITE_URL}{reverse('droits_limites')}")  # fmt: skip


@action(Gesture.DROITS_EXERCER)
def lift_own(actor: Actor, limitation_id: UUID) -> None:
    """The person ends what he asked for, at once. Raises Invisible when it is not his."""
    moment = now()
    if LimitationCompte.objects.filter(id=limitation_id, account_id=person_of(actor)).update(fin_le=moment):
        _record(actor, f"account:{actor.account_id}", "levee")
        note_later(None)
    else:
        rows = Limitation.objects.visible_to(actor).filter(id=limitation_id, acces_id__in=actor.acces_ids)
        row = rows.first()
        if row is None:
            raise Invisible
        rows.update(fin_le=moment)
        journal.record(
            actor, Gesture.DROITS_EXERCER, f"acces:{row.acces_id}", agence_id=row.agence_id, acces_id=row.acces_id,
            acte="levee",
        )  # fmt: skip
        note_later(row.agence_id)
    _refresh(actor, Account.objects.get(pk=person_of(actor)))


@action(Gesture.DROITS_REPONDRE)
def announce_lift(actor: Actor, limitation_id: UUID, motif: str) -> Limitation:
    """The agence tells the person that the restriction ends in a week, and why (art. 18.3). Raises Invisible."""
    rows = Limitation.objects.visible_to(actor).select_for_update().filter(agence_id=actor.agence_id)
    row: Limitation | None = rows.filter(id=limitation_id, fin_le=None).first()
    if row is None:
        raise Invisible
    row.fin_le, row.fin_motif = now() + ANNONCE_LEVEE, _reason(motif)
    row.save(update_fields=["fin_le", "fin_motif"])
    agence = Agence.objects.get(id=actor.agence_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "select account_id from acces_acces where agence_id = %s and id = %s", [agence.id, row.acces_id]
        )
        held = cursor.fetchone()
    _tell_lift(actor, held[0] if held else row.posee_par, row.fin_le, row.fin_motif, agence)
    journal.record(
        actor, Gesture.DROITS_REPONDRE, f"acces:{row.acces_id}", agence_id=agence.id, acces_id=row.acces_id,
        acte="levee",
    )  # fmt: skip
    note_later(agence.id)
    return row


@action(Gesture.DROITS_COMPTE)
def announce_account_lift(actor: Actor, limitation_id: UUID, motif: str) -> None:
    """The same, by the DPO, for an account. Raises Invisible."""
    row = (
        LimitationCompte.objects.select_for_update(of=("self",)).filter(id=limitation_id, fin_le=None).first()
    )
    if row is None:
        raise Invisible
    row.fin_le, row.fin_motif = now() + ANNONCE_LEVEE, _reason(motif)
    row.save(update_fields=["fin_le", "fin_motif"])
    _tell_lift(actor, row.account_id, row.fin_le, row.fin_motif, None)
    _record(actor, f"account:{row.account_id}", "levee")
    note_later(None)


def _reason(motif: str) -> str:
    if not motif.strip():
        raise BusinessError("motif_absent", _("Dites à la personne pourquoi la limitation prend fin."))
    return motif.strip()[:2000]


def _tell_lift(
    actor: Actor, account_id: UUID | None, fin: datetime, motif: str, agence: Agence | None
) -> None:
    account = Account.objects.filter(pk=account_id).first() if account_id else None
    if account is None:
        return
    send_later(
        "limitation_levee", to=account.email, agence_id=agence.id if agence else None, account_id=account.pk,
        langue=account.langue, jour=date_simple(fin, account.langue), motif=motif, agence=agence.nom if agence else "",
        lien=f"{settings.SITE_URL}{reverse('droits_limites')}",
    )  # fmt: skip
    _refresh(actor, account)


def _refresh(actor: Actor, account: Account) -> None:
    """Copy to the account until when it is counted in no statistics: read at every page."""
    person = enter(account.pk)
    with connection.cursor() as cursor:
        cursor.execute(_FIN, {"account": account.pk, "acces": person.acces_ids})
        fin = cursor.fetchone()[0]
    open_actor(actor)
    Account.objects.filter(pk=account.pk).update(sans_statistiques_jusqu_au=fin)


def refresh_statistics(actor: Actor, account_ids: Iterable[UUID]) -> None:
    """Copy it again to these accounts, those that exist: after a restore, whose restrictions were set again."""
    for account in Account.objects.filter(pk__in=set(account_ids)).order_by("pk"):
        _refresh(actor, account)


def _record(actor: Actor, objet: str, acte: str) -> None:
    gesture = (
        Gesture.DROITS_COMPTE if actor.role.value == "dpo" else Gesture.DROITS_EXERCER
    )  # the account's own
    journal.record(actor, gesture, objet, acte=acte)
