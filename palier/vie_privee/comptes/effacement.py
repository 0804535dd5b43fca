"""Erase an account: what is its owner's goes, what is an agence's stays there and is unlinked, a proof remains.

RGPD art. 17; what the agences must keep by law is theirs, and is kept by them (art. 17.3.b).
"""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from palier.accounts.models import Account
from palier.accounts.sessions import end_others
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor, Role
from palier.core.dates import now
from palier.core.errors import BusinessError
from palier.core.tenancy import open_actor, serving
from palier.vie_privee.models import CompteEfface

RAISON = "effacement d’un compte"

# The owner's own rows, whole. Everything here is account data, of which the exploitant is the controller.
_A_LUI = (
    ("account_emailconfirmation", "email_address_id in (select id from account_emailaddress where user_id = %(account)s)"),
    ("account_emailaddress", "user_id = %(account)s"),
    ("courrier_preference", "account_id = %(account)s"),
    ("vie_privee_suppressiondemandee", "account_id = %(account)s"),
    ("vie_privee_avertissementinactivite", "account_id = %(account)s"),
    ("vie_privee_limitationcompte", "account_id = %(account)s"),
    ("vie_privee_directive", "account_id = %(account)s and executee_le is null"),
    ("vie_privee_communication", "account_id = %(account)s and etat in ('demandee', 'refusee', 'retiree', 'accordee')"),
)  # fmt: skip
# Rows of an agence that name the account: unlinked, or gone when they are about the link itself.
_CHEZ_L_AGENCE = (
    ("acces_acces", "update acces_acces set account_id = null, detache_le = now(), email_partage = '', "
     "nouveautes_vues_le = null where agence_id = %(agence)s and account_id = %(account)s"),
    # A request and its answer stay as their proof (RGPD art. 5.2), no longer tied to an account.
    ("vie_privee_demandeagence", "update vie_privee_demandeagence set account_id = null "
     "where agence_id = %(agence)s and account_id = %(account)s"),
    ("vie_privee_limitation", "update vie_privee_limitation set posee_par = null "
     "where agence_id = %(agence)s and posee_par = %(account)s"),
    ("courrier_avis", "delete from courrier_avis where agence_id = %(agence)s and account_id = %(account)s"),
    ("agences_habilitation", "update agences_habilitation set revoquee_le = coalesce(revoquee_le, now()) "
     "where agence_id = %(agence)s and account_id = %(account)s"),
)  # fmt: skip
_SEUL = (
    "select g.nom from agences_habilitation h join agences_agence g on g.id = h.agence_id "
    "where h.agence_id = %(agence)s and h.account_id = %(account)s and h.role = 'administrateur' and h.revoquee_le is null "
    "and not exists (select 1 from agences_habilitation o where o.agence_id = h.agence_id and o.account_id <> h.account_id "
    "and o.role = 'administrateur' and o.revoquee_le is null)"
)


def digest(account_id: UUID) -> str:
    """Return what remains of an account: a keyed digest that only this installation can compute again."""
    return hmac.new(settings.SECRET_KEY.encode(), f"compte|{account_id}".encode(), hashlib.sha256).hexdigest()


_OU = (
    "select agence_id from acces_acces where account_id = %(account)s union "
    "select agence_id from agences_habilitation where account_id = %(account)s order by 1"
)


def agencies_of(actor: Actor, account_id: UUID) -> list[UUID]:
    """Return the agences where an account holds an accès or works, whatever their contract's state. One query.

    The floor shows its own links to an account, and to nobody else: it is opened for that account, then ``actor`` again.
    """
    open_actor(Actor(role=Role.SYSTEME, account_id=account_id, reason=RAISON))
    with connection.cursor() as cursor:
        cursor.execute(_OU, {"account": account_id})
        found = [row[0] for row in cursor.fetchall()]
    open_actor(actor)
    return found


def only_administrator_of(actor: Actor, account_id: UUID) -> list[str]:
    """Return the names of the agences that would be left without an administrator."""
    found: list[str] = []
    for agence_id in agencies_of(actor, account_id):
        with serving(actor, agence_id, RAISON), connection.cursor() as cursor:
            cursor.execute(_SEUL, {"agence": agence_id, "account": account_id})
            found += [row[0] for row in cursor.fetchall()]
    return found


@action(Gesture.COMPTE_ERASE)
def erase_account(actor: Actor, account_id: UUID, raison: str) -> CompteEfface:
    """Erase an account, once and for all; return the proof. Run twice, it does nothing more.

    Raises BusinessError when it is the only administrator of an agence, or the exploitant's last account.
    """
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    proof = CompteEfface.objects.filter(empreinte=digest(account_id)).first()
    if account is None:
        if proof is None:
            raise BusinessError("compte_inconnu", _("Ce compte n’existe pas."), status=404)
        return proof
    alone = only_administrator_of(actor, account_id)
    if alone:
        raise BusinessError(
            "seul_administrateur",
            _("Ce compte est le seul administrateur de %(agences)s : nommez-en un autre d’abord.")
            % {"agences": ", ".join(alone)},
            status=409,
        )
    others = Account.objects.filter(is_exploitant=True, is_active=True).exclude(pk=account_id)
    if account.is_exploitant and not others.exists():
        raise BusinessError("dernier_exploitant", _("C’est le dernier compte de l’exploitant."), status=409)
    lines = _unlink(actor, account_id)
    end_others(account_id)
    with connection.cursor() as cursor:
        for table, condition in _A_LUI:
            cursor.execute(f"delete from {table} where {condition}", {"account": account_id})
            lines[table] = cursor.rowcount
        cursor.execute(
            "update vie_privee_demandecompte set account_id = null where account_id = %s", [account_id]
        )
        lines["vie_privee_demandecompte"] = cursor.rowcount
        cursor.execute("update courrier_envoi set account_id = null where account_id = %s", [account_id])
        lines["courrier_envoi"] = cursor.rowcount
    proof, _created = CompteEfface.objects.get_or_create(
        empreinte=digest(account_id), defaults={"le": now(), "raison": raison, "lignes": lines}
    )
    account.delete()
    journal.record(actor, Gesture.COMPTE_ERASE, f"compte_efface:{proof.id}", motif=raison)
    return proof


def _unlink(actor: Actor, account_id: UUID) -> dict[str, int]:
    lines: dict[str, int] = {}
    for agence_id in agencies_of(actor, account_id):
        with serving(actor, agence_id, RAISON) as system, connection.cursor() as cursor:
            cursor.execute(
                "select id from acces_acces where agence_id = %s and account_id = %s order by id",
                [agence_id, account_id],
            )
            held = [row[0] for row in cursor.fetchall()]
            for table, statement in _CHEZ_L_AGENCE:
                cursor.execute(statement, {"agence": agence_id, "account": account_id})
                lines[table] = lines.get(table, 0) + cursor.rowcount
            for acces_id in held:
                journal.record(
                    system, Gesture.ACCES_DISSOCIATE, f"acces:{acces_id}", agence_id=agence_id, acces_id=acces_id,
                    motif="compte supprimé",
                )  # fmt: skip
    return lines


def replay(actor: Actor) -> int:
    """Erase again the accounts that a restored backup brought back (G6); return how many."""
    erased = set(CompteEfface.objects.order_by("le").values_list("empreinte", flat=True))
    found = [pk for pk in Account.objects.order_by("id").values_list("pk", flat=True) if digest(pk) in erased]
    for pk in found:
        erase_account(actor, pk, "demande")
    return len(found)


def portal_actor(reason: str) -> Actor:
    """Return the actor of a task of the portal itself: no row of any agence until it opens one."""
    return Actor(role=Role.SYSTEME, reason=reason)
