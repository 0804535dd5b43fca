"""Handing out codes: issue, re-issue, revoke. A secret leaves the action once, in memory, and is kept hashed."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from palier.acces.models import Acces, CodeAcces, CodeIndex
from palier.acces.queries import last_codes, state_of
from palier.acces.rules import codes as rules
from palier.agences.models import Agence
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.vie_privee.droits_personnes.effets import refuse_restricted, restricted

CANAUX = ("courrier", "liste", "email")
LOT_MAXIMAL = 2000

# Where an accès stood when it was shown, and its last code.
Vu = tuple[str, UUID | None]


@dataclass(frozen=True, slots=True)
class CodeEmis:
    """A code just issued, secret included: to be printed or sent at once, never stored."""

    acces_id: UUID
    tiers_id: UUID
    identifiant: str
    secret: str = field(repr=False)
    expire_le: datetime
    nom: str
    appel: str
    adresse: tuple[str, ...]
    email: str = field(repr=False, default="")

    @property
    def identifiant_imprime(self) -> str:
        """The identifier in groups."""
        return rules.printed_identifier(self.identifiant)

    @property
    def secret_imprime(self) -> str:
        """The secret in groups."""
        return rules.printed_secret(self.secret)


def hashed(identifiant: str, secret: str) -> str:
    """Return what is stored of a secret: a keyed digest, the key kept outside the database.

    A fast digest is enough for 65 random bits; the identifier salts it.
    """
    text = f"code-acces|{identifiant}|{secret}".encode()
    return "h1$" + hmac.new(settings.PASSWORD_PEPPER.encode(), text, hashlib.sha256).hexdigest()


@action(Gesture.CODE_ISSUE)
def issue_codes(
    actor: Actor, acces_ids: Sequence[UUID], canal: str = "courrier", *, vus: Mapping[UUID, Vu] | None = None
) -> list[CodeEmis]:
    """Issue a fresh code to each accès; the code that it had before dies. Those already attached are left out.

    Raises ``Invisible`` when one of them is not of the actor's agence, ``BusinessError`` when there is nobody to
    issue to, too many at once, or one no longer stands where ``vus`` (if given) saw it: nobody then kills the codes
    that a colleague has just printed. Returns the codes in the order of the names, secrets included.
    """
    wanted = list(dict.fromkeys(acces_ids))
    if len(wanted) > LOT_MAXIMAL:
        raise BusinessError(
            "lot_trop_grand",
            _("Un lot compte au plus %(n)d codes : émettez-les en plusieurs fois.") % {"n": LOT_MAXIMAL},
        )
    if canal not in CANAUX:
        raise ValueError(canal)
    found = _locked(actor, wanted)
    if vus is not None:
        _refuse_changed(actor, found, vus)
    waiting = [acces for acces in found if acces.account_id is None]
    if not waiting:
        raise BusinessError(
            "deja_rattache",
            _(
                "Aucun code à émettre : cet accès est déjà rattaché à un compte. Dissociez-le d’abord pour en "
                "émettre un."
            ),
        )
    if len(waiting) == 1:
        refuse_restricted(waiting[0].id)
    limited = restricted(acces.id for acces in waiting)  # kept, and nothing else done: left out of a batch
    waiting = [acces for acces in waiting if acces.id not in limited]
    if not waiting:
        return []
    agence = Agence.objects.get(id=actor.agence_id)
    waiting.sort(key=lambda acces: (acces.tiers.nom, acces.tiers.prenom, str(acces.id)))
    return _issue(actor, agence, waiting, canal)


def _locked(actor: Actor, wanted: Sequence[UUID]) -> list[Acces]:
    """Hold these accès, before their codes as everywhere: whoever attaches or issues waits. Raises ``Invisible``."""
    found = list(
        Acces.objects.visible_to(actor)
        .filter(id__in=wanted)
        .select_related("tiers")
        .order_by("id")
        .select_for_update(of=("self",), no_key=True)
    )
    if len(found) != len(wanted):
        raise Invisible
    return found


def _refuse_changed(actor: Actor, found: list[Acces], vus: Mapping[UUID, Vu]) -> None:
    """Look again, now that nobody else can change them."""
    last = last_codes(actor, [acces.id for acces in found])
    for acces in found:
        code = last.get(acces.id)
        if vus.get(acces.id) != (state_of(acces, code).value, code.id if code else None):
            raise BusinessError("lot_change", changed_batch(), status=409)


def changed_batch() -> str:
    """Return the sentence for a batch that is not what was shown any more."""
    return _("Ce lot a changé depuis l’aperçu : vérifiez-le, puis recommencez.")


def _issue(actor: Actor, agence: Agence, waiting: list[Acces], canal: str) -> list[CodeEmis]:
    """Write the codes of accès that wait for one; journal each."""
    moment = now()
    expire = moment + timedelta(days=agence.validite_code_jours)
    replaced = set(_kill(actor, [acces.id for acces in waiting], moment))
    issued, rows, entries = [], [], []
    for acces in waiting:
        identifiant = rules.new_code(rules.LONGUEUR_IDENTIFIANT)
        secret = rules.new_code(rules.LONGUEUR_SECRET)
        code_id = new_id()
        rows.append(
            CodeAcces(
                agence_id=agence.id,
                id=code_id,
                acces_id=acces.id,
                identifiant=identifiant,
                secret=hashed(identifiant, secret),
                canal=canal,
                emis_le=moment,
                emis_par=actor.account_id,
                expire_le=expire,
            )
        )
        entries.append(CodeIndex(identifiant=identifiant, agence_id=agence.id, code_id=code_id))
        issued.append(_printed(acces, identifiant, secret, expire))
    CodeAcces.objects.visible_to(actor).bulk_create(rows)
    CodeIndex.objects.bulk_create(entries)
    for acces in waiting:
        journal.record(
            actor,
            Gesture.CODE_ISSUE,
            f"acces:{acces.id}",
            agence_id=agence.id,
            acces_id=acces.id,
            canal=canal,
            expire_le=expire.date(),
            remplace=acces.id in replaced,
        )
    return issued


def _printed(acces: Acces, identifiant: str, secret: str, expire: datetime) -> CodeEmis:
    tiers = acces.tiers
    town = f"{tiers.code_postal} {tiers.ville}".strip()
    lines = [
        tiers.nom_complet,
        tiers.adresse_1,
        tiers.adresse_2,
        town,
        "" if tiers.pays in {"", "FR"} else tiers.pays,
    ]
    return CodeEmis(
        acces_id=acces.id,
        tiers_id=acces.tiers_id,
        identifiant=identifiant,
        secret=secret,
        expire_le=expire,
        nom=tiers.nom_complet,
        appel=tiers.appel,
        adresse=tuple(line for line in lines if line),
        email=tiers.email,
    )


def issue_code(actor: Actor, acces_id: UUID, canal: str = "courrier") -> CodeEmis:
    """Issue a code to one accès; the previous one dies. Raises as ``issue_codes``."""
    return issue_codes(actor, [acces_id], canal)[0]


def _kill(actor: Actor, acces_ids: Sequence[UUID], moment: datetime) -> list[UUID]:
    """Revoke the live codes of these accès; return the accès that had one."""
    live = CodeAcces.objects.visible_to(actor).filter(
        acces_id__in=acces_ids, utilise_le__isnull=True, revoque_le__isnull=True
    )
    touched = list(live.values_list("acces_id", flat=True))
    if touched:
        live.update(revoque_le=moment)
    return touched


@action(Gesture.CODE_REVOKE)
def revoke_codes(actor: Actor, acces_ids: Sequence[UUID]) -> int:
    """Revoke the live codes of these accès; return how many died. Raises ``Invisible`` for a foreign accès."""
    wanted = list(dict.fromkeys(acces_ids))
    _locked(actor, wanted)
    killed = _kill(actor, wanted, now())
    for acces_id in killed:
        journal.record(
            actor, Gesture.CODE_REVOKE, f"acces:{acces_id}", agence_id=actor.agence_id, acces_id=acces_id
        )
    return len(killed)
