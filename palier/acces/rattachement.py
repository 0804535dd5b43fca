"""Attaching an accès to an account, dissociating it."""

from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from palier.acces.models import Acces, Activation, CodeAcces, Espace
from palier.acces.rules.noms import is_same_person
from palier.acces.verification import refuse_dead
from palier.accounts.models import Account
from palier.agences.models import Agence
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import STAFF, Actor, Role
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.tenancy import serving
from palier.core.trousseau import note_later
from palier.courrier.envois import send_later
from palier.courrier.faits import agence_faits
from palier.patrimoine.models import Tiers
from palier.vie_privee.devoirs.actions import tell_administrators
from palier.vie_privee.droits_personnes.effets import refuse_restricted


def account_of(actor: Actor) -> Account:
    """Return the signed-in account; raise ``Invisible`` when there is none."""
    account = Account.objects.filter(id=actor.account_id).first() if actor.account_id else None
    if account is None:
        raise Invisible
    return account


def held_names(actor: Actor) -> list[str]:
    """Return the names of the persons whose accès this account already holds."""
    return sorted({tiers.nom_complet for tiers in Tiers.objects.visible_to(actor)})


def is_divergent(actor: Actor, titulaire_nom: str) -> bool:
    """Tell whether a code's holder bears none of the names already on this account (K5)."""
    names = [tiers.nom for tiers in Tiers.objects.visible_to(actor)]
    return bool(names) and not any(is_same_person(name, titulaire_nom) for name in names)


@action(Gesture.ACCES_ATTACH)
def attach(actor: Actor, agence_id: UUID, code_id: UUID, *, confirmed: bool = False) -> UUID | None:
    """Attach the accès of a proved code to the signed-in account; return its only space, or None.

    Raises ``BusinessError``: the code died meanwhile, somebody else was quicker, or the names differ and the
    person did not confirm.
    """
    account = account_of(actor)
    with serving(actor, agence_id, "rattachement") as system:
        acces = use_code(system, agence_id, code_id, account)
        nom = acces.tiers.nom
        space = only_space(system, acces)
    divergent = is_divergent(actor, nom)
    if divergent and not confirmed:
        raise BusinessError(
            "nom_different",
            _(
                "Cet accès est au nom d’une autre personne : cochez la case pour confirmer que vous pouvez le "
                "rattacher."
            ),
        )
    Activation.objects.filter(agence_id=agence_id, code_id=code_id).delete()
    record_attachment(actor, acces, account, divergent=divergent)
    return space


def lock_code(system: Actor, agence_id: UUID, code_id: UUID) -> None:
    """Hold a code until the end of the transaction; whoever else wants to use or replace it waits.

    Its accès first, as everywhere: who takes the one then the other never meets who takes them the other way round.
    """
    rows = CodeAcces.objects.visible_to(system).filter(agence_id=agence_id, id=code_id)
    held = Acces.objects.visible_to(system).filter(agence_id=agence_id, id__in=rows.values("acces_id"))
    list(held.select_for_update(of=("self",), no_key=True).values_list("id"))
    list(rows.select_for_update(no_key=True).values_list("id"))


def use_code(system: Actor, agence_id: UUID, code_id: UUID, account: Account) -> Acces:
    """Use up a code and give its accès to ``account``; of two simultaneous uses exactly one passes (K8).

    Two conditional updates: who waited for the rows finds nothing left to update.
    """
    lock_code(system, agence_id, code_id)
    moment = now()
    used = (
        CodeAcces.objects.visible_to(system)
        .filter(
            agence_id=agence_id,
            id=code_id,
            utilise_le__isnull=True,
            revoque_le__isnull=True,
            expire_le__gt=moment,
        )
        .update(utilise_le=moment)
    )
    agence = Agence.objects.get(id=agence_id)
    code = (
        CodeAcces.objects.visible_to(system)
        .filter(agence_id=agence_id, id=code_id)
        .select_related("acces__tiers")
        .first()
    )
    if used != 1 or code is None:
        if code is not None:
            refuse_dead(code, agence)
        raise BusinessError("code_mort", _("Ce code ne vaut plus : demandez-en un nouveau à votre agence."))
    acces: Acces = code.acces
    given = (
        Acces.objects.visible_to(system)
        .filter(agence_id=agence_id, id=acces.id, account_id__isnull=True)
        .update(account_id=account.pk, rattache_le=moment, detache_le=None)
    )
    if given != 1:
        raise BusinessError(
            "deja_rattache",
            _("Cet accès est déjà rattaché à un compte.") + " " + agence.nom + " " + agence.telephone,
        )
    return acces


def only_space(system: Actor, acces: Acces) -> UUID | None:
    """Return the space that this accès opens today when there is exactly one."""
    rows = Espace.objects.visible_to(system).filter(
        agence_id=acces.agence_id, acces_id=acces.id, du__lte=system.today, au__gte=system.today
    )
    found = list(rows.order_by("id").values_list("id", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def record_attachment(actor: Actor, acces: Acces, account: Account, *, divergent: bool = False) -> None:
    """Tell the account by mail, and write the agence's journal; the end of every attachment.

    ``divergent``: the account bears another name, and the person confirmed; the agence's administrators are told.
    """
    agence = Agence.objects.get(id=acces.agence_id)
    send_later(
        "acces_rattache",
        to=account.email,
        agence_id=agence.id,
        account_id=account.pk,
        langue=account.langue,
        titulaire=acces.tiers.nom_complet,
        lien=f"{settings.SITE_URL}{reverse('mes_acces')}",
        **agence_faits(agence, account.langue),
    )
    if divergent:  # neither whose account it is nor what else it holds: that is no business of the agence's
        tell_administrators(
            actor,
            agence,
            "rattachement_autre_nom",
            titulaire=acces.tiers.nom_complet,
            lien=f"{settings.SITE_URL}{reverse('gestion:personne', args=[agence.slug, acces.id])}",
        )
    author = replace(actor, role=Role.CLIENT, account_id=account.pk)
    journal.record(
        author,
        Gesture.ACCES_ATTACH,
        f"acces:{acces.id}",
        agence_id=agence.id,
        acces_id=acces.id,
        nom_different=divergent,
    )


@action(Gesture.ACCES_DISSOCIATE)
def dissociate(actor: Actor, acces_id: UUID) -> None:
    """Take an accès off the account that holds it, at its next request; the person is told by mail.

    By the agence's staff, or by the person himself. Raises ``Invisible``; ``BusinessError`` when nobody holds it, or
    not this account any more: of two at once, one is told and journalled.
    """
    acces = Acces.objects.visible_to(actor).filter(id=acces_id).select_related("tiers").first()
    if acces is None:
        raise Invisible
    if acces.account_id is None:
        raise BusinessError(
            "non_rattache", _("Cet accès n’est rattaché à aucun compte : il n’y a rien à dissocier.")
        )
    if actor.role in STAFF:
        refuse_restricted(acces.id)
    holder = acces.account_id
    agence_id = acces.agence_id
    with serving(actor, agence_id, "dissociation") as system:
        rows = Acces.objects.visible_to(system).filter(agence_id=agence_id, id=acces.id, account_id=holder)
        if rows.update(account_id=None, detache_le=now(), email_partage="") != 1:
            raise BusinessError(
                "non_rattache", _("Cet accès vient d’être dissocié : il n’y a plus rien à faire."), status=409
            )
    account = Account.objects.filter(id=holder).first()
    agence = Agence.objects.get(id=agence_id)
    if account is not None:
        send_later(
            "acces_dissocie",
            to=account.email,
            agence_id=agence_id,
            account_id=account.pk,
            langue=account.langue,
            titulaire=acces.tiers.nom_complet,
            lien=f"{settings.SITE_URL}{reverse('mes_acces')}",
            **agence_faits(agence, account.langue),
        )
    journal.record(
        actor, Gesture.ACCES_DISSOCIATE, f"acces:{acces.id}", agence_id=agence_id, acces_id=acces.id
    )
    note_later(agence_id)
