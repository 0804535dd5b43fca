"""What a signed-in person must be told of the legal texts: the CGU to accept again, the changes not yet read.

Asked at every page, so it costs no query: important versions are few and kept in the process for half a minute, and
what the person accepted and read last is on the account, which the session loads anyway.
"""

import time
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q

from palier.accounts.models import Account
from palier.core.dates import today
from palier.vie_privee.enums import GenreTexte
from palier.vie_privee.models import TexteLegal

# In tests the versions are read once: a page must cost the same queries at any hour.
_SECONDS = float("inf") if settings.MODE == "test" else 30.0


@dataclass(frozen=True, slots=True)
class Important:
    """A material change of a text, in one language."""

    genre: str
    langue: str
    titre: str
    version: str
    resume: str
    publie_le: datetime
    en_vigueur_le: date

    @property
    def a_venir(self) -> bool:
        """Whether it is announced before it applies."""
        return self.en_vigueur_le > today()


_kept: tuple[float, list[Important]] | None = None


def forget() -> None:
    """Read the important versions again at the next page: one has just been published."""
    global _kept
    _kept = None


def importants() -> list[Important]:
    """Return the material versions, the newest first."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > _SECONDS:
        rows = TexteLegal.objects.filter(Q(important=True), publie_le__isnull=False)
        found = [
            Important(t.genre, t.langue, t.titre, t.version, t.resume, t.publie_le, t.en_vigueur_le)
            for t in rows.order_by("-publie_le", "langue")
            if t.publie_le is not None
        ]
        _kept = (time.monotonic(), found)
    return _kept[1]


def cgu_to_accept(account: Account) -> Important | None:
    """Return the CGU in force that this account has still to accept, if any."""
    for texte in importants():
        if texte.genre == GenreTexte.CGU and texte.en_vigueur_le <= today():
            accepted = account.cgu_publiees_le
            return texte if accepted is None or accepted < texte.publie_le else None
    return None


def unread(account: Account, langue: str) -> list[Important]:
    """Return the material changes published since this account last said that it had read them."""
    seen = account.textes_lus_le or account.created_le
    return [t for t in importants() if t.langue == langue and t.publie_le > seen]
