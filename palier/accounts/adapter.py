"""How allauth behaves in Palier: no open sign-up, mails by the worker, sessions that end at a password change."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from palier.core.net import client_ip


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Overrides of allauth's account adapter."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # an account is created by activating a code or accepting an invitation, nowhere else

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        from palier.courrier.allauth_mails import send_account_mail

        send_account_mail(template_prefix, email, context)
