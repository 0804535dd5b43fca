"""How allauth behaves in Palier: no open sign-up, mails by the worker, our limits and our words."""

from importlib import import_module
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from palier.accounts import limites
from palier.core.errors import TooManyAttempts
from palier.core.net import client_ip

# The rooms above are reached by their name: this one stands below them.
_MAILS = "palier.courrier.allauth_mails"

_STAGES = {"allauth.account.stages.EmailVerificationStage": "palier.accounts.backend.AdresseVerifiee"}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Overrides of allauth's account adapter."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "L’adresse e-mail et le mot de passe ne vont pas ensemble. "
            "Vérifiez-les, ou choisissez « Mot de passe oublié »."
        ),
        "too_many_login_attempts": _("Trop d’essais : attendez quelques minutes avant de recommencer."),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_password": _("Ce n’est pas votre mot de passe."),
        "account_inactive": _("Ce compte est fermé. Appelez votre agence."),
        "duplicate_email": _("C’est déjà l’adresse de votre compte."),
        "max_email_addresses": _(
            "Un changement d’adresse est déjà en cours : confirmez-le ou annulez-le d’abord (%d)."
        ),
        "invalid_password_reset": _("Ce lien ne vaut plus : demandez-en un autre."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # an account is created by activating a code or accepting an invitation, nowhere else

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def is_safe_url(self, url: str) -> bool:
        """Only paths of ours (O1): neither another host, nor a scheme, nor what a browser would read as one."""
        if not url or not url.startswith("/") or "\\" in url or any(ord(c) < 33 for c in url):
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened; allauth's flash messages would say it twice, in other words."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        import_module(_MAILS).send_account_mail(template_prefix, email, context)

    def get_login_stages(self) -> list[str]:
        return [_STAGES.get(stage, stage) for stage in super().get_login_stages()]

    # --- Limits of attempts ------------------------------------------------------------------------------------

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            limites.before_sign_in(request, self._address(credentials))
        except TooManyAttempts:
            raise self.validation_error("too_many_login_attempts") from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user:
            limites.after_success(request, self._address(credentials))
        return user

    def _rollback_login_failed_rl_usage(self) -> None:
        """Our counters are given back in ``authenticate``."""

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """A reset clears no counter: they are short, and the new password is right at the first try."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Tell the owner, once a day, that passwords are being tried; the worker finds out who he is (A1)."""
        email = self._address(credentials)
        if limites.is_alert_due(email):
            import_module(_MAILS).warn_of_failures(email)

    @staticmethod
    def _address(credentials: dict[str, Any]) -> str:
        return str(credentials.get("email") or credentials.get("username") or "").strip().lower()

    # --- Where one goes ----------------------------------------------------------------------------------------

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/mon-compte"

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return "/mon-compte" if self.request.user.is_authenticated else "/connexion"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return "/connexion"
