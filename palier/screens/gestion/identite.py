"""``/g/<agence>/reglages/identite`` and ``/reglages/contacts``: how the agence shows itself to its clients."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.agences import actions_identite as actions
from palier.agences.forms import ExpediteurForm, PointContactForm
from palier.agences.logo import MAX_OCTETS
from palier.agences.models import PointContact
from palier.core.access import Gesture
from palier.core.errors import BusinessError, Invisible
from palier.screens.gestion.base import Desk
from palier.screens.gestion.queries.habilitations import all_units


class Identite(Desk):
    """The logo, and the name that the mails bear."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/identite.html"
    titre = _("Logo et nom d’expéditeur")
    actif: ClassVar[str] = "reglages"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self._show(ExpediteurForm(initial={"expediteur": self.agence.expediteur}))

    def _show(self, form: ExpediteurForm, faute: str = "", status: int = 200) -> HttpResponse:
        return self.render(status, form=form, faute=faute)

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        acte = request.POST.get("acte", "")
        form = ExpediteurForm(request.POST if acte == "expediteur" else None)
        try:
            if acte == "retirer":
                actions.remove_logo(self.actor)
                self.say(_t("Le logo est retiré : le nom de l’agence le remplace."))
            elif acte == "logo":
                file = request.FILES.get("logo")
                if file is None:
                    raise BusinessError("logo_absent", _t("Choisissez une image sur votre appareil."))
                actions.set_logo(self.actor, file.read(MAX_OCTETS + 1))
                self.say(_t("Le logo est en place : sur vos pages, vos lettres et vos e-mails."))
            elif form.is_valid():
                actions.set_sender(self.actor, form.cleaned_data["expediteur"])
                self.say(_t("Le nom d’expéditeur est enregistré."))
            else:
                return self._show(form, status=422)
        except BusinessError as error:
            return self._show(form, str(error), error.status)
        return self.go("identite")


class Contacts(Desk):
    """The contact points, and the form that adds one."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/contacts.html"
    titre = _("Contacts montrés aux clients")
    actif: ClassVar[str] = "reglages"
    point: PointContact | None = None

    def prepare(self) -> None:
        super().prepare()
        self.unites = all_units(self.actor)
        rows = PointContact.objects.visible_to(self.actor).filter(agence_id=self.agence.id)
        self.points = list(rows.order_by("rang", "nom", "id"))
        wanted = self.kwargs.get("point")
        if wanted is not None:
            self.point = next((row for row in self.points if row.id == wanted), None)
            if self.point is None:
                raise Invisible

    def get(self, request: HttpRequest, agence: str, point: UUID | None = None) -> HttpResponse:
        return self._show(PointContactForm(self._initial(), unites=self.unites) if self.point else None)

    def _initial(self) -> dict[str, object]:
        assert self.point is not None
        names = ("nom", "fonction", "telephone", "email", "horaires")
        return {**{n: getattr(self.point, n) for n in names}, "unite": str(self.point.unite_id or "")}

    def _show(self, form: PointContactForm | None, faute: str = "", status: int = 200) -> HttpResponse:
        return self.render(
            status,
            form=form or PointContactForm(unites=self.unites),
            points=self.points,
            point=self.point,
            lieux={row.id: row.libelle for row in self.unites},
            faute=faute,
        )

    def post(self, request: HttpRequest, agence: str, point: UUID | None = None) -> HttpResponse:
        form = PointContactForm(request.POST, unites=self.unites)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            actions.save_point(self.actor, point, **form.facts())
        except BusinessError as error:
            return self._show(form, str(error), error.status)
        self.say(_t("Le contact est enregistré : vos clients le voient."))
        return self.go("contacts")


class ContactRetirer(Contacts):
    """Ask, then take a contact away."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/contact_retirer.html"
    titre = _("Retirer un contact")

    def post(self, request: HttpRequest, agence: str, point: UUID | None = None) -> HttpResponse:
        assert point is not None
        actions.remove_point(self.actor, point)
        self.say(_t("Le contact est retiré."))
        return self.go("contacts")
