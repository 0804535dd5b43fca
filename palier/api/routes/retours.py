"""Return files: what clients said, on its way back to the source."""

import tempfile
from typing import Annotated

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_noop as _
from ninja import Path, Query, Router

from palier.agences.cles import agence_key
from palier.agences.models import Agence
from palier.api.actions.retours import record_return_read
from palier.api.formes import PageRetours, RetourVu
from palier.api.porte import machine_of, porte, reply
from palier.api.problemes import Probleme
from palier.api.retours import PAR_PAGE, one_return, returns
from palier.core.access import Gesture
from palier.core.streaming import disposition
from palier.core.vault import DamagedFile
from palier.echanges.retours.dialectes import CANON
from palier.echanges.retours.fichier import file_name, write_return

routeur = Router(tags=[_("Retours")])
ZIP = "application/zip"


@routeur.get(
    "retours",
    response={200: PageRetours},
    operation_id="lister_retours",
    summary=_("Lister les fichiers de retour"),
    description=_("Ce que vos clients ont demandé ou donné : coordonnées, accords, justificatifs."),
    url_name="lister_retours",
)
@porte(Gesture.RETOUR_READ)
def list_returns(
    request: HttpRequest,
    apres: Annotated[int, Query(ge=0, le=2**31 - 1, description=_("Dernier numéro déjà lu."))] = 0,
) -> HttpResponse:
    found = returns(machine_of(request), apres)
    shown = [
        RetourVu(
            sequence=r.sequence,
            lignes=r.lignes,
            depuis=r.depuis,
            jusqu_a=r.jusqu_a,
            acquitte_le=r.acquitte_le,
        )
        for r in found
    ]
    return reply(
        200, PageRetours(retours=shown, suivant=found[-1].sequence if len(found) == PAR_PAGE else None)
    )


@routeur.get(
    "retours/{int:sequence}",
    response={200: None},
    operation_id="lire_retour",
    summary=_("Prendre un fichier de retour"),
    description=_("Un zip : retour.json, une table CSV par sujet, les justificatifs. Toujours le même."),
    url_name="lire_retour",
)
@porte(Gesture.RETOUR_READ, accepts=(ZIP, "application/octet-stream"))
def read_return(
    request: HttpRequest,
    sequence: Annotated[int, Path(ge=1, le=2**31 - 1, description=_("Numéro du retour."))],
    dialecte: Annotated[
        str, Query(pattern="^(canon|excel-fr)$", description=_("canon ou excel-fr."))
    ] = CANON,
) -> HttpResponseBase:
    machine = machine_of(request)
    retour = one_return(machine, sequence)
    agence = Agence.objects.get(id=machine.agence_id)
    target = tempfile.TemporaryFile()  # noqa: SIM115  (FileResponse closes it)
    try:
        write_return(target, agence, retour, agence_key(machine.actor, machine.agence_id), dialecte)
    except DamagedFile as error:
        target.close()
        detail = _t(
            "Un justificatif de ce retour est abîmé dans notre stockage : le fichier n’est pas servi."
        )
        raise Probleme(503, "fichier_abime", detail) from error
    target.seek(0)
    record_return_read(machine.actor, sequence, dialecte)
    response = FileResponse(target, content_type=ZIP)
    response["Content-Disposition"] = disposition(file_name(agence, retour, dialecte))
    return response
