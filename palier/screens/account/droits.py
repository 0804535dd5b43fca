"""``/mon-compte/donnees``: one door for each right, the requests and their answers, restriction and objection."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.agences.models import Agence
from palier.core.access import Gesture
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.screens import Screen
from palier.core.streaming import file_response
from palier.core.vault import DamagedFile
from palier.screens.shared.bases import espaces_of
from palier.screens.shared.forms_droits import DemandeForm
from palier.vie_privee.droits_personnes.demandes import ask, own_request, send_identity, withdraw
from palier.vie_privee.droits_personnes.fichiers import Demande, Envoye, demande_key
from palier.vie_privee.droits_personnes.limitation import active_for_person, lift_own, set_restriction
from palier.vie_privee.droits_personnes.queries import own_requests
from palier.vie_privee.enums import DroitDemande, GenreLimitation, MotifLimitation
from palier.vie_privee.models import DemandeAgence
from palier.vie_privee.rules.droits import PIECE_OCTETS


class DroitsPage(Screen):
    """A page about the person's own data."""

    abstract_screen: ClassVar[bool] = True
    actif: ClassVar[str] = "compte"

    def prepare(self) -> None:
        if self.actor.account_id is None:
            raise Invisible
        self.page.espaces = espaces_of(self.actor)

    @property
    def agences(self) -> dict[UUID, str]:
        """The agences where the person holds an accès, by name."""
        held = {e.agence_id: e.agence_nom for e in self.page.espaces}
        missing = {a.agence_id for a in self.actor.acces} - set(held)
        if missing:
            held |= dict(Agence.objects.filter(id__in=missing).order_by("nom").values_list("id", "nom"))
        return dict(sorted(held.items(), key=lambda item: item[1]))


class MesDroits(DroitsPage):
    """The hub: plain words, one door for each right."""

    access = Gesture.DROITS_EXERCER
    template: ClassVar[str] = "account/droits.html"
    titre = _("Mes données et mes droits")

    def get(self, request: HttpRequest) -> HttpResponse:
        seen: dict[UUID, str] = {}
        for espace in self.page.espaces:
            seen.setdefault(espace.acces_id, espace.agence_nom)
        return self.render(acces=list(seen.items()), exploitant=settings.EXPLOITANT)


class MesDemandes(DroitsPage):
    """The requests, and a new one."""

    access = Gesture.DROITS_EXERCER
    template: ClassVar[str] = "account/demandes.html"
    titre = _("Mes demandes")

    def _form(self, data: Any = None, initial: Any = None) -> DemandeForm:
        choices = [(str(pk), nom) for pk, nom in self.agences.items()]
        choices.append(("compte", _t("L’exploitant du portail, pour mon compte")))
        return DemandeForm(data, initial=initial, destinataires=choices)

    def get(self, request: HttpRequest) -> HttpResponse:
        droit = request.GET.get("droit", "")
        everyone = [*map(str, self.agences), "compte"]
        return self._show(self._form(initial={"droit": droit, "a": everyone}), droit in DroitDemande.values)

    def _show(self, form: DemandeForm, ouvert: bool, faute: str = "", status: int = 200) -> HttpResponse:
        return self.render(
            status, form=form, faute=faute, ouvert=ouvert or bool(faute), demandes=own_requests(self.actor),
            pris=form["a"].value() or [],
        )  # fmt: skip

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, True, status=422)
        data = form.cleaned_data
        try:
            ask(
                self.actor, data["droit"], data["message"], [UUID(a) for a in data["a"] if a != "compte"],
                compte="compte" in data["a"],
            )  # fmt: skip
        except BusinessError as error:
            return self._show(form, True, str(error), error.status)
        self.say(_t("Votre demande est reçue ; un e-mail vous le confirme."))
        return HttpResponseRedirect(reverse("mes_demandes"))


class MaDemande(DroitsPage):
    """One request: its clock, what is asked of the person, the answer."""

    access = Gesture.DROITS_EXERCER
    template: ClassVar[str] = "account/demande.html"
    titre = _("Ma demande")

    def get(self, request: HttpRequest, demande: UUID) -> HttpResponse:
        return self._show(own_request(self.actor, demande))

    def _show(self, row: Demande, faute: str = "", status: int = 200) -> HttpResponse:
        self.page.titre = str(row.get_droit_display())
        qui = (
            Agence.objects.get(id=row.agence_id).nom
            if isinstance(row, DemandeAgence)
            else settings.EXPLOITANT["nom"]
        )
        pieces = [(p, reverse("ma_demande_piece", args=[row.id, p["id"]])) for p in row.pieces]
        return self.render(status, demande=row, qui=qui, faute=faute, pieces=pieces)

    def post(self, request: HttpRequest, demande: UUID) -> HttpResponse:
        row = own_request(self.actor, demande)
        try:
            if "annuler" in request.POST:
                withdraw(self.actor, row.id)
                self.say(_t("Votre demande est retirée."))
            else:
                send_identity(self.actor, row.id, sent(request, "fichier"))
                self.say(_t("La preuve est reçue : elle sera effacée dès qu’elle est vérifiée."))
        except BusinessError as error:
            return self._show(row, str(error), error.status)
        return HttpResponseRedirect(reverse("ma_demande", args=[row.id]))


def sent(request: HttpRequest, name: str) -> Envoye:
    """Return the file of a form; an absent one is empty."""
    file = request.FILES.get(name)
    return Envoye(file.name or "fichier", file.read(PIECE_OCTETS + 1)) if file else Envoye("", b"")


def piece_response(request: HttpRequest, key_of: Any, row: Demande, kept: dict[str, Any]) -> HttpResponseBase:
    """Answer with a file of a request; say plainly when the vault no longer holds it whole."""
    try:
        return file_response(
            request, demande_key(key_of, row), kept["adresse"], kept["octets"], name=kept["nom"], mime=kept["mime"],
            etag=kept["sha256"],
        )  # fmt: skip
    except DamagedFile:
        message = _t("Ce fichier est abîmé dans notre stockage : il n’est pas servi. Demandez-le à nouveau.")
        raise BusinessError("fichier_abime", message, status=409) from None


def piece_of(row: Demande, piece: str) -> dict[str, Any]:
    """Return an attached file of a request. Raises Invisible."""
    found = next((p for p in row.pieces if p["id"] == piece), None)
    if found is None:
        raise Invisible
    result: dict[str, Any] = found
    return result


class DemandePiece(DroitsPage):
    """A file of the answer."""

    access = Gesture.DROITS_EXERCER

    def get(self, request: HttpRequest, demande: UUID, piece: str) -> HttpResponseBase:
        row = own_request(self.actor, demande)
        return piece_response(request, self.actor, row, piece_of(row, piece))


class DroitsLimites(DroitsPage):
    """Restrict or object, for the account or for one agence; lift it."""

    access = Gesture.DROITS_EXERCER
    template: ClassVar[str] = "account/limites.html"
    titre = _("Limiter ou m’opposer")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show()

    def _show(self, faute: str = "", status: int = 200) -> HttpResponse:
        names = self.agences
        account, held = active_for_person(self.actor)
        by_acces = {a.id: names.get(a.agence_id, "") for a in self.actor.acces}
        running: list[tuple[Any, str]] = [(row, _t("Mon compte Palier")) for row in account]
        running += [(row, by_acces[row.acces_id]) for row in held]
        motifs = [(m, label) for m, label in MotifLimitation.choices if m != MotifLimitation.SITUATION]
        return self.render(
            status, faute=faute, courantes=running, motifs=motifs, maintenant=now(),
            cibles=[*((str(a), nom) for a, nom in by_acces.items()), ("compte", _t("Mon compte Palier"))],
            saisie=self.request.POST,
        )  # fmt: skip

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            if "lever" in request.POST:
                lift_own(self.actor, _uuid(request.POST["lever"]))
                self.say(_t("C’est levé : tout reprend comme avant."))
            else:
                cible, genre = request.POST.get("cible", ""), request.POST.get("genre", "")
                motif = (
                    MotifLimitation.SITUATION.value
                    if genre == GenreLimitation.OPPOSITION
                    else request.POST.get("motif", "")
                )
                set_restriction(self.actor, None if cible == "compte" else _uuid(cible), genre, motif)
                self.say(_t("C’est en vigueur dès maintenant. Un e-mail vous le confirme."))
        except BusinessError as error:
            return self._show(str(error), error.status)
        return HttpResponseRedirect(reverse("droits_limites"))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invisible from None
