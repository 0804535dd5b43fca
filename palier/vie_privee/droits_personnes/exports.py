"""The copy of one's data: asked, made in the background, downloaded once signed in again, gone in a week."""

import tempfile
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from palier.accounts.models import Account
from palier.agences.models import Agence
from palier.core import journal, vault
from palier.core.access import Gesture
from palier.core.action import action, writing
from palier.core.actor import Actor
from palier.core.dates import date_simple, now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.core.tenancy import enter
from palier.core.throttle import limit
from palier.core.vault import AgenceKey, unwrap_key, wrap_new_key
from palier.courrier.envois import send_later
from palier.vie_privee.droits_personnes import copie as zips
from palier.vie_privee.droits_personnes.collecte import of_account, of_agency
from palier.vie_privee.droits_personnes.effets import person_of
from palier.vie_privee.enums import EtatExport, RaisonEffacement
from palier.vie_privee.models import ExportDonnees
from palier.vie_privee.rules.droits import EXPORT_DUREE, EXPORTS_PAR_JOUR

_SEL = "palier.vie_privee.remise"
EN_ROUTE = (EtatExport.ATTENTE, EtatExport.EN_COURS)
ABANDON = timedelta(hours=1)


def export_key(row: ExportDonnees) -> AgenceKey:
    """Return the key of one copy: erasing its row makes the file unreadable."""
    return unwrap_key(row.id, bytes(row.cle), bytes(row.sel))


def _defer(row: ExportDonnees) -> None:
    from procrastinate.contrib.django import app

    app.configure_task("vie_privee.exporter", queue="machine").defer(export_id=str(row.id))


def new_export(account_id: UUID, destinataire: str = "") -> ExportDonnees:
    """Write a copy to make, and have it made. Inside an action."""
    row = ExportDonnees(id=new_id(), account_id=account_id, destinataire=destinataire, demande_le=now())
    row.cle, row.sel = wrap_new_key(row.id)
    row.save(force_insert=True)
    _defer(row)
    return row


def own_exports(actor: Actor) -> list[ExportDonnees]:
    """Return the person's copies, the newest first."""
    if actor.account_id is None:
        return []
    rows = ExportDonnees.objects.filter(account_id=actor.account_id, destinataire="").defer("cle", "sel")
    return list(rows.order_by("-demande_le", "id")[:20])


@action(Gesture.DROITS_EXERCER)
def request_export(actor: Actor) -> ExportDonnees:
    """Ask for one's copy; while one is being made, it is that one. Raises TooManyAttempts past three a day."""
    account = Account.objects.select_for_update().get(pk=person_of(actor))
    ours = ExportDonnees.objects.filter(account_id=account.pk, destinataire="")
    # One that nobody finished in an hour has failed for good: another may be asked for.
    ours.filter(etat__in=EN_ROUTE, demande_le__lte=now() - ABANDON).update(etat=EtatExport.ECHEC)
    waiting = ours.filter(etat__in=EN_ROUTE).first()
    if waiting is not None:
        return waiting
    limit("exports", str(account.pk), EXPORTS_PAR_JOUR, 86400,
          _("Trois copies ont déjà été demandées aujourd’hui : téléchargez l’une d’elles, ou revenez demain."))  # fmt: skip
    row = new_export(account.pk)
    journal.record(actor, Gesture.DROITS_EXERCER, f"export:{row.id}", acte="demande")
    return row


def build_export(export_id: UUID) -> None:
    """Make the copy; told by mail when ready. Safe to run twice: one that has ended is left alone."""
    row = ExportDonnees.objects.filter(id=export_id, etat__in=EN_ROUTE).first()
    if row is None:
        return
    account = Account.objects.filter(pk=row.account_id).first()
    if account is None:  # erased meanwhile: nothing comes back
        with writing("export"):
            ExportDonnees.objects.filter(id=row.id).delete()
        return
    with translation.override(account.langue), tempfile.TemporaryFile(prefix="palier-") as target:
        try:
            _fill(row, account, target)
        except Exception:
            # The task is tried again: said to be being made until it has failed for good.
            _progress(row, 5, _("Une nouvelle tentative suit"))
            raise
        target.seek(0)
        sha256, adresse, octets = vault.store(export_key(row), target)
    _finish(row, account, sha256, adresse, octets)


def _progress(row: ExportDonnees, part: int, etape: str) -> None:
    with writing("export"):
        ExportDonnees.objects.filter(id=row.id).update(etat=EtatExport.EN_COURS, part=part, etape=etape[:200])


def _fill(row: ExportDonnees, account: Account, target: object) -> None:
    _progress(row, 5, _("Votre compte"))
    with transaction.atomic():
        actor = enter(account.pk)
        made = zips.start(target, of_account(account))  # type: ignore[arg-type]
    agences = list(Agence.objects.filter(id__in={a.agence_id for a in actor.acces}).order_by("nom", "id"))
    for rank, agence in enumerate(agences):
        _progress(row, 10 + 80 * rank // len(agences), agence.nom)
        with transaction.atomic():
            actor = enter(account.pk)  # each part with the rights of its moment
            if any(a.agence_id == agence.id for a in actor.acces):
                zips.add_agency(made, actor, agence, of_agency(actor, agence))
    _progress(row, 95, _("Écriture du fichier"))
    zips.finish(made, account.langue)


def _finish(row: ExportDonnees, account: Account, sha256: str, adresse: str, octets: int) -> None:
    expire = now() + EXPORT_DUREE
    with transaction.atomic(), writing("export"):
        done = ExportDonnees.objects.filter(id=row.id, etat=EtatExport.EN_COURS).update(
            etat=EtatExport.PRET, part=100, etape="", pret_le=now(), expire_le=expire, sha256=sha256, adresse=adresse,
            octets=octets,
        )  # fmt: skip
        if not done:
            transaction.on_commit(lambda: vault.erase(export_key(row), adresse))
            return
        if row.destinataire:
            send_later("directive_remise", to=row.destinataire, langue=account.langue,
                       jour=date_simple(expire, account.langue), lien=recipient_link(row))  # fmt: skip
            _erase(account)
        else:
            send_later("export_pret", to=account.email, account_id=account.pk, langue=account.langue,
                       jour=date_simple(expire, account.langue), lien=f"{settings.SITE_URL}{reverse('mes_exports')}")  # fmt: skip


def _erase(account: Account) -> None:
    from palier.vie_privee.comptes.effacement import erase_account, portal_actor

    erase_account(portal_actor("directives après décès"), account.pk, RaisonEffacement.DECES)


@action(Gesture.DROITS_EXERCER)
def open_export(actor: Actor, export_id: UUID) -> ExportDonnees:
    """Return the person's copy, its download in the journal. Raises Invisible, or BusinessError once it has expired."""
    row = ExportDonnees.objects.filter(id=export_id, account_id=person_of(actor), destinataire="").first()
    if row is None:
        raise Invisible
    return _opened(actor, row, Gesture.DROITS_EXERCER)


def _opened(actor: Actor, row: ExportDonnees, gesture: Gesture) -> ExportDonnees:
    if row.etat != EtatExport.PRET or row.expire_le is None or row.expire_le <= now():
        raise BusinessError(
            "copie_expiree", _("Cette copie n’est plus là : demandez-en une autre."), status=410
        )
    ExportDonnees.objects.filter(id=row.id).update(telecharge_le=now())
    journal.record(actor, gesture, f"export:{row.id}", acte="telechargement")
    return row


def recipient_link(row: ExportDonnees) -> str:
    """Return the address by which the person named by a directive receives the copy."""
    return f"{settings.SITE_URL}{reverse('directive_remise', args=[signing.dumps(row.id.hex, salt=_SEL)])}"


def find_by_link(token: str) -> ExportDonnees:
    """Return the copy that a link names. Raises Invisible."""
    try:
        found = UUID(signing.loads(token, salt=_SEL, max_age=EXPORT_DUREE))
    except (signing.BadSignature, ValueError, TypeError):
        raise Invisible from None
    row = ExportDonnees.objects.filter(id=found).exclude(destinataire="").first()
    if row is None:
        raise Invisible
    return row


@action(Gesture.PUBLIC_ONLY)
def open_by_link(actor: Actor, token: str) -> ExportDonnees:
    """The person named receives the copy; once."""
    row = find_by_link(token)
    if row.telecharge_le is not None:
        raise BusinessError("copie_remise", _("Cette copie a déjà été remise."), status=410)
    return _opened(actor, row, Gesture.PUBLIC_ONLY)


def purge_exports() -> int:
    """Erase the copies past their week, or whose account is gone; return how many."""
    gone = Q(destinataire="") & ~Q(account_id__in=Account.objects.values("pk"))
    late = Q(expire_le__lte=now()) | Q(expire_le=None, demande_le__lte=now() - EXPORT_DUREE)
    number = 0
    with writing("purge"):
        for row in (
            ExportDonnees.objects.filter(gone | late).exclude(etat=EtatExport.EXPIRE).order_by("id")[:500]
        ):
            if row.adresse:
                vault.erase(export_key(row), row.adresse)
            # Without its key, a file that a backup brings back cannot be read.
            ExportDonnees.objects.filter(id=row.id).update(
                etat=EtatExport.EXPIRE, adresse="", octets=0, cle=b"", sel=b""
            )
            number += 1
        ExportDonnees.objects.filter(
            etat=EtatExport.EXPIRE, demande_le__lte=now() - 5 * EXPORT_DUREE
        ).delete()
    return number
