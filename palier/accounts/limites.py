"""How many sign-ins may fail: by address and account together, by address, by account, overall (security.md A2 to A5).

The account alone has a wide limit: whoever knows an e-mail must not be able to lock its owner out from elsewhere. What
one address may try stays below it, and what a narrow limit refuses weighs on no wider one.
NIST SP 800-63B-4 allows at most 100 consecutive failures of one authenticator.
"""

import logging

from django.http import HttpRequest
from django.utils.translation import gettext as _

from palier.core.errors import TooManyAttempts
from palier.core.net import client_network
from palier.core.throttle import Stages, count, credit_all, limit_all

_log = logging.getLogger("palier.securite")

PAR_COUPLE = (6, 600)
PAR_ADRESSE = (20, 60)
PAR_COMPTE = (60, 3600)
EN_TOUT = (3000, 600)
ALERTE = 6  # failures of one account in an hour, from anywhere, after which its owner is told (once a day)


def _limits(request: HttpRequest, email: str) -> Stages:
    ip = client_network(request)
    return [
        [("connexion_couple", f"{email}|{ip}", *PAR_COUPLE), ("connexion_adresse", ip, *PAR_ADRESSE)],
        [("connexion_compte", email, *PAR_COMPTE)],
        [("connexion_tout", "", *EN_TOUT)],
    ]


def before_sign_in(request: HttpRequest, email: str) -> None:
    """Count an attempt before the password is looked at (parallel tries all count); raise ``TooManyAttempts``."""
    try:
        limit_all(
            _limits(request, email), _("Trop d’essais : attendez quelques minutes avant de recommencer.")
        )
    except TooManyAttempts:
        _log.warning("connexions : limite d'essais atteinte")
        raise


def after_success(request: HttpRequest, email: str) -> None:
    """Give the attempt back; earlier failures stay counted."""
    credit_all(_limits(request, email))


def is_alert_due(email: str) -> bool:
    """Count a failure; tell whether the owner of this address (if any) should hear of it now."""
    attempts, _left = count("connexion_echecs", email, 3600)
    if attempts != ALERTE:
        return False
    today, _left = count("connexion_alerte", email, 24 * 3600)
    return today == 1
