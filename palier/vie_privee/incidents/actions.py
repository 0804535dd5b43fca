"""What the exploitant does with an incident: qualify it, measure it, tell those that the law says."""

from dataclasses import asdict, dataclass
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
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.tenancy import open_actor
from palier.courrier.envois import send_later
from palier.vie_privee.devoirs.actions import tell_administrators
from palier.vie_privee.enums import EtatIncident, Gravite
from palier.vie_privee.incidents.textes import agency_text
from palier.vie_privee.models import EtatPublic, Incident, IncidentAgence, IncidentPersonne
from palier.vie_privee.rules.incidents import echeance_cnil

# Whose data were touched: the accès named in the agence's journal over the period, by the account in question if any.
_CONCERNES = """
insert into vie_privee_incidentpersonne (agence_id, id, incident_id, acces_id, actes)
select %(agence)s, gen_random_uuid(), %(incident)s, j.acces_id, count(*)
from core_journal j join acces_acces a on a.agence_id = %(agence)s and a.id = j.acces_id
where j.chaine_id = %(agence)s and j.le between %(debut)s and %(fin)s and j.acces_id is not null
  and (%(account)s::uuid is null or j.account_id = %(account)s)
group by j.acces_id
on conflict (agence_id, incident_id, acces_id) do update set actes = excluded.actes
"""


@dataclass(frozen=True, slots=True)
class Qualification:
    """What the exploitant knows of an incident."""

    titre: str
    gravite: str
    violation: bool
    description: str
    donnees: str
    consequences: str
    mesures: str


def incident_of(incident_id: UUID) -> Incident:
    """Return an incident, locked. Raises Invisible."""
    row = Incident.objects.select_for_update().filter(id=incident_id).first()
    if row is None:
        raise Invisible
    return row


@action(Gesture.INCIDENT_MANAGE)
def create_incident(
    actor: Actor,
    genre: str,
    titre: str,
    *,
    description: str,
    constate_le: datetime | None = None,
    debut_le: datetime | None = None,
) -> Incident:
    """Write by hand an incident learned of otherwise. Raises BusinessError for a time that has not come.

    Its clock starts when it was learned of (now, when nothing is said); the journals are searched from ``debut_le``.
    """
    moment = now()
    learned = constate_le or moment
    start = debut_le or learned
    if learned > moment or start > learned:
        raise BusinessError(
            "dates_impossibles",
            _(
                "L’incident commence avant d’être constaté, et il est constaté avant maintenant : corrigez les dates."
            ),
        )
    row = Incident.objects.create(
        genre=genre, titre=titre, cle=f"main:{moment.isoformat()}", constate_le=learned, debut_le=start,
        description=description, etat=EtatIncident.EN_COURS,
    )  # fmt: skip
    journal.record(actor, Gesture.INCIDENT_MANAGE, f"incident:{row.id}", acte="ouverture", genre=genre)
    return row


@action(Gesture.INCIDENT_MANAGE)
def qualify(actor: Actor, incident_id: UUID, facts: Qualification) -> Incident:
    """Say what it is. Raises BusinessError when a breach is called without risk and with a high gravity, or closed."""
    row = incident_of(incident_id)
    if row.etat == EtatIncident.CLOS:
        raise BusinessError("incident_clos", _("Cet incident est clos : ouvrez-en un autre."), status=409)
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    row.etat = EtatIncident.EN_COURS
    row.save()
    journal.record(
        actor, Gesture.INCIDENT_MANAGE, f"incident:{row.id}", acte="qualification", gravite=row.gravite,
        violation=row.violation,
    )  # fmt: skip
    return row


@action(Gesture.INCIDENT_MANAGE)
def measure(actor: Actor, incident_id: UUID) -> Incident:
    """Find in each agence's journal who is concerned. The exploitant gets counts; the names stay with each agence."""
    row = incident_of(incident_id)
    total = 0
    for agence in Agence.objects.order_by("id"):
        open_actor(Actor.system(agence.id, "personnes concernées par un incident"))
        with connection.cursor() as cursor:
            cursor.execute(
                _CONCERNES,
                {
                    "agence": agence.id, "incident": row.id, "debut": row.debut_le, "fin": row.fin_le or now(),
                    "account": row.account_id,
                },
            )  # fmt: skip
            cursor.execute(
                "select count(*) from vie_privee_incidentpersonne where agence_id = %s and incident_id = %s",
                [agence.id, row.id],
            )
            number = int(cursor.fetchone()[0])
        open_actor(actor)
        if number:
            _count(actor, agence, row, number)
        total += number
    row.personnes = total
    row.save(update_fields=["personnes"])
    journal.record(actor, Gesture.INCIDENT_MANAGE, f"incident:{row.id}", acte="mesure", personnes=total)
    return row


def _count(actor: Actor, agence: Agence, incident: Incident, number: int) -> None:
    rows = IncidentAgence.objects.visible_to(actor).filter(agence_id=agence.id, incident_id=incident.id)
    if not rows.update(nombre=number, titre=incident.titre):
        IncidentAgence.objects.create(
            agence_id=agence.id, incident_id=incident.id, nombre=number, titre=incident.titre
        )


@action(Gesture.INCIDENT_MANAGE)
def tell_agencies(actor: Actor, incident_id: UUID) -> int:
    """Tell each agence concerned (art. 33.2) what is known; return how many. Raises BusinessError when nobody is."""
    row = incident_of(incident_id)
    found = list(IncidentAgence.objects.visible_to(actor).filter(incident_id=row.id).order_by("agence_id"))
    if not found:
        raise BusinessError("personne_concernee", _("Cherchez d’abord qui est concerné."), status=409)
    agences = Agence.objects.in_bulk([one.agence_id for one in found])
    moment = now()
    for one in found:
        agence = agences[one.agence_id]
        rows = IncidentAgence.objects.visible_to(actor).filter(agence_id=agence.id, incident_id=row.id)
        rows.update(titre=row.titre, texte=agency_text(row, one.nombre), prevenue_le=moment)
        tell_administrators(
            actor, agence, "incident_agence", titre=row.titre, nombre=str(one.nombre),
            lien=f"{settings.SITE_URL}{reverse('gestion:incidents', args=[agence.slug])}",
        )  # fmt: skip
    row.agences_le = moment
    row.save(update_fields=["agences_le"])
    journal.record(
        actor, Gesture.INCIDENT_MANAGE, f"incident:{row.id}", acte="agences_prevenues", agences=len(found)
    )
    return len(found)


@action(Gesture.INCIDENT_MANAGE)
def record_cnil(actor: Actor, incident_id: UUID, reference: str, retard: str = "") -> Incident:
    """Write that the CNIL was told. Raises BusinessError past 72 hours without the reason (art. 33.1)."""
    row = incident_of(incident_id)
    if now() > echeance_cnil(row.constate_le) and not retard.strip():
        raise BusinessError(
            "retard_a_motiver",
            _(
                "Les 72 heures sont passées : dites pourquoi la notification est tardive (RGPD, article 33.1)."
            ),
        )
    row.cnil_le, row.cnil_reference, row.retard = now(), reference.strip(), retard.strip()
    row.save(update_fields=["cnil_le", "cnil_reference", "retard"])
    journal.record(
        actor, Gesture.INCIDENT_MANAGE, f"incident:{row.id}", acte="cnil", reference=row.cnil_reference
    )
    return row


@action(Gesture.INCIDENT_MANAGE)
def tell_account_holder(actor: Actor, incident_id: UUID) -> int:
    """Tell the person whose account data are concerned (art. 34): the exploitant is their controller."""
    row = incident_of(incident_id)
    account = Account.objects.filter(pk=row.account_id).first() if row.account_id else None
    if account is None:
        raise BusinessError(
            "compte_absent", _("Cet incident ne porte sur aucun compte en particulier."), status=409
        )
    send_later(
        "incident_personne", to=account.email, account_id=account.pk, langue=account.langue, titre=row.titre,
        consequences=row.consequences or "—", mesures=row.mesures or "—", agence="",
        lien=f"{settings.SITE_URL}{reverse('signaler')}",
    )  # fmt: skip
    row.personnes_le = now()
    row.save(update_fields=["personnes_le"])
    journal.record(actor, Gesture.INCIDENT_MANAGE, f"incident:{row.id}", acte="personne_prevenue")
    return 1


@action(Gesture.INCIDENT_MANAGE)
def close_incident(actor: Actor, incident_id: UUID) -> Incident:
    """Close it. Raises BusinessError while a notice that the law asks for was not sent."""
    row = incident_of(incident_id)
    missing = []
    if row.violation and row.gravite != Gravite.FAIBLE and row.cnil_le is None:
        missing.append(_("la notification à la CNIL"))
    if row.violation and row.personnes and row.agences_le is None:
        missing.append(_("l’information des agences"))
    if missing:
        raise BusinessError(
            "notification_manquante",
            _("Avant de clore, il manque : %(quoi)s.") % {"quoi": ", ".join(missing)},
            status=409,
        )
    row.etat, row.clos_le, row.fin_le = EtatIncident.CLOS, now(), row.fin_le or now()
    row.save(update_fields=["etat", "clos_le", "fin_le"])
    journal.record(actor, Gesture.INCIDENT_MANAGE, f"incident:{row.id}", acte="cloture")
    return row


@action(Gesture.INCIDENT_MANAGE)
def publish_status(
    actor: Actor, *, titre_fr: str, titre_en: str, texte_fr: str, texte_en: str, incident_id: UUID | None
) -> EtatPublic:
    """Say something on the public status page."""
    row = EtatPublic.objects.create(
        titre_fr=titre_fr,
        titre_en=titre_en,
        texte_fr=texte_fr,
        texte_en=texte_en,
        debut_le=now(),
        incident_id=incident_id,
    )
    journal.record(actor, Gesture.INCIDENT_MANAGE, f"etat:{row.id}", acte="publication")
    return row


@action(Gesture.INCIDENT_MANAGE)
def end_status(actor: Actor, etat_id: UUID) -> None:
    """Say that it is over."""
    if not EtatPublic.objects.filter(id=etat_id, fin_le=None).update(fin_le=now()):
        raise Invisible
    journal.record(actor, Gesture.INCIDENT_MANAGE, f"etat:{etat_id}", acte="fin")


@action(Gesture.INCIDENT_READ)
def read_incident(actor: Actor, incident_id: UUID) -> None:
    """The agence has seen it."""
    rows = IncidentAgence.objects.visible_to(actor).filter(
        agence_id=actor.agence_id, incident_id=incident_id, lue_le=None
    )
    rows.update(lue_le=now())
    journal.record(
        actor, Gesture.INCIDENT_READ, f"incident:{incident_id}", agence_id=actor.agence_id, acte="lecture"
    )


@action(Gesture.INCIDENT_READ)
def tell_persons(actor: Actor, agence: Agence, incident_id: UUID, message: str) -> int:
    """The agence tells its persons concerned (art. 34), through the portal; return how many have a mailbox here."""
    told = IncidentAgence.objects.visible_to(actor).filter(
        agence_id=agence.id, incident_id=incident_id, prevenue_le__isnull=False
    )
    incident = told.first()
    if incident is None:
        raise Invisible
    rows = IncidentPersonne.objects.visible_to(actor).filter(
        agence_id=agence.id, incident_id=incident_id, prevenue_le=None
    )
    acces_ids = list(rows.order_by("acces_id").values_list("acces_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "select a.id, a.account_id from acces_acces a where a.agence_id = %s and a.id = any(%s) and a.account_id is not null"
            " order by a.id",
            [agence.id, acces_ids],
        )
        holders = cursor.fetchall()
    accounts = Account.objects.in_bulk({account for _acces, account in holders})
    for account in sorted(accounts.values(), key=lambda one: str(one.pk)):
        send_later(
            "incident_personne", to=account.email, agence_id=agence.id, account_id=account.pk, langue=account.langue,
            titre=incident.titre, consequences=message, mesures="—", agence=agence.nom,
            lien=f"{settings.SITE_URL}{reverse('signaler')}",
        )  # fmt: skip
    rows.filter(acces_id__in=[acces for acces, _account in holders]).update(prevenue_le=now())
    journal.record(
        actor, Gesture.INCIDENT_READ, f"incident:{incident_id}", agence_id=agence.id, acte="personnes_prevenues",
        nombre=len(accounts),
    )  # fmt: skip
    return len(accounts)
