"""Views of the shared flat."""

from django.http import HttpRequest, HttpResponse

from palier.core.access import Gesture
from palier.core.screens import Screen
from palier.screens.shared import styleguide


class Styleguide(Screen):
    """Every component with its states."""

    access = Gesture.PUBLIC
    template = "shared/styleguide.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        context = styleguide.context()
        self.page = context.pop("page")
        return self.render(**context)
