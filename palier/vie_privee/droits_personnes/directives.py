"""Directives for after a death (loi 78-17 art. 85): consented to on their own, versioned, executed on proof by the DPO."""

import hashlib
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.accounts.models import Account
from palier.accounts.sessions import end_others
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.core.trousseau import note_later
from palier.courrier.envois import send_later
from palier.vie_privee.droits_personnes.effets import person_of
from palier.vie_privee.droits_personnes.exports import new_export
from palier.vie_privee.droits_personnes.fichiers import Envoye
from palier.vie_privee.enums import RaisonEffacement, SortDonnees
from palier.vie_privee.models import Directive


def versions(actor: Actor) -> list[Directive]:
    """Return the person's directives, the newest first."""
    if actor.account_id is None:
        return []
    return list(Directive.objects.filter(account_id=actor.account_id).order_by("-version")[:50])


@action(Gesture.DROITS_EXERCER)
def write_directive(
    actor: Actor, *, sort: str, destinataire_nom: str, destinataire_email: str, precisions: str, accord: str
) -> Directive:
    """Keep a new version; the one before is withdrawn. ``accord``: the sentence ticked."""
    account = Account.objects.select_for_update().get(pk=person_of(actor))
    moment = now()
    rows = Directive.objects.filter(account_id=account.pk)
    rows.filter(retiree_le=None, executee_le=None).update(retiree_le=moment)
    last = rows.aggregate(last=Max("version"))["last"] or 0
    passes_on = sort == SortDonnees.TRANSMETTRE
    row = Directive.objects.create(
        id=new_id(), account_id=account.pk, version=last + 1, sort=sort, precisions=precisions, accord=accord,
        destinataire_nom=destinataire_nom if passes_on else "",
        destinataire_email=destinataire_email if passes_on else "", accord_le=moment,
    )  # fmt: skip
    send_later("directive_notee", to=account.email, account_id=account.pk, langue=account.langue,
               lien=f"{settings.SITE_URL}{reverse('mes_directives')}")  # fmt: skip
    journal.record(actor, Gesture.DROITS_EXERCER, f"directive:{row.id}", acte="donne", version=row.version)
    return row


@action(Gesture.DROITS_EXERCER)
def withdraw_directives(actor: Actor) -> None:
    """Take them back, at any time."""
    rows = Directive.objects.filter(account_id=person_of(actor), retiree_le=None, executee_le=None)
    if rows.update(retiree_le=now()):
        journal.record(actor, Gesture.DROITS_EXERCER, f"account:{actor.account_id}", acte="retire")
        note_later(None)


@action(Gesture.DROITS_COMPTE)
def execute_directive(actor: Actor, directive_id: UUID, reference: str, preuve: Envoye) -> Directive:
    """Do what was asked, on the proof of the death; its digest is kept, not its file.

    Raises Invisible; BusinessError without a proof, or when the account cannot be erased.
    """
    row = (
        Directive.objects.select_for_update()
        .filter(id=directive_id, retiree_le=None, executee_le=None)
        .first()
    )
    account = Account.objects.filter(pk=row.account_id).first() if row else None
    if row is None or account is None:
        raise Invisible
    if not reference.strip() or not preuve.contenu:
        raise BusinessError(
            "preuve_absente", _("Décrivez la pièce reçue et joignez-la : sans preuve, rien n’est exécuté.")
        )
    row.executee_le, row.executee_par = now(), actor.account_id
    row.preuve = {
        "reference": reference.strip()[:300],
        "sha256": hashlib.sha256(preuve.contenu).hexdigest(),
        "octets": len(preuve.contenu),
    }
    row.save(update_fields=["executee_le", "executee_par", "preuve"])
    journal.record(actor, Gesture.DROITS_COMPTE, f"directive:{row.id}", acte="execution", sort=row.sort)
    if row.sort == SortDonnees.TRANSMETTRE:
        # Nobody signs in any more while the copy is made; the account goes as soon as it is ready.
        account.is_active = False
        account.set_unusable_password()
        account.save(update_fields=["is_active", "password"])
        end_others(account.pk)
        new_export(account.pk, row.destinataire_email)
    else:
        from palier.vie_privee.comptes.effacement import erase_account, portal_actor

        erase_account(portal_actor("directives après décès"), account.pk, RaisonEffacement.DECES)
    return row
