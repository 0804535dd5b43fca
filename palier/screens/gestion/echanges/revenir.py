"""``/g/<agence>/imports/<import>/revenir``: take back what an import put on line, seen before it is done."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from palier.core.access import Gesture
from palier.core.errors import BusinessError
from palier.echanges.historique.annulation import cancel_import, find, preview_of
from palier.echanges.historique.enums import EtatAnnulation
from palier.echanges.models import Import
from palier.echanges.schemas import schemas
from palier.screens.gestion.base import Desk, uuid_or_none


class Revenir(Desk):
    """The preview (whole, or of the units that the address names), then the confirmed act."""

    access = Gesture.IMPORT_CANCEL
    template: ClassVar[str] = "gestion/echanges/revenir.html"
    titre = _("Revenir à l’état d’avant")
    actif: ClassVar[str] = "flux"
    importation: Import

    def prepare(self) -> None:
        super().prepare()
        self.importation = find(self.actor, self.kwargs["import_id"])
        self.page.titre = _t("Revenir à l’état d’avant « %(nom)s »") % {"nom": self.importation.nom_fichier}

    def get(self, request: HttpRequest, agence: str, import_id: UUID) -> HttpResponse:
        return self._show(_units(request.GET.getlist("unite")))

    def _show(self, wanted: tuple[UUID, ...] | None, status: int = 200, faute: str = "") -> HttpResponse:
        preview = preview_of(self.actor, self.importation, wanted)
        names = {unite.id: unite.nom for unite in preview.unites}
        return self.render(
            status,
            importation=self.importation,
            apercu=preview,
            lignes=[(schemas()[x.table].titre, names.get(x.unite_id, ""), x) for x in preview.lignes],
            sommes={
                name: sum(getattr(x, name) for x in preview.lignes)
                for name in ("retablies", "revenues", "archivees")
            },
            unites=sorted(((str(u.id), u.nom, u.annulee) for u in preview.unites), key=lambda u: u[1]),
            choisies=[str(u) for u in wanted or ()],
            faute=faute,
            restent=_staying(preview.restent),
        )

    def post(self, request: HttpRequest, agence: str, import_id: UUID) -> HttpResponse:
        wanted = _units(request.POST.getlist("unite"))
        if request.POST.get("compris") != "oui":
            return self._show(wanted, 422, _t("Cochez la case : ce qui est en ligne va changer."))
        try:
            done = cancel_import(self.actor, self.importation.id, wanted)
        except BusinessError as error:
            return self._show(wanted, error.status, str(error.message))
        if done.etat == EtatAnnulation.DEMANDEE:
            self.say(_t("L’annulation est en cours : elle porte sur beaucoup de lignes."))
        else:
            self.say(_told(done.bilan))
        return self.go("import", import_id=import_id)


def _staying(count: int) -> str:
    """The sentence of the rows of the whole agence that taking back some units leaves alone."""
    return ngettext(
        "%(n)d ligne de l’agence entière (personne, gestionnaire, établissement…) reste : elle sert aussi ailleurs, "
        "ou un autre import l’a changée depuis.",
        "%(n)d lignes de l’agence entière (personnes, gestionnaires, établissements…) restent : elles servent aussi "
        "ailleurs, ou un autre import les a changées depuis.",
        count,
    ) % {"n": count}


def _told(bilan: dict[str, Any]) -> str:
    total = sum(bilan[name] for name in ("retablies", "revenues", "archivees"))
    said = ngettext(
        "L’état d’avant est revenu : %(n)d ligne.", "L’état d’avant est revenu : %(n)d lignes.", total
    ) % {"n": total}
    return f"{said} {_staying(bilan['restent'])}" if bilan.get("restent") else said


def _units(texts: list[str]) -> tuple[UUID, ...] | None:
    """The units that a form names; None, every unit, when it names none."""
    found = tuple(unit for unit in map(uuid_or_none, texts) if unit is not None)
    return found or None
