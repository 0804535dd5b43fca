"""Small gestures that the tests of the returns share."""

import io
import json
import zipfile
from datetime import date
from typing import Any

from palier.agences.cles import agence_key
from palier.echanges.retours.actions import prepare_return
from palier.echanges.retours.fichier import write_return
from palier.retours.actions_coordonnees import propose_changes
from palier.retours.actions_justificatifs import Depot, send_proof
from palier.retours.models import ChangementCoordonnees, Retour
from tests.cast import Cast
from tests.factories import pdf

MOBILE = {"telephone_mobile": {"telephone_mobile": "0612345678"}}
DU, AU = date(2026, 9, 1), date(2027, 8, 31)


def ask(
    cast: Cast, who: str = "claire", valeurs: dict[str, dict[str, str]] | None = None
) -> ChangementCoordonnees:
    """Have somebody ask for a change, and return his last request."""
    actor = cast.actor(who)
    propose_changes(actor, cast.acces[who].id, valeurs or MOBILE)
    rows = ChangementCoordonnees.objects.visible_to(actor).filter(acces_id=cast.acces[who].id)
    return rows.order_by("-cree_le", "-id")[0]


def send(cast: Cast, who: str = "leo", content: bytes = b"", **options: Any) -> Any:
    """Have a tenant send a certificate."""
    compte = cast.rows["comptes"][who].id
    depot = Depot("attestation 2026.pdf", content or pdf("assurance"), DU, AU)
    return send_proof(cast.actor(who), cast.acces[who].id, compte, depot, **options)


def zip_of(cast: Cast, retour: Retour, dialecte: str = "canon") -> bytes:
    """Return the bytes of a return file."""
    actor = cast.staff("gaston")
    target = io.BytesIO()
    write_return(target, cast.a.agence, retour, agence_key(actor, cast.a.agence.id), dialecte)
    return target.getvalue()


def prepare(cast: Cast) -> Retour:
    """Prepare a return as staff; there must be something."""
    retour = prepare_return(cast.staff("gaston"))
    assert retour is not None
    return retour


def opened(content: bytes) -> tuple[dict[str, Any], dict[str, str], dict[str, bytes]]:
    """Return (manifest, tables as text, documents) of a return file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        head = json.loads(archive.read("retour.json"))
        tables = {n: archive.read(n).decode("utf-8-sig") for n in archive.namelist() if n.endswith(".csv")}
        return head, tables, {n: archive.read(n) for n in archive.namelist() if n.startswith("documents/")}
