"""``/conservation``: how long each datum is kept, by whom, why, by which text; and the last run of each rule."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.screens import Screen
from palier.vie_privee.conservation.execution import EXECUTEURS, last_runs
from palier.vie_privee.conservation.regles import REGLES


class Conservation(Screen):
    """The public retention table."""

    access = Gesture.PUBLIC
    template: ClassVar[str] = "public/conservation.html"
    titre = _("Combien de temps les données sont gardées")

    def get(self, request: HttpRequest) -> HttpResponse:
        groups = [(who, [r for r in REGLES if r.responsable == who]) for who in ("exploitant", "agence")]
        return self.render(groupes=groups, executions=last_runs(), executes=EXECUTEURS)
