"""Proving a code. Wrong, unknown, used and expired codes get one answer; only the right secret learns more (K1 to K4).

Every path runs the same statements in the same order, whether the identifier exists or not.
"""

import hmac
import logging
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from palier.acces.codes import hashed
from palier.acces.models import Acces, CodeAcces, CodeIndex
from palier.acces.rules import codes as rules
from palier.agences.enums import StatutAgence
from palier.agences.models import Agence
from palier.core.access import Gesture, require
from palier.core.actor import Actor
from palier.core.dates import date_simple, now
from palier.core.errors import BusinessError, TooManyAttempts
from palier.core.tenancy import serving
from palier.core.throttle import Stages, credit_all, limit_all

_log = logging.getLogger("palier.securite")
_NOWHERE = UUID(int=0)

HEURE = 3600
# A secret has 65 bits: these limits are for noise and load, and wide enough for the day of a mailing.
# What one address may try of a code stays below what the code bears: nobody shuts its holder out alone (A3).
PAR_COUPLE = 10
PAR_ADRESSE = 40
PAR_CODE = 30
PAR_AGENCE = 1000
EN_TOUT = 5000


@dataclass(frozen=True, slots=True)
class CodeProuve:
    """A code whose secret was given: what may be shown of it to its holder."""

    agence_id: UUID
    code_id: UUID
    acces_id: UUID
    agence_nom: str
    agence_slug: str
    agence_telephone: str
    titulaire: str
    titulaire_nom: str


def fault_message(key: str, secret: bool) -> str:
    """Return the sentence for something that cannot be a code of ours: no attempt was counted."""
    total = (rules.LONGUEUR_SECRET if secret else rules.LONGUEUR_IDENTIFIANT) + 1
    if key == "longueur":
        return _("Il faut %(n)d caractères, sans compter les espaces : vérifiez qu’il n’en manque pas.") % {
            "n": total
        }
    if key == "symbole":
        return _(
            "Un caractère n’existe pas dans nos codes : seuls des chiffres et des lettres sans accent y figurent."
        )
    return _("Une faute de frappe s’est glissée : relisez ce qui est imprimé, caractère par caractère.")


def verify_code(actor: Actor, identifiant: str, secret: str, ip: str) -> CodeProuve:
    """Return the code that ``identifiant`` and ``secret`` (both normalised) open; raise ``BusinessError`` otherwise.

    Nothing is consumed. Raises ``TooManyAttempts`` past the limits per address, per code, per agence and overall.
    """
    require(actor, Gesture.PUBLIC_ONLY)
    entry = CodeIndex.objects.filter(identifiant=identifiant).first()
    agence_id = entry.agence_id if entry else _NOWHERE
    # One row more for an unknown identifier too, but its own: shared, it would fill, and tell it from a known one.
    limits = _limits(identifiant, ip, str(entry.agence_id) if entry else identifiant)
    _count(limits)
    with serving(actor, agence_id, "code présenté") as system:
        agence = Agence.objects.filter(id=agence_id).first()
        code = (
            CodeAcces.objects.visible_to(system)
            .filter(agence_id=agence_id, id=entry.code_id if entry else _NOWHERE)
            .select_related("acces__tiers")
            .first()
        )
        kept = code.secret if code else hashed("", "")
        right = hmac.compare_digest(kept, hashed(identifiant, secret))
        if code is None or agence is None or not right:
            raise BusinessError("code_inconnu", same_answer())
        refuse_dead(code, agence)
        proved = _proved(code, agence)
    # A rightful holder weighs on nobody's limit; his success clears no counter of the address (A3).
    credit_all(limits)
    return proved


def same_answer() -> str:
    """Return the one sentence of every refusal."""
    return _(
        "Cet identifiant et ce code n’ouvrent pas d’accès. Relisez-les sur votre courrier ; s’ils sont bien ceux "
        "imprimés, appelez votre agence, dont le téléphone figure en haut du courrier : elle vous en remettra d’autres."
    )


def _limits(identifiant: str, ip: str, agence: str) -> Stages:
    return [
        [("code_couple", f"{identifiant}|{ip}", PAR_COUPLE, HEURE), ("code_adresse", ip, PAR_ADRESSE, HEURE)],
        [("code", identifiant, PAR_CODE, HEURE)],
        [("code_agence", agence, PAR_AGENCE, HEURE), ("code_tout", "", EN_TOUT, HEURE)],
    ]


def _count(limits: Stages) -> None:
    """Count this attempt everywhere; raise past a limit. Counted first: parallel attempts do not slip by (R5)."""
    wait = _(
        "Trop d’essais. Attendez une heure avant de recommencer, ou appelez votre agence : elle peut vous aider."
    )
    try:
        limit_all(limits, wait)
    except TooManyAttempts:
        _log.warning("codes : limite d'essais atteinte")
        raise


def appel_agence(agence: Agence) -> str:
    """Return « Appelez Cabinet A au 05 61 00 00 00. »."""
    if agence.telephone:
        return _("Appelez %(agence)s au %(numero)s.") % {"agence": agence.nom, "numero": agence.telephone}
    return _("Appelez %(agence)s.") % {"agence": agence.nom}


def refuse_dead(code: CodeAcces, agence: Agence) -> None:
    """Raise what the rightful holder of a dead code learns: why, and whom to call. Expiry is read now (K3)."""
    call = appel_agence(agence)
    if code.utilise_le is not None:
        raise BusinessError(
            "code_utilise",
            _(
                "Ce code a déjà servi le %(jour)s. S’il vous a servi, connectez-vous ; sinon, prévenez l’agence."
            )
            % {"jour": date_simple(code.utilise_le)}
            + " "
            + call,
        )
    if code.revoque_le is not None:
        raise BusinessError(
            "code_revoque",
            _("Ce code a été remplacé ou annulé le %(jour)s : utilisez le courrier le plus récent.")
            % {"jour": date_simple(code.revoque_le)}
            + " "
            + call,
        )
    if code.expire_le <= now():
        raise BusinessError(
            "code_expire",
            _("Ce code a expiré le %(jour)s. L’agence vous en remettra un nouveau sur simple appel.")
            % {"jour": date_simple(code.expire_le)}
            + " "
            + call,
        )
    if agence.statut != StatutAgence.ACTIVE:
        raise BusinessError(
            "agence_fermee",
            _("%(agence)s n’ouvre pas d’accès en ce moment.") % {"agence": agence.nom} + " " + call,
        )


def _proved(code: CodeAcces, agence: Agence) -> CodeProuve:
    acces: Acces = code.acces
    return CodeProuve(
        agence_id=agence.id,
        code_id=code.id,
        acces_id=acces.id,
        agence_nom=agence.nom,
        agence_slug=agence.slug,
        agence_telephone=agence.telephone,
        titulaire=acces.tiers.nom_complet,
        titulaire_nom=acces.tiers.nom,
    )


def reread(actor: Actor, agence_id: UUID, code_id: UUID) -> CodeProuve:
    """Return a code proved earlier in this visit, if it still lives; raise ``BusinessError`` otherwise."""
    require(actor, Gesture.PUBLIC_ONLY)
    with serving(actor, agence_id, "code présenté") as system:
        agence = Agence.objects.get(id=agence_id)
        code = (
            CodeAcces.objects.visible_to(system)
            .filter(agence_id=agence_id, id=code_id)
            .select_related("acces__tiers")
            .first()
        )
        if code is None:
            raise BusinessError("code_inconnu", same_answer())
        refuse_dead(code, agence)
        return _proved(code, agence)
