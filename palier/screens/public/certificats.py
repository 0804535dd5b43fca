"""``/certificats``: is this certificate of erasure authentic? ``/certificats/<n°>``: its facts, its two files."""

import json
from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from palier.agences.models import CertificatEffacement
from palier.core.access import Gesture
from palier.core.errors import Invisible
from palier.core.net import client_network
from palier.core.screens import Screen
from palier.core.streaming import disposition
from palier.core.throttle import limit
from palier.vie_privee.effacement.certificat import Verdict, envelope, public_key, verify

MAX_OCTETS = 1024 * 1024


class Certificats(Screen):
    """Give a file, read what it is worth. Nothing of it is kept."""

    access = Gesture.PUBLIC
    template: ClassVar[str] = "public/certificats.html"
    titre = _("Vérifier un certificat d’effacement")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(verdict=None, cle=public_key(), manque=False)

    def post(self, request: HttpRequest) -> HttpResponse:
        limit("certificat", client_network(request), 30, 600, str(_("Trop d’essais : attendez dix minutes.")))
        file = request.FILES.get("fichier")
        if file is None or not file.size:
            return self.render(422, verdict=None, cle=public_key(), manque=True)
        verdict = Verdict(False, "illisible") if file.size > MAX_OCTETS else verify(file.read())
        return self.render(200 if verdict.bon else 422, verdict=verdict, cle=public_key(), manque=False)


class Certificat(Screen):
    """One certificate: no name is in it, its number is known of those it was handed to."""

    access = Gesture.PUBLIC
    template: ClassVar[str] = "public/certificat.html"
    titre = _("Certificat d’effacement")

    def get(self, request: HttpRequest, numero: UUID, forme: str = "") -> HttpResponse:
        row = CertificatEffacement.objects.filter(id=numero).first()
        if row is None or forme not in {"", "json", "pdf"}:
            raise Invisible
        if forme:
            content = envelope(row) if forme == "json" else bytes(row.pdf)
            response = HttpResponse(content, content_type=f"application/{forme}")
            response["Content-Disposition"] = disposition(f"certificat-{numero}.{forme}")
            return response
        verdict = verify(envelope(row))
        return self.render(numero=numero, faits=json.loads(row.contenu), bon=verdict.bon)


class CertificatFichier(Certificat):
    """Its JSON or its PDF."""

    access = Gesture.PUBLIC
