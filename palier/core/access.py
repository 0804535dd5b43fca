"""Gestures, policies, and the one question asked before every act: may this actor do this to that?"""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Model, QuerySet

from palier.core.actor import Actor, Role
from palier.core.errors import Forbidden

if TYPE_CHECKING:
    from palier.core.guard import GuardedQuerySet


class Gesture(StrEnum):
    """Every act that a door or an action may declare. ``thing:act``."""

    PUBLIC = "public:read"  # anyone, signed in or not
    PUBLIC_ONLY = "public:act"  # anyone; forms of sign-in, activation, forgotten password
    ACCOUNT = "account:use"  # any signed-in person, about his own account
    ESPACE = "espace:read"
    DOCUMENT_READ = "document:read"
    DOCUMENT_MARK = "document:mark"
    COMPTE_READ = "compte:read"
    GESTION = "gestion:read"
    PERSONNE_READ = "personne:read"
    CODE_ISSUE = "code:issue"
    CODE_REVOKE = "code:revoke"
    ACCES_ATTACH = "acces:attach"
    ACCES_DISSOCIATE = "acces:dissociate"
    ACCES_SHARE = "acces:share"
    VIEW_AS = "personne:view_as"
    IMPORT_READ = "import:read"
    IMPORT_RUN = "import:run"
    AVIS_SEND = "avis:send"  # mails about new documents
    IMPORT_CANCEL = "import:cancel"  # take back what an import put on line
    EQUIPE_READ = "equipe:read"
    EQUIPE_MANAGE = "equipe:manage"
    AGENCE_SETTINGS = "agence:settings"
    COORDONNEES = "coordonnees:change"
    CONSENTEMENT = "consentement:choose"
    JUSTIFICATIF_READ = "justificatif:read"
    JUSTIFICATIF_SEND = "justificatif:send"
    RETOUR_READ = "retour:read"
    RETOUR_MANAGE = "retour:manage"
    EXPLOITATION = "exploitation:read"
    AGENCE_CREATE = "agence:create"
    CONTRAT_MANAGE = (
        "contrat:manage"  # start, suspend, end the contract of an agence; erase on the seventh day
    )
    TEXTE_PUBLISH = "texte:publish"  # legal texts of the portal
    INCIDENT_MANAGE = "incident:manage"
    INCIDENT_READ = "incident:read"  # those that concern the agence
    PORTEFEUILLE_OVERSTEP = "portefeuille:overstep"  # a row outside his portfolio was asked for
    ASSISTANCE_GRANT = "assistance:grant"
    ASSISTANCE_ENTER = "assistance:enter"
    COMPTE_ERASE = "account:erase"
    DROITS_EXERCER = "droits:exercise"  # one's own rights over one's data
    DROITS_REPONDRE = "droits:answer"  # the agence answers for what it controls
    DROITS_COMPTE = "droits:account"  # the DPO answers for the accounts
    DEVOIRS = "devoirs:keep"  # registers, sub-processors, disclosures: the exploitant's duties
    MACHINE = "machine:read"  # health checks
    API = "api:use"  # the outer door of the API: a key opens it, each operation then says its own gesture
    API_MANAGE = "api:manage"  # keys and webhooks
    DOCUMENT_SEND = "document:send"
    CONNECTEUR_READ = "connecteur:read"
    CONNECTEUR_CALIBRATE = "connecteur:calibrate"  # say how an export is read
    IMPORT_CONFIRM = "import:confirm"  # release the brake: a person decides


_ANYONE = frozenset(Role)
_CLIENT = frozenset({Role.CLIENT})
_READER = frozenset({Role.CLIENT, Role.VUE})
_STAFF = frozenset({Role.GESTIONNAIRE, Role.ADMINISTRATEUR})
_STAFF_OR_SYSTEM = _STAFF | {Role.SYSTEME}
# What the exploitant's support may look at, once an agence has let it in.
_STAFF_OR_SUPPORT = _STAFF | {Role.ASSISTANCE}
_STAFF_OR_MACHINE = _STAFF | {Role.MACHINE}
_SIGNED_IN = frozenset({Role.CLIENT, Role.GESTIONNAIRE, Role.ADMINISTRATEUR, Role.EXPLOITANT})

# Which capacities may do which gesture at all; a policy then says on which object.
ALLOWED: dict[Gesture, frozenset[Role]] = {
    Gesture.PUBLIC: _ANYONE,
    Gesture.PUBLIC_ONLY: _ANYONE,
    Gesture.MACHINE: _ANYONE,
    Gesture.ACCOUNT: _SIGNED_IN,
    Gesture.ESPACE: _READER,
    Gesture.DOCUMENT_READ: _READER | _STAFF_OR_SYSTEM,
    Gesture.DOCUMENT_MARK: _CLIENT,
    Gesture.COMPTE_READ: _READER,
    Gesture.GESTION: _STAFF_OR_SUPPORT,
    Gesture.PERSONNE_READ: _STAFF_OR_SUPPORT,
    Gesture.CODE_ISSUE: _STAFF_OR_SYSTEM,
    Gesture.CODE_REVOKE: _STAFF,
    Gesture.ACCES_ATTACH: _CLIENT,
    Gesture.ACCES_DISSOCIATE: _STAFF | _CLIENT,
    Gesture.ACCES_SHARE: _CLIENT,
    Gesture.VIEW_AS: _STAFF,
    Gesture.IMPORT_READ: _STAFF_OR_MACHINE | {Role.ASSISTANCE},
    Gesture.IMPORT_RUN: _STAFF_OR_SYSTEM | {Role.MACHINE},
    Gesture.IMPORT_CONFIRM: _STAFF_OR_SYSTEM,
    Gesture.CONNECTEUR_READ: _STAFF_OR_SUPPORT,
    Gesture.CONNECTEUR_CALIBRATE: _STAFF_OR_SYSTEM,
    Gesture.IMPORT_CANCEL: _STAFF_OR_SYSTEM | {Role.MACHINE},
    Gesture.AVIS_SEND: frozenset({Role.SYSTEME}),
    Gesture.EQUIPE_READ: _STAFF_OR_SUPPORT,
    Gesture.EQUIPE_MANAGE: frozenset({Role.ADMINISTRATEUR, Role.SYSTEME}),
    Gesture.AGENCE_SETTINGS: frozenset({Role.ADMINISTRATEUR, Role.SYSTEME}),
    Gesture.COORDONNEES: _CLIENT,
    Gesture.CONSENTEMENT: _CLIENT,
    Gesture.JUSTIFICATIF_READ: _READER | _STAFF,
    Gesture.JUSTIFICATIF_SEND: _CLIENT,
    Gesture.RETOUR_READ: _STAFF_OR_MACHINE,
    Gesture.RETOUR_MANAGE: _STAFF_OR_SYSTEM,
    Gesture.EXPLOITATION: frozenset({Role.EXPLOITANT}),
    Gesture.AGENCE_CREATE: frozenset({Role.EXPLOITANT, Role.SYSTEME}),
    Gesture.API: frozenset({Role.MACHINE}),
    Gesture.API_MANAGE: frozenset({Role.ADMINISTRATEUR, Role.SYSTEME}),
    Gesture.DOCUMENT_SEND: frozenset({Role.MACHINE, Role.SYSTEME}),
    Gesture.CONTRAT_MANAGE: frozenset({Role.EXPLOITANT, Role.SYSTEME}),
    Gesture.TEXTE_PUBLISH: frozenset({Role.EXPLOITANT}),
    Gesture.DROITS_EXERCER: _SIGNED_IN,
    Gesture.DROITS_REPONDRE: frozenset({Role.ADMINISTRATEUR}),
    Gesture.DROITS_COMPTE: frozenset({Role.DPO}),
    Gesture.DEVOIRS: frozenset({Role.EXPLOITANT}),
    Gesture.COMPTE_ERASE: frozenset({Role.SYSTEME}),
    Gesture.INCIDENT_MANAGE: frozenset({Role.EXPLOITANT, Role.SYSTEME}),
    Gesture.INCIDENT_READ: frozenset({Role.ADMINISTRATEUR}),
    Gesture.PORTEFEUILLE_OVERSTEP: frozenset({Role.GESTIONNAIRE}),
    Gesture.ASSISTANCE_GRANT: frozenset({Role.ADMINISTRATEUR}),
    Gesture.ASSISTANCE_ENTER: frozenset({Role.EXPLOITANT, Role.ASSISTANCE}),
}


# What reads or writes the whole agence at once: not for whoever is kept to some of its units.
WHOLE_AGENCE = frozenset(
    {
        Gesture.IMPORT_READ,
        Gesture.IMPORT_RUN,
        Gesture.IMPORT_CONFIRM,
        Gesture.IMPORT_CANCEL,
        Gesture.CONNECTEUR_READ,
        Gesture.CONNECTEUR_CALIBRATE,
        Gesture.RETOUR_MANAGE,
    }
)


class Policy:
    """What an actor sees of one model, and what he may do to a row that he sees. Denies by default."""

    model: ClassVar[type[Model]]
    gestures: ClassVar[dict[Gesture, Callable[[Actor, Any], bool]]] = {}

    def visible(self, actor: Actor, rows: "GuardedQuerySet[Any]") -> "QuerySet[Any]":
        """Return the rows of ``rows`` that ``actor`` sees."""
        return rows.none()

    def may(self, actor: Actor, gesture: Gesture, obj: Any) -> bool:
        """Tell whether ``actor`` may do ``gesture`` to ``obj``, which he sees."""
        rule = self.gestures.get(gesture)
        return rule is None or rule(actor, obj)


_registry: dict[type[Model], Policy] = {}


def register(policy: type[Policy]) -> type[Policy]:
    """Class decorator: make ``policy`` the policy of its model."""
    _registry[policy.model] = policy()
    return policy


def policy_of(model: type[Model]) -> Policy:
    """Return the policy of ``model``; a model without one shows nothing to anybody."""
    return _registry.get(model, Policy())


def may(actor: Actor, gesture: Gesture, obj: object | None = None) -> bool:
    """Tell whether ``actor`` may do ``gesture`` (to ``obj``, when given)."""
    if actor.role not in ALLOWED[gesture]:
        return False
    if actor.role is Role.MACHINE and gesture not in actor.gestures:
        return False
    if gesture in actor.fermes or (actor.portefeuille is not None and gesture in WHOLE_AGENCE):
        return False
    if isinstance(obj, Model):
        return policy_of(type(obj)).may(actor, gesture, obj)
    return True


def require(actor: Actor, gesture: Gesture, obj: object | None = None) -> None:
    """Raise ``Forbidden`` unless ``actor`` may do ``gesture`` (to ``obj``)."""
    if not may(actor, gesture, obj):
        raise Forbidden(gesture)
