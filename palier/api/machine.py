"""Who holds the key of a request. The same answer for a key that is unknown, ended, revoked, or used from elsewhere."""

import hmac
import re
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from palier.agences.enums import StatutAgence
from palier.agences.models import Agence
from palier.api.actions.cles import mark_used
from palier.api.enums import Portee
from palier.api.identite import Machine
from palier.api.models import CleApi
from palier.api.problemes import Probleme
from palier.api.rules.secrets import PREFIXE, digest, is_inside
from palier.core.access import Gesture
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.net import client_ip, client_network
from palier.core.tenancy import open_actor
from palier.core.throttle import count
from palier.echanges.models import Source

#: What each scope opens; every key passes the outer door.
GESTES: dict[str, frozenset[Gesture]] = {
    Portee.IMPORTS_ECRIRE: frozenset({Gesture.IMPORT_RUN, Gesture.IMPORT_CANCEL}),
    Portee.IMPORTS_LIRE: frozenset({Gesture.IMPORT_READ}),
    Portee.DOCUMENTS_ECRIRE: frozenset({Gesture.DOCUMENT_SEND}),
    Portee.RETOURS_LIRE: frozenset({Gesture.RETOUR_READ}),
}
#: Requests a minute for one key, and refused keys a minute for one address.
DEBIT, REFUS, FENETRE = 1200, 60, 60
_BEARER = re.compile(rf"Bearer ({PREFIXE}[A-Za-z0-9_-]{{43}})", re.IGNORECASE)
_RETENUE = timedelta(minutes=1)  # between two notes of a key's use


def _refused() -> Probleme:
    detail = _("Donnez une clé d’API valable : Authorization: Bearer palier_…")
    return Probleme(401, "cle_refusee", detail, headers={"WWW-Authenticate": 'Bearer realm="palier"'})


def _found(secret: str) -> CleApi | None:
    """The row of a presented key, whatever its state: the row policy shows it for its digest alone."""
    empreinte = digest(secret)
    with connection.cursor() as cursor:
        cursor.execute("select set_config('palier.cle_api', %s, true)", [empreinte])
    row = CleApi.objects.unguarded("who presents a key is not known yet").filter(empreinte=empreinte).first()
    with connection.cursor() as cursor:
        cursor.execute("select set_config('palier.cle_api', '', true)")
    return row if row is not None and hmac.compare_digest(row.empreinte, empreinte) else None


def _is_good(row: CleApi, address: str) -> bool:
    ended = row.expire_le is not None and row.expire_le <= now()
    return row.revoquee_le is None and not ended and is_inside(address, row.reseaux)


def _machine(row: CleApi, address: str) -> Machine | None:
    gestures = frozenset({Gesture.API}).union(*(GESTES.get(portee, frozenset()) for portee in row.portees))
    actor = Actor.machine(row.agence_id, row.source_id, gestures, f"clé d’API {row.prefixe}")
    open_actor(actor)
    agence = Agence.objects.filter(id=row.agence_id, statut=StatutAgence.ACTIVE).first()
    source = Source.objects.visible_to(actor).first()
    if agence is None or source is None:
        return None
    if row.utilisee_le is None or now() - row.utilisee_le > _RETENUE:
        mark_used(actor, row.id, address)
    return Machine(row.id, agence.slug, source.logiciel, source.base, actor)


def recognise(request: HttpRequest) -> Machine:
    """Return the machine of a request. Raises Probleme 401 or 429."""
    header = request.headers.get("Authorization", "")
    match = _BEARER.fullmatch(header)
    address = client_ip(request)
    machine = None
    if match:
        with transaction.atomic():
            open_actor(Actor.anonymous())
            row = _found(match[1])
            machine = _machine(row, address) if row is not None and _is_good(row, address) else None
    if machine is None:
        if header:
            _limit(request, "api_refus", client_network(request), REFUS)
        raise _refused()
    _limit(request, "api", str(machine.cle_id), DEBIT)
    return machine


def _limit(request: HttpRequest, name: str, subject: str, maximum: int) -> None:
    attempts, left = count(name, subject, FENETRE)
    request.palier_limites = {  # type: ignore[attr-defined]
        "RateLimit-Limit": str(maximum),
        "RateLimit-Remaining": str(max(0, maximum - attempts)),
        "RateLimit-Reset": str(left),
        "RateLimit-Policy": f"{maximum};w={FENETRE}",
    }
    if attempts > maximum:
        detail = _("Trop de demandes en peu de temps : attendez la durée de Retry-After.")
        raise Probleme(429, "trop_de_demandes", detail, headers={"Retry-After": str(left)})


class Bearer:
    """django-ninja's door: a key or nothing."""

    openapi_security_schema = {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "palier_…",
    }

    def __call__(self, request: HttpRequest) -> Any:
        return recognise(request)
