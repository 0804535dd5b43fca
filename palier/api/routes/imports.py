"""Imports: opened, asked for, followed, given up."""

import hashlib
from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_noop as _
from ninja import Path, Query, Router

from palier.agences.cles import agence_key
from palier.api import manifestes
from palier.api.actions.envois import ask_run, cancel_envoi, open_envoi
from palier.api.corps import announced_digest, blocks, interrupted, judge_type, length_of
from palier.api.enums import GenreEnvoi
from palier.api.formes import Courant, ImportVu, PageImports
from palier.api.idempotence import Memo, begin, fingerprint
from palier.api.models import EnvoiApi
from palier.api.porte import forgetting, machine_of, porte, reply
from palier.api.problemes import Probleme
from palier.api.queries import current, find_import, page, run_of, shown, tables_of
from palier.api.routes.reponses import address, read_cursor, write_cursor
from palier.core.access import Gesture
from palier.core.errors import Invisible
from palier.core.vault import erase
from palier.core.vault_flux import WrongDigest, WrongLength, open_stored, receive

routeur = Router(tags=[_("Imports")])
ZIP, JSON, OCTETS = "application/zip", "application/json", "application/octet-stream"
SUITES = ("attendre", "controler", "appliquer")
Id = Annotated[UUID, Path(description=_("Identifiant rendu par POST /imports."))]


def _one(request: HttpRequest, envoi: EnvoiApi, status: int) -> HttpResponse:
    machine = machine_of(request)
    found = shown(machine, envoi, run_of(machine.actor, envoi), tables_of(machine.actor, envoi))
    return reply(status, found, address("lire_import", import_id=envoi.id))


@routeur.post(
    "imports",
    response={202: ImportVu},
    operation_id="ouvrir_import",
    summary=_("Ouvrir un import"),
    description=_(
        "Envoyez le zip entier d’un dossier, ou seulement son manifeste (dossier.json sans « fichiers ») pour "
        "envoyer ensuite ses tables par parties. Avec un zip, « suite » dit ce qui se passe aussitôt : attendre, "
        "controler (à blanc) ou appliquer. Un export que l’agence a calibré pour la source de la clé s’envoie tel quel, "
        "en application/octet-stream : un fichier, ou un zip de plusieurs ; « nom » est alors le nom du fichier."
    ),
    url_name="ouvrir_import",
)
@porte(Gesture.IMPORT_RUN, streams=True)
def open_import(
    request: HttpRequest,
    suite: Annotated[
        str,
        Query(
            pattern="^(attendre|controler|appliquer)$",
            description=_("Ce qui suit la réception d’un fichier : attendre, controler ou appliquer."),
        ),
    ] = "attendre",
    nom: Annotated[
        str, Query(max_length=200, description=_("Nom montré à l’agence ; d’un export, le nom du fichier."))
    ] = "dossier.zip",
) -> HttpResponse:
    kind = judge_type(request, (ZIP, JSON, OCTETS))
    memo = begin(machine_of(request), request)
    with forgetting(memo):
        if kind == JSON:
            if suite != "attendre":
                raise Probleme(
                    422,
                    "suite_sans_zip",
                    _t("« suite » vaut pour un fichier : ici, envoyez d’abord les tables."),
                )
            return _open_tables(request, memo, nom)
        genre = GenreEnvoi.ZIP if kind == ZIP else GenreEnvoi.EXPORT
        return _open_whole(request, memo, nom, suite, genre)


def _open_tables(request: HttpRequest, memo: Memo | None, nom: str) -> HttpResponse:
    machine = machine_of(request)
    length_of(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2)
    raw = request.body
    digest = fingerprint(request, hashlib.sha256(raw).hexdigest())
    if memo is not None and not memo.ours:
        return memo.replay(digest)
    manifest = manifestes.of_tables(machine, raw)
    with machine.opened() as actor:
        envoi = open_envoi(actor, machine, genre=GenreEnvoi.TABLES, nom=nom, manifeste=manifest)
        response = _one(request, envoi, 202)
        if memo is not None:
            memo.keep(digest, response)
        return response


def _open_whole(
    request: HttpRequest, memo: Memo | None, nom: str, suite: str, genre: GenreEnvoi
) -> HttpResponse:
    machine = machine_of(request)
    judge = manifestes.of_zip if genre == GenreEnvoi.ZIP else manifestes.of_export
    length = length_of(request, settings.IMPORT_MAX_BYTES)
    if memo is not None and not memo.ours:
        content = hashlib.sha256()
        for block in blocks(request):
            content.update(block)
        return memo.replay(fingerprint(request, content.hexdigest()))
    with machine.opened() as actor:
        key = agence_key(actor, actor.agence_id)
    try:
        sha256, depot = receive(key, blocks(request), length, sha256=announced_digest(request))
    except WrongLength as error:
        raise interrupted() from error
    except WrongDigest as error:
        raise wrong_digest() from error
    try:
        with open_stored(key, depot, length) as stored:
            judge(machine, stored)
        with machine.opened() as actor:
            envoi = open_envoi(actor, machine, genre=genre, nom=nom, manifeste={}, depot=depot, octets=length)
            if suite != "attendre":
                envoi = ask_run(actor, envoi.id, controle_seul=suite == "controler")
            response = _one(request, envoi, 202)
            if memo is not None:
                memo.keep(fingerprint(request, sha256), response)
            return response
    except BaseException:
        erase(key, depot)
        raise


def wrong_digest() -> Probleme:
    """Return the refusal of a content that is not what its digest says."""
    return Probleme(
        422, "condense_different", _t("Le contenu reçu n’a pas le condensé SHA-256 annoncé : renvoyez-le.")
    )


@routeur.get(
    "imports",
    response={200: PageImports},
    operation_id="lister_imports",
    summary=_("Lister les imports"),
    description=_("Les envois faits par l’API pour la source de la clé, du plus récent au plus ancien."),
    url_name="lister_imports",
)
@porte(Gesture.IMPORT_READ)
def list_imports(
    request: HttpRequest,
    apres: Annotated[str, Query(max_length=200, description=_("Le « suivant » de la page précédente."))] = "",
    limite: Annotated[int, Query(ge=1, le=200, description=_("Imports par page."))] = 50,
) -> HttpResponse:
    found, more = page(machine_of(request), read_cursor(apres), limite)
    following = write_cursor(found[-1].recu_le, found[-1].id) if more else None
    return reply(200, PageImports(imports=found, suivant=following))


@routeur.get(
    "imports/courant",
    response={200: Courant},
    operation_id="lire_courant",
    summary=_("Ce qui est en ligne"),
    description=_("La dernière séquence appliquée pour la source, à citer en « precedent » d’un delta."),
    url_name="lire_courant",
)
@porte(Gesture.IMPORT_READ)
def read_current(request: HttpRequest) -> HttpResponse:
    return reply(200, current(machine_of(request)))


@routeur.get(
    "imports/{uuid:import_id}",
    response={200: ImportVu},
    operation_id="lire_import",
    summary=_("Suivre un import"),
    description=_("Son état, son avancement et ses comptes. Interrogez-le jusqu’à « termine »."),
    url_name="lire_import",
)
@porte(Gesture.IMPORT_READ)
def read_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    machine = machine_of(request)
    envoi, run = find_import(machine.actor, import_id)
    return reply(200, shown(machine, envoi, run, tables_of(machine.actor, envoi)))


@routeur.post(
    "imports/{uuid:import_id}/controler",
    response={202: ImportVu},
    operation_id="controler_import",
    summary=_("Contrôler à blanc"),
    description=_("Rend le même rapport qu’un import, sans rien mettre en ligne."),
    url_name="controler_import",
)
@porte(Gesture.IMPORT_RUN)
def check_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    return _one(request, ask_run(machine_of(request).actor, import_id, controle_seul=True), 202)


@routeur.post(
    "imports/{uuid:import_id}/appliquer",
    response={202: ImportVu},
    operation_id="appliquer_import",
    summary=_("Mettre en ligne"),
    description=_("Lance l’import. Suivez-le par GET ; le frein peut demander une personne de l’agence."),
    url_name="appliquer_import",
)
@porte(Gesture.IMPORT_RUN)
def apply_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    return _one(request, ask_run(machine_of(request).actor, import_id, controle_seul=False), 202)


@routeur.post(
    "imports/{uuid:import_id}/annuler",
    response={200: ImportVu},
    operation_id="annuler_import",
    summary=_("Annuler un import"),
    description=_("Abandonne un import en construction ou en attente ; retire le dernier import appliqué."),
    url_name="annuler_import",
)
@porte(Gesture.IMPORT_RUN)
def cancel_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    return _one(request, cancel_envoi(machine_of(request).actor, import_id), 200)


@routeur.post(
    "imports/{uuid:import_id}/confirmer",
    response={200: ImportVu},
    operation_id="confirmer_import",
    summary=_("Confirmer (réservé aux personnes)"),
    description=_("Toujours refusé à un programme : ce que le frein arrête attend une personne de l’agence."),
    url_name="confirmer_import",
)
@porte(Gesture.IMPORT_CONFIRM)
def confirm_import(request: HttpRequest, import_id: Id) -> HttpResponse:
    raise Invisible
