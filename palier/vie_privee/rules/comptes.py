"""How long an account lives without its owner, and how long a deletion can be undone."""

from datetime import timedelta

#: CNIL, 18 September 2025 (confidence H in domain/law.md, B7): deletion after two years without action is proportionate.
INACTIVITE = timedelta(days=730)
#: Ours: two warnings, this long before the end.
AVERTISSEMENTS = (timedelta(days=30), timedelta(days=7))
#: Ours: the grace delay of a deletion that the person asked for; well within the month of RGPD art. 12.3.
GRACE = timedelta(days=14)
