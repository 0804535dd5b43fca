"""What the exploitant does with an agence's contract: its term, its suspension, its end, its signing again."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.accounts.models import Account
from palier.agences.enums import StatutAgence
from palier.agences.models import Agence, FinContrat
from palier.core import dates, journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.errors import BusinessError, Invisible
from palier.core.tenancy import open_actor
from palier.core.trousseau import note_later
from palier.courrier.envois import defer, send_later
from palier.vie_privee.devoirs.actions import tell_administrators
from palier.vie_privee.rules.contrats import jour_d_effacement

PAGE = 500  # accounts told in one transaction
_A_PREVENIR = """
select distinct a.account_id from acces_acces a where a.agence_id = %s and a.account_id is not null
  and a.detache_le is null and a.account_id > %s order by a.account_id limit %s
"""


def agence_of(agence_id: UUID) -> Agence:
    """Return an agence, locked. Raises Invisible."""
    agence = Agence.objects.select_for_update().filter(id=agence_id).first()
    if agence is None:
        raise Invisible
    return agence


def running_end(agence_id: UUID) -> FinContrat | None:
    """Return the end of contract under way for an agence, if any."""
    return FinContrat.objects.filter(agence_id=agence_id, annule_le=None).first()


@action(Gesture.CONTRAT_MANAGE)
def set_term(actor: Actor, agence_id: UUID, *, debut: date | None, fin: date | None) -> Agence:
    """Write the dates of a contract, or its renewal. Raises BusinessError for an end before its start or in the past."""
    agence = agence_of(agence_id)
    if agence.statut == StatutAgence.TERMINEE:
        raise BusinessError(
            "contrat_termine",
            _("Ce contrat est terminé : signez-le à nouveau pour le reprendre."),
            status=409,
        )
    if debut and fin and fin < debut:
        raise BusinessError(
            "fin_avant_debut", _("La fin du contrat vient avant son début : corrigez l’une des dates.")
        )
    if fin and fin < dates.today():
        raise BusinessError(
            "fin_passee",
            _("Cette date est passée : pour finir maintenant, utilisez « Mettre fin au contrat »."),
        )
    changed = fin != agence.contrat_fin
    agence.contrat_debut, agence.contrat_fin = debut, fin
    agence.save(update_fields=["contrat_debut", "contrat_fin"])
    if changed and fin:
        tell_administrators(actor, agence, "contrat_terme", jour=dates.date_simple(fin), lien=_page(agence))
    _record(actor, agence, "terme", debut=debut, fin=fin)
    return agence


@action(Gesture.CONTRAT_MANAGE)
def suspend(actor: Actor, agence_id: UUID) -> Agence:
    """Close the clients' spaces for a time; the staff still works, nothing is erased."""
    agence = agence_of(agence_id)
    if agence.statut != StatutAgence.ACTIVE:
        raise BusinessError("contrat_inactif", _("Seul un contrat en cours se suspend."), status=409)
    agence.statut = StatutAgence.SUSPENDUE
    agence.save(update_fields=["statut"])
    _record(actor, agence, "suspension")
    return agence


@action(Gesture.CONTRAT_MANAGE)
def unsuspend(actor: Actor, agence_id: UUID) -> Agence:
    """Open the spaces again."""
    agence = agence_of(agence_id)
    if agence.statut != StatutAgence.SUSPENDUE:
        raise BusinessError("contrat_non_suspendu", _("Ce contrat n’est pas suspendu."), status=409)
    agence.statut = StatutAgence.ACTIVE
    agence.save(update_fields=["statut"])
    _record(actor, agence, "reprise")
    return agence


@action(Gesture.CONTRAT_MANAGE)
def end_contract(actor: Actor, agence_id: UUID, fin: date | None = None) -> FinContrat:
    """Day 0: spaces closed, clients and administrators told, data prepared to go back. Ending twice changes nothing."""
    agence = agence_of(agence_id)
    known = running_end(agence_id)
    if known is not None:
        return known
    present = dates.today()
    fin = min(fin or present, present)
    agence.statut, agence.contrat_fin = StatutAgence.TERMINEE, fin
    agence.save(update_fields=["statut", "contrat_fin"])
    row = FinContrat.objects.create(
        agence_id=agence.id, fin=fin, efface_le=jour_d_effacement(fin, present), ouvert_le=dates.now()
    )
    tell_administrators(
        actor,
        agence,
        "contrat_fini",
        jour=dates.date_simple(row.efface_le),
        lien=_page(agence, "fin_de_contrat"),
    )
    defer("vie_privee.prevenir_fin", fin_id=str(row.id), apres=str(UUID(int=0)))
    defer("echanges.restituer", agence_id=str(agence.id))
    _record(actor, agence, "fin", fin=fin, efface_le=row.efface_le)
    return row


@action(Gesture.CONTRAT_MANAGE)
def resume_contract(actor: Actor, agence_id: UUID, fin: date | None = None) -> Agence:
    """The agence signs again before the seventh day: the erasure is called off, the spaces open as they were.

    Raises BusinessError once the erasure has begun: its key is gone.
    """
    agence = agence_of(agence_id)
    row = FinContrat.objects.select_for_update().filter(agence_id=agence_id, annule_le=None).first()
    if agence.statut != StatutAgence.TERMINEE or row is None:
        raise BusinessError("contrat_en_cours", _("Ce contrat n’est pas terminé."), status=409)
    if row.etapes:
        raise BusinessError(
            "effacement_commence", _("L’effacement a commencé : rien ne peut plus être rendu."), status=409
        )
    if fin and fin <= dates.today():
        raise BusinessError("fin_passee", _("Choisissez une fin de contrat à venir, ou aucune."))
    row.annule_le = dates.now()
    row.save(update_fields=["annule_le"])
    agence.statut, agence.contrat_fin = StatutAgence.ACTIVE, fin
    agence.save(update_fields=["statut", "contrat_fin"])
    tell_administrators(actor, agence, "contrat_repris", lien=_page(agence))
    _record(actor, agence, "nouvelle_signature", fin=fin)
    return agence


def tell_clients(fin_id: UUID, apres: UUID) -> UUID | None:
    """Mail the next clients of an agence whose contract ended; return after whom to go on, None when all are told."""
    row = FinContrat.objects.filter(id=fin_id, annule_le=None, termine_le=None).first()
    agence = Agence.objects.filter(id=row.agence_id).first() if row is not None else None
    if row is None or agence is None:
        return None
    open_actor(Actor.system(agence.id, "fin du contrat"))
    with connection.cursor() as cursor:
        cursor.execute(_A_PREVENIR, [agence.id, apres, PAGE])
        ids = [found[0] for found in cursor.fetchall()]
    for account in Account.objects.filter(id__in=ids, is_active=True).order_by("id"):
        send_later(
            "fin_contrat_client", to=account.email, agence_id=agence.id, account_id=account.pk, langue=account.langue,
            agence=agence.nom, fin=dates.date_simple(row.fin, account.langue),
            jour=dates.date_simple(row.efface_le, account.langue), telephone=agence.telephone or "—",
            lien=f"{settings.SITE_URL}{reverse('mes_acces')}",
        )  # fmt: skip
    return ids[-1] if len(ids) == PAGE else None


def _page(agence: Agence, name: str = "contrat") -> str:
    return f"{settings.SITE_URL}{reverse(f'gestion:{name}', args=[agence.slug])}"


def _record(actor: Actor, agence: Agence, acte: str, **facts: object) -> None:
    told: dict[str, Any] = {name: str(value) for name, value in facts.items() if value is not None}
    journal.record(
        actor, Gesture.CONTRAT_MANAGE, f"agence:{agence.id}", agence_id=agence.id, acte=acte, **told
    )
    note_later(None)
