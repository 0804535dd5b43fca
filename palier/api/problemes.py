"""Refusals as RFC 9457 says: application/problem+json, with a code that does not change and a sentence that helps."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

MIME = "application/problem+json"

TITRES = {
    400: _("Demande incomprise"),
    401: _("Clé absente ou refusée"),
    403: _("Accès refusé"),
    404: _("Introuvable"),
    405: _("Verbe refusé"),
    406: _("Format de réponse indisponible"),
    409: _("Impossible dans cet état"),
    411: _("Longueur manquante"),
    413: _("Envoi trop volumineux"),
    415: _("Format d’envoi refusé"),
    422: _("Contenu refusé"),
    429: _("Trop de demandes"),
    500: _("Un incident de notre côté"),
    503: _("Indisponible pour l’instant"),
}


class Probleme(Exception):
    """A refusal of the API. ``erreurs``: one object by fault, when there are several."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: Any,
        *,
        erreurs: Sequence[dict[str, Any]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail
        self.erreurs, self.headers = list(erreurs), headers or {}


def answer(request: HttpRequest, probleme: Probleme) -> HttpResponse:
    """Return the problem as an answer, in the language of the request."""
    content: dict[str, Any] = {
        "type": f"/api/v1/docs#{probleme.code}",
        "title": str(TITRES.get(probleme.status, TITRES[400])),
        "status": probleme.status,
        "detail": str(probleme.detail),
        "instance": request.path,
        "code": probleme.code,
        "requete": getattr(request, "palier_requete", ""),
    }
    if probleme.erreurs:
        content["erreurs"] = probleme.erreurs
    text = json.dumps(content, ensure_ascii=False, default=str)
    return HttpResponse(text, status=probleme.status, content_type=MIME, headers=probleme.headers)


def of_status(status: int, headers: dict[str, str] | None = None) -> Probleme:
    """Return the problem of an answer that something before or around the operations gave."""
    known: dict[int, tuple[str, str]] = {
        400: ("demande_incomprise", _t("L’adresse ou les en-têtes de la demande ne se lisent pas.")),
        401: ("cle_refusee", _t("Donnez une clé d’API valable : Authorization: Bearer palier_…")),
        403: ("acces_refuse", _t("Cette clé ne permet pas cette opération.")),
        404: ("introuvable", _t("Rien à cette adresse pour cette clé.")),
        405: ("verbe_refuse", _t("Cette adresse n’accepte pas ce verbe : voir l’en-tête Allow.")),
        413: ("trop_volumineux", _t("Cet envoi dépasse la taille admise.")),
        429: ("trop_de_demandes", _t("Trop de demandes en peu de temps : attendez la durée de Retry-After.")),
    }
    default = (
        "incident",
        _t("Palier n’a pas pu répondre. Rien n’est perdu : réessayez dans quelques minutes."),
    )
    code, detail = known.get(status, default)
    return Probleme(status if status in TITRES else 500, code, detail, headers=headers)


__all__ = ["MIME", "TITRES", "Probleme", "answer", "of_status"]
