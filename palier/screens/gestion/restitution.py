"""``/g/<agence>/restitution``: take the agence's data back, during the contract and in the seven days after its end."""

from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.agences.cles import agence_key
from palier.agences.enums import RoleEquipe, StatutAgence
from palier.agences.models import Agence, FinContrat, Habilitation
from palier.core import dates
from palier.core.access import Gesture
from palier.core.actor import Actor, Role
from palier.core.errors import BusinessError, Invisible
from palier.core.streaming import file_response
from palier.core.tenancy import enter, open_actor
from palier.core.vault import DamagedFile
from palier.echanges.reversibilite.actions import record_download, request_handover
from palier.echanges.reversibilite.models import EtatRemise, GenreRemise, Remise
from palier.patrimoine.models import Copropriete
from palier.screens.gestion.base import Desk, uuid_or_none


def ended_actor(account_id: Any, slug: str) -> tuple[Agence, Actor] | None:
    """Return an administrator of an agence whose contract has ended: this one page is still open to him."""
    agence = Agence.objects.filter(slug=slug, statut=StatutAgence.TERMINEE).first()
    if agence is None:
        return None
    person = enter(account_id)
    held = Habilitation.objects.visible_to(person).filter(
        agence_id=agence.id, account_id=account_id, role=RoleEquipe.ADMINISTRATEUR, revoquee_le=None
    )
    if not held.exists():
        return None
    actor = Actor(role=Role.ADMINISTRATEUR, account_id=account_id, agences=(agence.id,))
    open_actor(actor)
    return agence, actor


class RestitutionBase(Desk):
    """Opens for the administrators, after the end of the contract too."""

    abstract_screen: ClassVar[bool] = True

    def open(self, request: HttpRequest, **kwargs: Any) -> Actor:
        try:
            return super().open(request, **kwargs)
        except Invisible:
            # The desk of an ended contract answers nobody; this one page still does, for its administrators.
            found = ended_actor(request.user.pk, kwargs["agence"]) if request.user.is_authenticated else None
            if found is None:
                raise
            self.agence = self.page.agence = found[0]
            return found[1]

    def prepare(self) -> None:
        super().prepare()
        if self.agence.statut == StatutAgence.TERMINEE:
            # Nothing else of the desk answers any more.
            self.page.portes = [
                ("confiance", _t("Reprendre vos données"), self.url("fin_de_contrat"), "telecharger")
            ]
        self.fin = FinContrat.objects.filter(agence_id=self.agence.id, annule_le=None).first()


class Restitution(RestitutionBase):
    """What can be taken back, and how long it still can."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/restitution.html"
    titre = _("Reprendre vos données")
    actif: ClassVar[str] = "confiance"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        rows = list(
            Remise.objects.visible_to(self.actor)
            .filter(agence_id=self.agence.id)
            .order_by("-demande_le", "id")
        )
        whole = next((r for r in rows if r.genre == GenreRemise.DOSSIER), None)
        archives = {r.copropriete_id: r for r in rows if r.genre == GenreRemise.COPROPRIETE}
        known = Copropriete.objects.visible_to(self.actor).filter(agence_id=self.agence.id, archive_le=None)
        coproprietes = [(c, archives.get(c.id)) for c in known.order_by("nom", "id")]
        left = (self.fin.efface_le - dates.today()).days if self.fin else None
        return self.render(fin=self.fin, jours=left, tout=whole, coproprietes=coproprietes)

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        text = request.POST.get("copropriete", "")
        wanted = uuid_or_none(text) if text else None
        if text and wanted is None:
            raise Invisible
        request_handover(self.actor, wanted)
        self.say(_t("Le fichier se prépare : il apparaît sur cette page dès qu’il est prêt."))
        return self.go("fin_de_contrat")


class RestitutionFichier(RestitutionBase):
    """The file itself, after the password was given again."""

    access = Gesture.AGENCE_SETTINGS

    def get(self, request: HttpRequest, agence: str, remise: UUID) -> HttpResponseBase:
        row = Remise.objects.visible_to(self.actor).filter(agence_id=self.agence.id, id=remise).first()
        if row is None or row.etat != EtatRemise.PRETE:
            raise Invisible
        if not did_recently_reauthenticate(request):
            query = urlencode({"next": self.url("fin_de_contrat")})
            return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")
        key = agence_key(self.actor, self.agence.id)
        try:
            response = file_response(
                request,
                key,
                row.adresse,
                row.octets,
                name=row.nom_fichier,
                mime="application/zip",
                etag=row.sha256,
            )
        except DamagedFile:
            raise BusinessError(
                "fichier_abime",
                _t("Ce fichier est abîmé dans notre stockage : demandez-le à nouveau."),
                status=503,
            ) from None
        record_download(self.actor, row)
        return response


__all__ = ["Restitution", "RestitutionFichier"]
