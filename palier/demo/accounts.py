"""Accounts of the demo: staff, operator, and clients attached with real codes, as they would be."""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from palier.acces.codes import issue_code
from palier.acces.models import Acces, CodeIndex
from palier.acces.rattachement import attach
from palier.accounts.models import Account
from palier.agences.actions import add_staff, create_agence
from palier.agences.models import Agence
from palier.core.actor import Actor, Role
from palier.core.tenancy import acting_as, enter, open_actor
from palier.demo.dossiers import Dossier
from palier.demo.people import CLIENTS, EQUIPE, MOT_DE_PASSE, Client, Equipier
from palier.patrimoine.models import Tiers
from palier.vie_privee.actions import record_acceptances
from palier.vie_privee.models import TexteLegal

REASON = "chargement de la démonstration"


def open_agence(dossier: Dossier) -> Agence:
    """Return the agence of a dossier, opened on the first call."""
    found = Agence.objects.filter(slug=dossier.slug).first()
    if found is not None:
        return found
    actor = Actor(role=Role.SYSTEME, reason=REASON)
    with transaction.atomic():
        open_actor(actor)
        return create_agence(
            actor,
            slug=dossier.slug,
            nom=dossier.nom,
            telephone=dossier.telephone,
            email=f"accueil@{dossier.slug}.example",
            adresse=dossier.adresse,
            couleur=dossier.couleur,
        )


def create_account(email: str, *, is_exploitant: bool = False, is_dpo: bool = False) -> Account:
    """Return the account of ``email``, made with its mailbox proved and the texts accepted."""
    with transaction.atomic():
        account = Account.objects.filter(email=email).first()
        if account is None:
            account = Account.objects.create_user(
                email, MOT_DE_PASSE, is_exploitant=is_exploitant, is_dpo=is_dpo
            )
        EmailAddress.objects.get_or_create(
            user=account, email=email, defaults={"verified": True, "primary": True}
        )
        textes = TexteLegal.objects.filter(genre__in=("cgu", "confidentialite"), langue="fr").order_by(
            "genre"
        )
        record_acceptances(Actor.anonymous(), account.pk, [texte.id for texte in textes])
    return account


def create_staff() -> None:
    """Make the staff's accounts and give each its place."""
    for equipier in EQUIPE:
        _create_one(equipier)


def _create_one(equipier: Equipier) -> None:
    account = create_account(
        equipier.email,
        is_exploitant=not equipier.slug and equipier.role != "dpo",
        is_dpo=equipier.role == "dpo",
    )
    if not equipier.slug:
        return
    agence = Agence.objects.get(slug=equipier.slug)
    with acting_as(Actor.system(agence.id, REASON)) as actor:
        add_staff(actor, account_id=account.pk, nom=equipier.nom, role=equipier.role)


def acces_of(actor: Actor, reference: str) -> Acces | None:
    """Return the accès of the person whom the back-office calls ``reference``."""
    tiers = Tiers.objects.visible_to(actor).filter(reference=reference).first()
    if tiers is None:
        return None
    return Acces.objects.visible_to(actor).filter(tiers_id=tiers.id).select_related("tiers").first()


def create_clients(dossiers: list[Dossier]) -> None:
    """Make the clients' accounts and attach their accès, each with a code of its own."""
    by_slug = {dossier.slug: dossier for dossier in dossiers}
    for client in CLIENTS:
        _attach_all(client, by_slug)


def _attach_all(client: Client, by_slug: dict[str, Dossier]) -> None:
    account = create_account(client.email)
    for slug, capacite in client.acces:
        agence = Agence.objects.get(slug=slug)
        code_id = _issue(agence.id, by_slug[slug].personnes[capacite])
        if code_id is not None:
            with transaction.atomic():
                attach(enter(account.pk), agence.id, code_id, confirmed=True)


def _issue(agence_id: UUID, reference: str) -> UUID | None:
    """Issue a code to a person not attached yet; return its id, None when there is nothing to do."""
    with acting_as(Actor.system(agence_id, REASON)) as actor:
        acces = acces_of(actor, reference)
        if acces is None or acces.account_id is not None:
            return None
        code = issue_code(actor, acces.id, "liste")
        return CodeIndex.objects.get(identifiant=code.identifiant).code_id
