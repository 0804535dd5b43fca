"""What operations share: declared answers, links, pages."""

import base64
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from palier.api.problemes import Probleme


def address(name: str, **kwargs: object) -> str:
    """Return the path of an operation."""
    return reverse(f"api-1.0.0:{name}", kwargs=kwargs)


def write_cursor(moment: datetime, last: UUID) -> str:
    """Return where a page ends, as one opaque word."""
    return base64.urlsafe_b64encode(f"{moment.isoformat()}|{last}".encode()).decode()


def read_cursor(text: str) -> tuple[datetime, UUID] | None:
    """Return where the former page ended; None for the first. Raises Probleme 422."""
    if not text:
        return None
    try:
        moment, _bar, last = base64.urlsafe_b64decode(text.encode()).decode().partition("|")
        found = datetime.fromisoformat(moment), UUID(last)
        if found[0].tzinfo is None:
            raise ValueError
        return found
    except ValueError as error:
        raise Probleme(
            422, "page_inconnue", _("« apres » reprend le « suivant » de la page précédente, tel quel.")
        ) from error
