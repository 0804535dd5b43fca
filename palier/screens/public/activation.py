"""``/activer``: from a letter to a space. One question a screen; the code is proved at each step, used up at the last."""

import time
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.acces.activation import confirm_activation, owner_of, read_token, resend_link, start_activation
from palier.acces.models import Activation
from palier.acces.rattachement import attach, held_names, is_divergent
from palier.acces.verification import CodeProuve, reread, verify_code
from palier.accounts.models import Account
from palier.core.access import Gesture
from palier.core.errors import BusinessError, TooManyAttempts
from palier.core.net import client_network
from palier.core.screens import Screen
from palier.screens.public.forms import ActiverForm, CompteForm, EmailForm, MotDePasseForm, RattacherForm
from palier.vie_privee.queries import text_in_force

_CODE, _ACTIVATION = "activation_code", "activation_id"
_VISITE_SECONDS = 1800  # how long a proved code is remembered by this browser's session


def langue() -> str:
    """Return the reader's language, « fr » or « en »."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def texts_in_force() -> list[UUID]:
    """Return the ids of the terms and of the policy that the page links to.

    Raises BusinessError while the portal has not published them: nobody accepts a text that does not exist.
    """
    found = [text_in_force(genre, langue()) for genre in ("cgu", "confidentialite")]
    if None in found:
        raise BusinessError(
            "textes_non_publies",
            _t(
                "Ce portail n’a pas encore publié ses conditions d’utilisation : aucun compte ne peut être créé."
            ),
            status=503,
        )
    return [texte.id for texte in found if texte is not None]


def space_url(espace_id: UUID | None) -> str:
    """Return the address of a space, or of the home of all spaces."""
    return reverse("espace:accueil", kwargs={"espace": espace_id}) if espace_id else reverse("mon_espace")


def sign_in(request: HttpRequest, account: Account, url: str) -> Any:
    """Sign a person in who has just proved his mailbox or his password; the session changes its id (S2)."""
    record_authentication(request, account, method="password")
    return perform_login(request, Login(user=account, email=account.email, redirect_url=url))


@dataclass(frozen=True, slots=True)
class Pending:
    """The code proved earlier in this visit."""

    agence_id: UUID
    code_id: UUID


def remember(request: HttpRequest, agence_id: UUID, code_id: UUID) -> None:
    """Keep a proved code in the session, on the server's side, for half an hour."""
    request.session[_CODE] = [str(agence_id), str(code_id), int(time.time())]


def pending(request: HttpRequest) -> Pending | None:
    """Return the code proved in this visit, if it was recently."""
    kept = request.session.get(_CODE)
    if not kept or time.time() - kept[2] > _VISITE_SECONDS:
        return None
    return Pending(UUID(kept[0]), UUID(kept[1]))


class Activer(Screen):
    """Step 1: the identifier and the code."""

    access = Gesture.PUBLIC_ONLY
    template: ClassVar[str] = "public/activer.html"
    titre = _("Saisissez votre code")

    def get(self, request: HttpRequest) -> HttpResponse:
        given = request.GET.get("i", "")[:40].replace("\x00", "")
        return self.render(form=ActiverForm(initial={"identifiant": given}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ActiverForm(request.POST)
        if not form.is_valid():
            return self.render(422, form=form)
        try:
            code = verify_code(
                self.actor,
                form.cleaned_data["identifiant"],
                form.cleaned_data["secret"],
                client_network(request),
            )
        except TooManyAttempts:
            raise
        except BusinessError as error:
            form.add_error(None, str(error))
            return self.render(error.status, form=form)
        remember(request, code.agence_id, code.code_id)
        return HttpResponseRedirect(
            reverse("activer_rattacher" if request.user.is_authenticated else "activer_compte")
        )


class CodeScreen(Screen):
    """A step that needs a proved code; without one, back to the first."""

    abstract_screen: ClassVar[bool] = True
    code: CodeProuve

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.kept = pending(request)
        if self.kept is None:
            return HttpResponseRedirect(reverse("activer"))
        return super().dispatch(request, *args, **kwargs)

    def prepare(self) -> None:
        assert self.kept is not None
        self.code = reread(self.actor, self.kept.agence_id, self.kept.code_id)


class ActiverCompte(CodeScreen):
    """Step 2: an address and a password. The answer is the same whether the address has an account (A1)."""

    access = Gesture.PUBLIC_ONLY
    template: ClassVar[str] = "public/activer_compte.html"
    titre = _("Créez votre compte")

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("activer_rattacher"))
        return self.render(form=CompteForm(), code=self.code)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CompteForm(request.POST, contexte=(self.code.agence_nom, self.code.titulaire))
        if not form.is_valid():
            return self.render(422, form=form, code=self.code)
        activation = start_activation(
            self.actor,
            self.code.agence_id,
            self.code.code_id,
            email=form.cleaned_data["email"],
            password=form.cleaned_data["password"],
            textes=texts_in_force(),
            langue=langue(),
        )
        request.session[_ACTIVATION] = str(activation.id)
        return HttpResponseRedirect(reverse("activer_verification"))


class ActiverVerification(Screen):
    """Step 3: open the mail. Send it again, or correct the address."""

    access = Gesture.PUBLIC_ONLY
    template: ClassVar[str] = "public/activer_verification.html"
    titre = _("Ouvrez le message que nous venons d’envoyer")

    def _activation(self) -> Activation | None:
        kept = self.request.session.get(_ACTIVATION)
        return Activation.objects.filter(id=UUID(kept)).first() if kept else None

    def get(self, request: HttpRequest) -> HttpResponse:
        activation = self._activation()
        if activation is None:
            return HttpResponseRedirect(reverse("activer"))
        return self.render(activation=activation, form=EmailForm(initial={"email": activation.email}))

    def post(self, request: HttpRequest) -> HttpResponse:
        activation = self._activation()
        if activation is None:
            return HttpResponseRedirect(reverse("activer"))
        form = EmailForm(request.POST)
        if "renvoyer" in request.POST:
            resend_link(self.actor, activation.id)
            self.say(_t("Le message est reparti. Il peut mettre quelques minutes ; pensez aux indésirables."))
        elif form.is_valid():
            resend_link(self.actor, activation.id, email=form.cleaned_data["email"])
            self.say(_t("L’adresse est corrigée et le message est parti. Le lien précédent ne vaut plus."))
        else:
            return self.render(422, activation=activation, form=form)
        return HttpResponseRedirect(reverse("activer_verification"))


class ActiverConfirmer(Screen):
    """The link of the mail. Reading it changes nothing: mail robots open links (C2)."""

    access = Gesture.PUBLIC_ONLY
    template: ClassVar[str] = "public/activer_confirmer.html"
    titre = _("Confirmez votre adresse")

    def prepare(self) -> None:
        self.activation = read_token(self.kwargs["jeton"])
        self.code = reread(self.actor, self.activation.agence_id, self.activation.code_id)
        self.same_browser = self.request.session.get(_ACTIVATION) == str(self.activation.id)
        self.owner = owner_of(self.activation.email)

    def get(self, request: HttpRequest, jeton: str) -> HttpResponse:
        user = request.user
        if self.owner is not None and user.is_authenticated and user.pk == self.owner.pk:
            # The mailbox is his, the session is his: what remains is to look at the access and say yes.
            remember(request, self.activation.agence_id, self.activation.code_id)
            return HttpResponseRedirect(reverse("activer_rattacher"))
        return self._page(MotDePasseForm())

    def _page(self, form: MotDePasseForm, status: int = 200) -> HttpResponse:
        other = self.request.user.is_authenticated
        if other:
            self.page.titre = _t("Vous êtes connecté avec un autre compte")
        elif self.owner is not None:
            self.page.titre = _t("Vous avez déjà un compte")
        return self.render(
            status,
            form=form,
            code=self.code,
            activation=self.activation,
            same_browser=self.same_browser,
            existant=self.owner is not None,
            autre=other,
        )

    def post(self, request: HttpRequest, jeton: str) -> Any:
        form = MotDePasseForm(request.POST)
        if request.user.is_authenticated or self.owner is not None:
            return self._page(MotDePasseForm(), 409)
        if not self.same_browser and not form.is_valid():
            return self._page(form, 422)
        try:
            opened = confirm_activation(
                self.actor, jeton, same_browser=self.same_browser, password=request.POST.get("password", "")
            )
        except BusinessError as error:
            if error.code != "mot_de_passe_faux":
                raise
            form.add_error("password", str(error))
            return self._page(form, error.status)
        for key in (_CODE, _ACTIVATION):
            request.session.pop(key, None)
        self.say(
            _t("Bienvenue. Votre compte est ouvert, et l’accès de %(agence)s y est rattaché.")
            % {"agence": self.code.agence_nom}
        )
        return sign_in(request, opened.account, space_url(opened.espace_id))


class ActiverRattacher(CodeScreen):
    """A signed-in person adds an access to his account; the names are shown, and a difference must be confirmed (K5)."""

    access = Gesture.ACCES_ATTACH
    template: ClassVar[str] = "public/activer_rattacher.html"
    titre = _("Rattachez cet accès à votre compte")

    def _page(self, form: RattacherForm, status: int = 200) -> HttpResponse:
        return self.render(
            status,
            form=form,
            code=self.code,
            divergent=is_divergent(self.actor, self.code.titulaire_nom),
            noms=held_names(self.actor),
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(RattacherForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RattacherForm(request.POST)
        form.is_valid()
        try:
            space = attach(
                self.actor,
                self.code.agence_id,
                self.code.code_id,
                confirmed=bool(form.cleaned_data.get("confirme")),
            )
        except BusinessError as error:
            if error.code != "nom_different":
                raise
            form.add_error("confirme", str(error))
            return self._page(form, error.status)
        for key in (_CODE, _ACTIVATION):
            request.session.pop(key, None)
        self.say(_t("L’accès de %(agence)s est rattaché à votre compte.") % {"agence": self.code.agence_nom})
        return HttpResponseRedirect(space_url(space))
