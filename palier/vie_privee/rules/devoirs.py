"""Duties of a processor, as rules: where data may be, how long an agence has to object."""

from datetime import date, timedelta

#: European Economic Area: personal data move freely in it (RGPD, relevant for the EEA).
EEE = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI",
        "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip

#: Days between the announcement of a sub-processor and its start: time to object. No legal figure: ours (RGPD 28.2
#: asks that the controller be able to object, and says no delay).
PREAVIS_JOURS = 30


def is_transfert(pays: str) -> bool:
    """Tell whether data in this country (ISO 3166-1) are transferred outside the EEA (RGPD art. 44)."""
    return pays.upper() not in EEE


def premier_jour(annonce_le: date) -> date:
    """Return the first day on which a sub-processor announced that day may start."""
    return annonce_le + timedelta(days=PREAVIS_JOURS)
