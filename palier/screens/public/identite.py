"""Sign-in, password, address, devices: allauth's views in our frame, at our addresses, with our gestures declared."""

from typing import Any, ClassVar

from allauth.account import views as allauth_views
from allauth.account.fields import PasswordField
from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.account.models import EmailAddress
from allauth.core.internal.httpkit import authenticated_user
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from palier.acces.actions_adresse import refresh_shared_email
from palier.accounts.forms import AdresseField
from palier.accounts.models import Account
from palier.accounts.sessions import end_others, live_sessions
from palier.core.access import Gesture
from palier.core.screens import Page, declare_foreign, error_pages
from palier.core.tenancy import enter
from palier.courrier.allauth_mails import request_reset, site_link
from palier.courrier.envois import send_later
from palier.courrier.faits import moment


class Cadre:
    """Gives allauth's views what our frame needs."""

    titre: ClassVar[Any] = ""
    actif: ClassVar[str] = "compte"
    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        page = Page(str(self.titre), self.actif)
        page.account = self.request.user if self.request.user.is_authenticated else None
        page.messages = [(m.level_tag, str(m)) for m in messages.get_messages(self.request)]
        return {**context, "page": page}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        form = context.get("form")
        if form is not None and form.is_bound and form.errors:
            kwargs.setdefault("status", 422)
        response: Any = super().render_to_response(context, **kwargs)  # type: ignore[misc]
        response["Cache-Control"] = "private, no-store"
        response["Vary"] = "Cookie"
        return response


class ConnexionForm(LoginForm):  # type: ignore[misc]
    """allauth's form, without the help that our page words itself: it would look for a template at each sign-in."""

    password = PasswordField(autocomplete="current-password")

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        # allauth says so once the session is open: said before, it is written in the session's one statement.
        request.session.set_expiry(0)
        response: HttpResponse = super().login(request, redirect_url)
        return response


class Connexion(Cadre, allauth_views.LoginView):  # type: ignore[misc]
    titre = _("Connexion")
    form_class = ConnexionForm


class Deconnexion(Cadre, allauth_views.LogoutView):  # type: ignore[misc]
    """Ends the session on the server, and asks the browser to forget all that it kept of it (S4)."""

    titre = _("Se déconnecter")

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        key = self.request.session.session_key
        response: HttpResponse = super().post(*args, **kwargs)
        UserSession.objects.filter(session_key=key or "").delete()
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


class Inactif(Cadre, allauth_views.AccountInactiveView):  # type: ignore[misc]
    titre = _("Compte fermé")


class VerificationEnvoyee(Cadre, allauth_views.EmailVerificationSentView):  # type: ignore[misc]
    titre = _("Un message est parti vers votre nouvelle adresse")


# --- Password ----------------------------------------------------------------------------------------------------


class OubliForm(ResetPasswordForm):  # type: ignore[misc]
    """Looks nobody up: the worker does, so that known and unknown addresses cost the same (A1)."""

    def clean_email(self) -> str:
        return str(AdresseField().clean(self.cleaned_data["email"]))

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email = str(self.cleaned_data["email"])
        request_reset(email)
        return email


class MotDePasseOublie(Cadre, allauth_views.PasswordResetView):  # type: ignore[misc]
    titre = _("Mot de passe oublié")
    form_class = OubliForm


class MotDePasseEnvoye(Cadre, allauth_views.PasswordResetDoneView):  # type: ignore[misc]
    titre = _("Ouvrez votre messagerie")


class UneFois:
    """One field is enough: it can be shown in clear, pasted, and mended by a reset."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)  # type: ignore[attr-defined]


class NouveauForm(UneFois, ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ChangementForm(UneFois, ChangePasswordForm):  # type: ignore[misc]
    pass


def end_sessions(user: Any, keep: str = "") -> None:
    """End every session of a person but ``keep``, and any change of address that waits (S5, A7)."""
    end_others(user.pk, keep)
    EmailAddress.objects.filter(user=user, verified=False).delete()


class MotDePasseNouveau(Cadre, allauth_views.PasswordResetFromKeyView):  # type: ignore[misc]
    titre = _("Choisissez un nouveau mot de passe")
    form_class = NouveauForm

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        end_sessions(self.reset_user)
        return response

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        if context.get("token_fail"):
            kwargs["status"] = 410
        return super().render_to_response(context, **kwargs)


class MotDePasseFait(Cadre, allauth_views.PasswordResetFromKeyDoneView):  # type: ignore[misc]
    titre = _("Votre mot de passe est changé")


class MotDePasseChange(Cadre, allauth_views.PasswordChangeView):  # type: ignore[misc]
    titre = _("Changer de mot de passe")
    form_class = ChangementForm

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        end_sessions(self.request.user, self.request.session.session_key or "")
        return response


# --- Address -----------------------------------------------------------------------------------------------------


class AdresseForm(AddEmailForm):  # type: ignore[misc]
    """allauth's form, with our field: a letter of another alphabet would be refused by every later page (K7)."""

    email = AdresseField()


class Adresse(Cadre, allauth_views.EmailView):  # type: ignore[misc]
    """Asks for a new address: it takes effect once its mailbox is proved; the present one is told at once (A7)."""

    titre = _("Changer d’adresse e-mail")
    form_class = AdresseForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "annuler" in request.POST:
            EmailAddress.objects.filter(user=request.user, verified=False).delete()
            return HttpResponseRedirect(reverse("account_email"))
        return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # What waits is shown whichever session asked: the owner of a hijacked one cancels from his own device (A7).
        # An address that belongs to another account waits in the table like any other: the page looks the same (A1).
        waiting = EmailAddress.objects.get_new(authenticated_user(self.request))
        return {**super().get_context_data(**kwargs), "demandee": waiting.email if waiting else ""}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        account = authenticated_user(self.request)
        send_later(
            "adresse_demandee",
            to=account.email,
            account_id=account.pk,
            langue=account.langue,
            quand=moment(account.langue),
            lien=site_link("account_email"),
        )
        return response


class AdresseConfirmer(Cadre, allauth_views.ConfirmEmailView):  # type: ignore[misc]
    """The link sent to the new mailbox: reading changes nothing, the button does."""

    titre = _("Confirmez votre nouvelle adresse")

    def logout_other_user(self, confirmation: Any) -> None:
        """allauth would sign the reader out on a mere GET; nothing here shows another account's data."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().post(*args, **kwargs)
            confirmed = self.object.email_address
            if confirmed.verified and confirmed.primary:
                account = Account.objects.get(pk=confirmed.user_id)
                refresh_shared_email(enter(account.pk), account)
        return response


class Reauthentification(Cadre, allauth_views.ReauthenticateView):  # type: ignore[misc]
    titre = _("Saisissez de nouveau votre mot de passe")


# --- Devices -----------------------------------------------------------------------------------------------------


class Sessions(Cadre, TemplateView):
    """The devices signed in; end one, or all the others. Somebody else's session does not exist (S6)."""

    titre = _("Mes appareils")
    template_name = "usersessions/usersession_list.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.POST.get("fin", "")
        if not wanted:
            end_others(authenticated_user(request).pk, request.session.session_key or "")
            return HttpResponseRedirect(reverse("usersessions_list"))
        session = (
            UserSession.objects.filter(user=request.user, pk=int(wanted)).first()
            if wanted.isdecimal() and len(wanted) < 20
            else None
        )
        if session is None:
            return error_pages().not_found(request)
        session.end()
        return HttpResponseRedirect(reverse("usersessions_list"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = live_sessions(authenticated_user(self.request).pk)
        return {
            **super().get_context_data(**kwargs),
            "appareils": [(one, device_words(one.user_agent)) for one in found],
            "session_count": len(found),
        }


def device_words(user_agent: str) -> str:
    """Return « Firefox, Windows »: the names that a person knows, nothing finer."""
    browsers = (
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
               ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip
    browser = next((words for mark, words in browsers if mark in user_agent), "")
    system = next((words for mark, words in systems if mark in user_agent), "")
    return ", ".join(word for word in (browser, system) if word)


_PUBLIQUES = (
    Connexion, Deconnexion, Inactif, VerificationEnvoyee, MotDePasseOublie, MotDePasseEnvoye, MotDePasseNouveau,
    MotDePasseFait, AdresseConfirmer,
)  # fmt: skip
for _view in _PUBLIQUES:
    declare_foreign(f"{__name__}.{_view.__name__}", Gesture.PUBLIC_ONLY)
for _signed_in in (MotDePasseChange, Adresse, Reauthentification, Sessions):
    declare_foreign(f"{__name__}.{_signed_in.__name__}", Gesture.ACCOUNT)
