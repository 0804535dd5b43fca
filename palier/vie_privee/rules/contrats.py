"""The days of the end of a contract (RGPD art. 28.3.g; the seed's promise: seven days)."""

from datetime import date, timedelta

DELAI_EFFACEMENT = timedelta(
    days=7
)  # the data go back to the agence, then go away: our contract, not a law's figure
PREAVIS_MINIMAL = timedelta(
    days=2
)  # an end noticed late still leaves the agence the time to take its data back


def jour_d_effacement(fin: date, constate_le: date) -> date:
    """Return the day of the erasure of a contract that ended on ``fin`` and whose end was noticed on ``constate_le``."""
    return (
        max(fin + DELAI_EFFACEMENT, constate_le + PREAVIS_MINIMAL)
        if constate_le > fin
        else fin + DELAI_EFFACEMENT
    )
