"""The choice as the browser carries it: signed by us, so that it is its own proof, and naming nobody."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from palier.core.dates import now
from palier.vie_privee.temoins.registre import CHOIX, COOKIE_CHOIX, DUREE_CHOIX_JOURS, Finalite

_SIGNER = "palier.temoins"


@dataclass(frozen=True, slots=True)
class Choix:
    """What a browser has chosen, or what stands for it."""

    acceptes: frozenset[Finalite]
    le: datetime | None = None
    reference: str = ""
    #: « Global Privacy Control »: the browser itself refuses.
    gpc: bool = False

    @property
    def a_demander(self) -> bool:
        """Whether the banner must ask: nothing chosen, or more than six months ago."""
        return self.le is None and not self.gpc

    def accepte(self, finalite: str) -> bool:
        """Whether what is stored for this purpose may be."""
        return finalite in self.acceptes

    @property
    def mesure(self) -> bool:
        """Whether this visit may be counted: measured without consent (exemption), unless refused or objected to."""
        return not self.gpc and (self.le is None or Finalite.AUDIENCE in self.acceptes)


def read_choice(request: HttpRequest) -> Choix:
    """Return the choice of a browser: its own, while it is younger than six months and signed by us; else GPC; else none."""
    gpc = request.META.get("HTTP_SEC_GPC") == "1"
    raw = request.COOKIES.get(COOKIE_CHOIX, "")
    if raw:
        try:
            reference, moment, words = Signer(salt=_SIGNER).unsign(raw).split("|")
            le = datetime.fromtimestamp(int(moment), UTC)
        except (BadSignature, ValueError, OverflowError, OSError):
            return Choix(frozenset(), gpc=gpc)
        if timedelta(0) <= now() - le <= timedelta(days=DUREE_CHOIX_JOURS):
            return Choix(frozenset(f for f in CHOIX if f.value in words.split(",")), le, reference)
    return Choix(frozenset(), gpc=gpc)


def write_choice(acceptes: frozenset[Finalite], le: datetime, reference: str) -> str:
    """Return the value of the cookie that keeps a choice."""
    words = ",".join(f.value for f in CHOIX if f in acceptes) or "aucun"
    return Signer(salt=_SIGNER).sign(f"{reference}|{int(le.timestamp())}|{words}")
