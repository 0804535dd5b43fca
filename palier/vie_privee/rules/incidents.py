"""Incidents, as rules: the 72-hour clock, what the detection looks for."""

from datetime import datetime, timedelta
from ipaddress import ip_address

#: RGPD art. 33.1: the authority is told within 72 hours of becoming aware, unless no risk is likely.
DELAI_CNIL = timedelta(hours=72)

#: Detection. Not law: figures of ours, to be moved with experience.
ESSAIS_PAR_HEURE = 60  # failures counted against one account within the hour
TELECHARGEMENTS_PAR_HEURE = 200  # documents opened by one account within the hour
HORS_PORTEFEUILLE_PAR_HEURE = (
    5  # rows asked for outside his portfolio by one member within the hour: a link or two is an error
)
RESEAUX_FENETRE = timedelta(hours=1)  # two sessions of one account, from networks this far apart in time
RESEAUX_MINIMUM = 3  # distinct networks within it: a phone and a home make two

#: An agence lets the exploitant in for at most a working day.
ASSISTANCE_HEURES = (1, 8)


def echeance_cnil(constate_le: datetime) -> datetime:
    """Return the instant before which the CNIL must be told (RGPD art. 33.1)."""
    return constate_le + DELAI_CNIL


def network(address: str) -> str:
    """Return the network of an address, wide enough for a provider's own moves: /16 in IPv4, /32 in IPv6."""
    found = ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None:
        found = mapped
    if found.version == 4:
        return ".".join(str(found).split(".")[:2])
    return ":".join(found.exploded.split(":")[:2])


def far_apart(visits: list[tuple[datetime, str]]) -> bool:
    """Tell whether one account was used from too many networks within the window. ``visits``: (instant, address)."""
    ordered = sorted(visits)
    for start, _address in ordered:
        window = {network(a) for le, a in ordered if start <= le <= start + RESEAUX_FENETRE}
        if len(window) >= RESEAUX_MINIMUM:
            return True
    return False
