"""Idempotency-Key: a request sent twice is served once, for a day."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from palier.api.identite import Machine
from palier.api.models import RequeteRejouable
from palier.api.problemes import Probleme
from palier.core.action import writing
from palier.core.dates import now
from palier.core.ids import new_id

DUREE = timedelta(hours=24)
#: A request still unanswered after this died with its process.
MORTE = timedelta(minutes=15)
LONGUEUR = 255


@dataclass
class Memo:
    """What is remembered of one key: the row, and whether it is this request that serves it."""

    machine: Machine
    row: RequeteRejouable
    ours: bool

    def replay(self, empreinte: str) -> HttpResponse:
        """Return the answer that the same request had. Raises Probleme 422 when it is another request."""
        if self.row.empreinte != empreinte:
            raise Probleme(
                422,
                "idempotence_autre_demande",
                _("Cette Idempotency-Key a déjà servi pour une autre demande : prenez-en une nouvelle."),
            )
        headers = {"Idempotent-Replayed": "true"}
        if self.row.adresse:
            headers["Location"] = self.row.adresse
        return HttpResponse(
            json.dumps(self.row.reponse, ensure_ascii=False),
            status=self.row.statut or 200,
            content_type="application/json; charset=utf-8",
            headers=headers,
        )

    def keep(self, empreinte: str, response: HttpResponse) -> None:
        """Remember the answer, in the transaction of what it announces."""
        self.row.empreinte, self.row.statut = empreinte, response.status_code
        self.row.reponse, self.row.adresse = json.loads(response.content), response.get("Location", "")
        with writing("idempotence"):
            self.row.save(update_fields=["empreinte", "statut", "reponse", "adresse"])

    def forget(self) -> None:
        """Let a refused request be corrected and sent again under the same key."""
        with self.machine.opened() as actor, writing("idempotence"):
            rows = RequeteRejouable.objects.visible_to(actor)
            rows.filter(agence_id=actor.agence_id, id=self.row.id, statut__isnull=True).delete()


def fingerprint(request: HttpRequest, body_sha256: str) -> str:
    """Return the digest of a request: verb, address, kind of content, content."""
    parts = (request.method or "", request.get_full_path(), request.content_type or "", body_sha256)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def begin(machine: Machine, request: HttpRequest) -> Memo | None:
    """Take the request's key, if it has one. Raises Probleme 409 while the same key is being served."""
    value = request.headers.get("Idempotency-Key")
    if value is None:
        return None
    if not 1 <= len(value) <= LONGUEUR or not value.isprintable():
        raise Probleme(
            422, "idempotence_mal_formee", _("Idempotency-Key prend de 1 à 255 caractères imprimables.")
        )
    kept = hashlib.sha256(value.encode()).hexdigest()
    with machine.opened() as actor, writing("idempotence"):
        rows = RequeteRejouable.objects.visible_to(actor).filter(
            agence_id=actor.agence_id, cle_id=machine.cle_id, valeur=kept
        )
        rows.filter(recue_le__lt=now() - DUREE).delete()
        rows.filter(recue_le__lt=now() - MORTE, statut__isnull=True).delete()
        number = new_id()
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into api_requeterejouable (agence_id, id, cle_id, valeur, empreinte, reponse, adresse,"
                " recue_le) values (%s, %s, %s, %s, '', '{}', '', %s) on conflict do nothing",
                [actor.agence_id, number, machine.cle_id, kept, now()],
            )
        row: Any = rows.get()
    if row.id != number and row.statut is None:
        raise Probleme(
            409,
            "idempotence_en_cours",
            _("La même demande est en cours : attendez sa réponse, ou reprenez dans un instant."),
            headers={"Retry-After": "5"},
        )
    return Memo(machine, row, row.id == number)
