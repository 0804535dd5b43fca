"""What the pages are compared with: the least that a signed-in page, and a file, can cost in this stack."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse

from palier.core.access import Gesture
from palier.core.tenancy import enter


def _open(view: Any) -> Any:
    """Let a bare view through the door: it stands for no page of the portal."""
    view.palier_access = Gesture.PUBLIC
    view.login_required = False
    return view


@_open
def bare_page(request: HttpRequest) -> HttpResponse:
    """One session query, the actor opened, one row-secured query; nothing rendered (mission.md)."""
    account_id = UUID(request.session["_auth_user_id"])
    with transaction.atomic():
        actor = enter(account_id)
        with connection.cursor() as cursor:
            cursor.execute("select id, titre from acces_espace where acces_id = any(%s)", [actor.acces_ids])
            cursor.fetchall()
    return HttpResponse(b"")


@_open
def bare_file(request: HttpRequest) -> FileResponse:
    """The plain file, as Django sends one: no account, no key."""
    path = Path(os.environ["PALIER_BANC_FICHIER"])
    return FileResponse(path.open("rb"), content_type="application/pdf")
