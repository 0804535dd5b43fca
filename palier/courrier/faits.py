"""Words that several mails need about an agence or a moment."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from palier.agences.models import Agence
from palier.core.dates import date_longue, heure, now


def moment(langue: str) -> str:
    """Return « lundi 23 novembre 2026 à 14 h 05 », the present moment."""
    with translation.override(langue):
        present = now()
        return _("%(jour)s à %(heure)s") % {"jour": date_longue(present, langue), "heure": heure(present)}


def agence_faits(agence: Agence, langue: str = "fr") -> dict[str, Any]:
    """Return the agence's name, and « au 05 61 00 00 00 » with its leading space (empty when it has no telephone)."""
    with translation.override(langue):
        telephone = _(" au %(numero)s") % {"numero": agence.telephone} if agence.telephone else ""
    return {"agence": agence.nom, "telephone": telephone}
