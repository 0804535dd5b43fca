"""Contents: tables by parts, documents by digest, reports."""

import csv
import hashlib
import io
from collections import Counter
from itertools import chain
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_noop as _
from ninja import Path, Query, Router

from palier.agences.cles import agence_key
from palier.api.actions.documents import keep_document
from palier.api.actions.envois import Partie, keep_part, open_for_parts
from palier.api.corps import (
    JUGES,
    TYPES,
    announced_digest,
    blocks,
    interrupted,
    judge_type,
    length_of,
)
from palier.api.formes import AnomalieVue, DocumentVu, PartieRecue, Rapport
from palier.api.porte import machine_of, porte, reply
from palier.api.problemes import Probleme
from palier.api.queries import document_size, find_import, report_lines
from palier.api.routes.imports import Id, wrong_digest
from palier.core.access import Gesture
from palier.core.streaming import disposition
from palier.core.vault import erase
from palier.core.vault_flux import WrongDigest, WrongLength, receive
from palier.echanges.limites import LIMITES, MIO
from palier.echanges.rapport import COLONNES, close_cuts, cuts, neutralise
from palier.echanges.schemas import ORDRE, schemas

routeur = Router(tags=[_("Contenus")])
PARTIE_MAX = 256 * MIO
PDF = b"%PDF-"


@routeur.put(
    "imports/{uuid:import_id}/tables/{str:table}",
    response={200: PartieRecue, 201: PartieRecue},
    operation_id="envoyer_partie",
    summary=_("Envoyer une partie d’une table"),
    description=_(
        "Mêmes colonnes que le dossier. Chaque partie CSV porte son en-tête ; en NDJSON, un objet par ligne. La même "
        "partie envoyée deux fois remplace la première : un envoi interrompu se reprend partie par partie."
    ),
    url_name="envoyer_partie",
)
@porte(Gesture.IMPORT_RUN, streams=True)
def send_part(
    request: HttpRequest,
    import_id: Id,
    table: Annotated[
        str,
        Path(description=_("Nom de la table."), enum=list(ORDRE)),
    ],
    partie: Annotated[int, Query(ge=1, le=10_000, description=_("Numéro de la partie, à partir de 1."))] = 1,
) -> HttpResponse:
    machine = machine_of(request)
    schema = schemas().get(table)
    if schema is None:
        raise Probleme(404, "table_inconnue", _t("Le format dossier n’a pas de table de ce nom."))
    format_ = TYPES[judge_type(request, TYPES)]
    length, expected = length_of(request, PARTIE_MAX), announced_digest(request)
    with machine.opened() as actor:
        open_for_parts(actor, import_id)
        key = agence_key(actor, actor.agence_id)
    judge = JUGES[format_](schema)
    try:
        sha256, depot = receive(key, judge.watch(blocks(request)), length, sha256=expected)
    except WrongLength as error:
        raise interrupted() from error
    except WrongDigest as error:
        raise wrong_digest() from error
    part = Partie(table, partie, format_, judge.entete, judge.lignes, sha256, length, depot)
    try:
        with machine.opened() as actor:
            new = keep_part(actor, import_id, part)
    except BaseException:
        erase(key, depot)
        raise
    shown = PartieRecue(table=table, partie=partie, lignes=judge.lignes, octets=length, sha256=sha256)
    return reply(201 if new else 200, shown)


Sha256 = Annotated[
    str, Path(description=_("SHA-256 du fichier, 64 chiffres hexadécimaux."), pattern="^[0-9a-f]{64}$")
]


@routeur.api_operation(
    ["HEAD"],
    "documents/{str:sha256}",
    response={200: None},
    operation_id="chercher_document",
    summary=_("Savoir si un document est déjà là"),
    description=_("200 : ne l’envoyez pas ; 404 : envoyez-le par PUT."),
    url_name="document",
)
@porte(Gesture.DOCUMENT_SEND)
def find_document(request: HttpRequest, sha256: Sha256) -> HttpResponse:
    size = document_size(machine_of(request).actor, sha256)
    if size is None:
        raise Probleme(404, "document_absent", _t("L’agence n’a pas ce document : envoyez-le."))
    return HttpResponse(status=200, content_type="application/json", headers={"X-Palier-Octets": str(size)})


@routeur.put(
    "documents/{str:sha256}",
    response={200: DocumentVu, 201: DocumentVu},
    operation_id="envoyer_document",
    summary=_("Envoyer un document"),
    description=_(
        "Un PDF, gardé une seule fois quel que soit le nombre de lignes qui le citent. Citez-le ensuite par "
        "« sha256:… » dans la colonne fichier. Jamais cité, il est effacé après sept jours."
    ),
    url_name="document",
)
@porte(Gesture.DOCUMENT_SEND, streams=True)
def send_document(request: HttpRequest, sha256: Sha256) -> HttpResponse:
    machine = machine_of(request)
    judge_type(request, ("application/pdf",))
    length = length_of(request, LIMITES.document)
    with machine.opened() as actor:
        key, held = agence_key(actor, actor.agence_id), document_size(actor, sha256)
    if held is not None:
        digest = hashlib.sha256()
        for block in blocks(request):
            digest.update(block)
        if digest.hexdigest() != sha256:
            raise wrong_digest()
        return _document(200, sha256, held)
    first = request.read(len(PDF))
    if first != PDF:
        raise Probleme(
            422, "fichier_pas_pdf", _t("Ce fichier n’est pas un PDF : il doit commencer par %PDF-.")
        )

    try:
        receive(key, chain([first], blocks(request)), length, address=key.address(sha256), sha256=sha256)
    except WrongLength as error:
        raise interrupted() from error
    except WrongDigest as error:
        raise wrong_digest() from error
    with machine.opened() as actor:
        new = keep_document(actor, machine.cle_id, sha256, length, key.address(sha256))
    return _document(201 if new else 200, sha256, length)


def _document(status: int, sha256: str, octets: int) -> HttpResponse:
    return reply(status, DocumentVu(sha256=sha256, octets=octets, citation=f"sha256:{sha256}"))


@routeur.get(
    "imports/{uuid:import_id}/rapport",
    response={200: Rapport},
    operation_id="lire_rapport",
    summary=_("Lire le rapport"),
    description=_(
        "Le rapport du dernier passage, valeurs masquées : en JSON, ou en CSV par Accept: text/csv ou ?format=csv."
    ),
    url_name="lire_rapport",
)
@porte(Gesture.IMPORT_READ, accepts=("application/json", "text/csv"))
def read_report(
    request: HttpRequest,
    import_id: Id,
    format: Annotated[str, Query(pattern="^(|json|csv)$", description=_("json ou csv."))] = "",
) -> HttpResponse:
    machine = machine_of(request)
    _envoi, run = find_import(machine.actor, import_id)
    if run is None:
        raise Probleme(404, "rapport_absent", _t("Cet import n’a pas encore été contrôlé ni appliqué."))
    lines = report_lines(machine.actor, run)
    bilan = run.bilan or {}
    coupes = cuts(bilan, Counter(line["code"] for line in lines))
    if format == "csv" or (not format and not request.accepts("application/json")):
        return _csv(run.id, close_cuts(lines, coupes))
    if bilan:
        bilan = {**bilan, "coupes": {code: coupe.as_dict() for code, coupe in coupes.items()}}
    anomalies = [AnomalieVue(**line) for line in lines]
    return reply(
        200,
        Rapport(import_id=run.id, etat=run.etat, message=run.message, bilan=bilan, anomalies=anomalies),
    )


def _csv(import_id: UUID, lines: list[dict[str, str]]) -> HttpResponse:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLONNES, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: neutralise(value) for name, value in line.items()} for line in lines)
    headers = {"Content-Disposition": disposition(f"rapport-{import_id}.csv")}
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)
