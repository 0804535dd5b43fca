"""``/g/<agence>/contrat``: the agence and its processor: facts of the contract, instructions, providers, agreement."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.dates import today
from palier.core.errors import BusinessError, Invisible
from palier.core.traitements import Qualite
from palier.screens.exploitant.devoirs import register_response
from palier.screens.gestion.base import Desk
from palier.screens.shared.forms_devoirs import InstructionForm
from palier.vie_privee.devoirs.accord import agreement_pdf
from palier.vie_privee.devoirs.actions import (
    end_instruction,
    give_instruction,
    mark_obligations_read,
    object_to,
)
from palier.vie_privee.devoirs.queries import instructions, objections, obligations, sub_processors


class Contrat(Desk):
    """The facts, and what the agence decides about them."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/contrat.html"
    titre = _("Contrat et données")
    actif: ClassVar[str] = "confiance"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self._show(InstructionForm())

    def _show(self, form: InstructionForm, faute: str = "", status: int = 200) -> HttpResponse:
        found = obligations(self.actor, self.agence.id)
        if any(row.lue_le is None for row in found):
            mark_obligations_read(self.actor)
        return self.render(
            status, form=form, faute=faute, instructions=instructions(self.actor, self.agence.id),
            obligations=found, jour=today(),
        )  # fmt: skip

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        form = InstructionForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            give_instruction(self.actor, **form.cleaned_data)
        except BusinessError as error:
            return self._show(form, str(error), error.status)
        self.say(_t("L’instruction est inscrite, datée et transmise à l’exploitant."))
        return self.go("contrat")


class Prestataires(Desk):
    """The exploitant's providers, and the agence's objections."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/prestataires.html"
    titre = _("Prestataires de l’exploitant")
    actif: ClassVar[str] = "confiance"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self.render(prestataires=sub_processors(), oppositions=objections(self.actor), jour=today())


class InstructionFinir(Desk):
    """An instruction ends."""

    access = Gesture.AGENCE_SETTINGS

    def post(self, request: HttpRequest, agence: str, instruction: UUID) -> HttpResponse:
        end_instruction(self.actor, instruction)
        self.say(_t("L’instruction est terminée ; son texte reste au registre."))
        return self.go("contrat")


class SousTraitantOpposer(Desk):
    """The agence objects to a provider announced."""

    access = Gesture.AGENCE_SETTINGS

    def post(self, request: HttpRequest, agence: str, prestataire: UUID) -> HttpResponse:
        motif = request.POST.get("motif", "").strip()[:2000]
        if not motif:
            raise BusinessError("motif_absent", _t("Dites en quelques mots pourquoi vous vous opposez."))
        object_to(self.actor, prestataire, motif)
        self.say(_t("Votre opposition est transmise à l’exploitant."))
        return self.go("prestataires")


class Accord(Desk):
    """The agreement of art. 28, as things stand today."""

    access = Gesture.AGENCE_SETTINGS

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        pdf = agreement_pdf(self.agence, sub_processors(), instructions(self.actor, self.agence.id))
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="accord-article-28-{self.agence.slug}.pdf"'
        return response


class Registre(Desk):
    """What the exploitant processes for this agence: the base of its own register."""

    access = Gesture.AGENCE_SETTINGS

    def get(self, request: HttpRequest, agence: str, forme: str) -> HttpResponse:
        if forme not in {"csv", "pdf"}:
            raise Invisible
        return register_response(Qualite.SOUS_TRAITANT, forme, self.agence.nom, self.agence.slug)
