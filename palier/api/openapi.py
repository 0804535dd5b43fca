"""The specification, OpenAPI 3.1, in French or in English: what django-ninja knows, and what it cannot know."""

import copy
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_noop as _

from palier.api.corps import TYPES
from palier.api.formes import ProblemeVu
from palier.api.problemes import MIME
from palier.api.service import api, operations
from palier.core.access import Gesture

BASE = "/api/v1"
#: Refusals that any operation may give.
COMMUNS = (400, 401, 403, 404, 405, 406, 429, 500)
#: Refusals of those that write.
ECRITURE = (409, 411, 413, 415, 422)

_SENS = {
    200: _("Fait."),
    201: _("Gardé."),
    202: _("Reçu : suivez l’adresse de l’en-tête Location."),
    304: _("Inchangé depuis l’ETag donné."),
    400: _("La demande ne se lit pas, ou s’est arrêtée avant la fin."),
    401: _("Clé absente, inconnue, expirée ou révoquée."),
    403: _("La clé ne permet pas cette opération, ou vaut pour une autre source."),
    404: _("Rien à cette adresse pour cette clé."),
    405: _("Cette adresse n’accepte pas ce verbe."),
    406: _("Format de réponse indisponible."),
    409: _("Impossible dans l’état présent."),
    411: _("Longueur manquante."),
    413: _("Trop volumineux."),
    415: _("Type de contenu refusé."),
    422: _("Contenu ou paramètre refusé ; « erreurs » dit où."),
    429: _("Trop de demandes : attendez la durée de Retry-After."),
    500: _("Un incident de notre côté."),
    503: _("Indisponible pour l’instant."),
}
_BINAIRE = {"type": "string", "format": "binary"}
_MANIFESTE = {
    "type": "object",
    "description": _("dossier.json, sans « fichiers »."),
    "required": ["format", "version", "agence", "source", "mode", "arrete_au", "genere_le"],
    "properties": {
        "format": {"const": "dossier-portail"},
        "version": {"const": "1.0"},
        "agence": {"type": "string"},
        "source": {
            "type": "object",
            "required": ["logiciel", "base"],
            "properties": {"logiciel": {"type": "string"}, "base": {"type": "string"}},
        },
        "mode": {"enum": ["snapshot", "delta"]},
        "arrete_au": {"type": "string", "format": "date"},
        "genere_le": {"type": "string", "format": "date-time"},
    },
}
_CORPS: dict[str, dict[str, Any]] = {
    "ouvrir_import": {
        "application/zip": {"schema": _BINAIRE},
        "application/json": {"schema": _MANIFESTE},
        "application/octet-stream": {"schema": _BINAIRE},
    },
    "envoyer_partie": {kind: {"schema": {"type": "string"}} for kind in TYPES},
    "envoyer_document": {"application/pdf": {"schema": _BINAIRE}},
}
_REJEU = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": _("La même valeur avec la même demande rend la première réponse pendant 24 heures."),
}
_CONDENSE = {
    "name": "Content-Digest",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
    "description": _("Condensé SHA-256 du contenu (RFC 9530), vérifié."),
}
_ENTETES = {
    "X-Request-Id": _("Numéro de la demande, à donner au support."),
    "RateLimit-Limit": _("Demandes admises par fenêtre."),
    "RateLimit-Remaining": _("Demandes qui restent."),
    "RateLimit-Reset": _("Secondes avant la fin de la fenêtre."),
}


def _headers() -> dict[str, Any]:
    return {name: {"description": words, "schema": {"type": "string"}} for name, words in _ENTETES.items()}


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": _SENS[status],
        "headers": _headers(),
        "content": {MIME: {"schema": {"$ref": "#/components/schemas/ProblemeVu"}}},
    }


def _complete(operation: dict[str, Any], method: str, gesture: Gesture) -> None:
    """Add the refusals, the headers, the body and the gesture of one operation."""
    name = operation["operationId"]
    for status, response in operation["responses"].items():
        response["description"] = _SENS[int(status)]
        response["headers"] = _headers()
        if int(status) == 202:
            response["headers"]["Location"] = {
                "schema": {"type": "string"},
                "description": _("Où le suivre."),
            }
    writes = method in {"post", "put"}
    for status in (*COMMUNS, *(ECRITURE if writes else (422,))):
        operation["responses"][str(status)] = _problem(status)
    if method == "get":
        operation["responses"]["304"] = {"description": _SENS[304]}
    operation["responses"] = {
        str(k): v for k, v in sorted(operation["responses"].items(), key=lambda i: int(i[0]))
    }
    parameters = operation.setdefault("parameters", [])
    if method == "post":
        parameters.append(dict(_REJEU))
    if name in _CORPS:
        operation["requestBody"] = {"required": True, "content": copy.deepcopy(_CORPS[name])}
        parameters.append(dict(_CONDENSE))
    if name == "lire_retour":
        operation["responses"]["200"]["content"] = {"application/zip": {"schema": _BINAIRE}}
        operation["responses"]["503"] = _problem(503)
    if name == "lire_rapport":
        operation["responses"]["200"]["content"]["text/csv"] = {"schema": {"type": "string"}}
    operation["x-palier-geste"] = str(gesture)


def _bare(node: Any) -> None:
    """Drop the titles that pydantic makes of names."""
    if isinstance(node, dict):
        for held in node.get("properties", {}).values():
            if isinstance(held, dict):
                held.pop("title", None)
        for key, value in node.items():
            if key == "schema" and isinstance(value, dict):
                value.pop("title", None)
            _bare(value)
    elif isinstance(node, list):
        for value in node:
            _bare(value)


@cache
def _french() -> dict[str, Any]:
    found: dict[str, Any] = copy.deepcopy(dict(api.get_openapi_schema(path_prefix="api/v1/")))
    gestures = {op.operation_id: op.view_func.palier_access for _path, op in operations()}
    for path in found["paths"].values():
        for method, operation in list(path.items()):
            path[method] = operation = copy.deepcopy(operation)
            _complete(operation, method, gestures[operation["operationId"]])
    schema = ProblemeVu.model_json_schema(ref_template="#/components/schemas/{model}")
    found["components"]["schemas"] |= schema.pop("$defs", {})
    found["components"]["schemas"]["ProblemeVu"] = schema
    found["components"]["securitySchemes"]["Bearer"]["description"] = _(
        "La clé faite par l’administrateur de l’agence, dans Réglages, Clés d’API."
    )
    found["servers"] = [{"url": "/"}]
    _bare(found)
    for name, model in found["components"]["schemas"].items():
        model["title"] = name
        model.pop("description", None)
    return found


def _translated(node: Any, key: str = "") -> Any:
    if isinstance(node, dict):
        return {name: _translated(value, name) for name, value in node.items()}
    if isinstance(node, list):
        return [_t(value) if key == "tags" else _translated(value) for value in node]
    return _t(node) if key in {"description", "summary", "title"} and isinstance(node, str) and node else node


@cache
def specification(language: str) -> dict[str, Any]:
    """Return the specification in a language, fr or en."""
    with translation.override(language):
        found: dict[str, Any] = _translated(_french())
    return found
