"""``/etat``: how the portal is doing. No count, no address, no version: what a person needs to know."""

from typing import ClassVar

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.screens import Screen
from palier.screens.public.activation import langue
from palier.vie_privee.incidents.queries import public_status

_RETARD_S = 300


class Etat(Screen):
    """The public status page."""

    access = Gesture.PUBLIC
    template: ClassVar[str] = "public/etat.html"
    titre = _("État du service")

    def get(self, request: HttpRequest) -> HttpResponse:
        present, past = public_status()
        with connection.cursor() as cursor:
            cursor.execute(
                "select coalesce(max(le) > now() - make_interval(secs => %s), false) from core_battement",
                [_RETARD_S],
            )
            beats = bool(cursor.fetchone()[0])
        return self.render(en_cours=present, passes=past, bat=beats, langue=langue())
