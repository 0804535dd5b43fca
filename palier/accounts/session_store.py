"""Sessions in the database, as Django keeps them, with fewer round trips where they are written.

A new session is written once, when its content is known; one that says what it said is not written again. The table,
the reading, the signature and the cookie are Django's.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.crypto import get_random_string

from palier.core import dates
from palier.core.sql import prepared_cursor

OPENED = "ouverte_le"  # in a session: the second of its sign-in, from which its life is counted

_INSERT = "insert into django_session (session_key, session_data, expire_date) values (%s, %s, %s) on conflict do nothing"
_UPDATE = "update django_session set session_data = %s, expire_date = %s where session_key = %s"
_DELETE = "delete from django_session where session_key = %s"


class SessionRow(NamedTuple):
    """A session as its table keeps it."""

    key: str
    data: str
    until: datetime


class SessionStore(DatabaseStore):
    """Django's store, where a sign-in writes its session in one statement instead of six."""

    _new = False
    _written: str | None = None  # what the row says, when we wrote it

    @property
    def is_new(self) -> bool:
        """Whether the session has a key, and no row yet."""
        return self._new

    def row(self) -> SessionRow:
        """Return what the row of a session must say: a key is taken, and the content loaded, when they were not."""
        if self.session_key is None:
            self.create()
        content = self._content()
        return SessionRow(str(self.session_key), self.encode(content), self.get_expiry_date())

    def kept(self) -> None:
        """Take note that the row says what the session holds: it is not written again until that changes."""
        self._new, self._written = False, self._plain()

    def get_session_cookie_age(self) -> int:
        """Return how many seconds are left: of a day, whose start is the sign-in once there was one."""
        opened, longest = self._content().get(OPENED), int(settings.SESSION_COOKIE_AGE)
        return longest if opened is None else opened + longest - int(dates.now().timestamp())

    def _content(self, *, no_load: bool = False) -> dict[str, Any]:
        content: dict[str, Any] = self._get_session(no_load=self._new or no_load)  # type: ignore[attr-defined]
        return content

    def _plain(self) -> str:
        plain: str = self.serializer().dumps(self._content()).decode()
        return plain

    def create(self) -> None:
        """Take a new key; the row is written by ``save``, once its content is known."""
        # Django asks the table whether a key is taken, then writes an empty row: of 36³² keys, none is drawn twice.
        self._session_key = get_random_string(32, VALID_KEY_CHARS)
        self._new, self._written = True, None
        self._get_session(no_load=True)  # type: ignore[attr-defined]
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write the session unless it says what we wrote. Raises ``UpdateError`` when it was ended meanwhile."""
        if self.session_key is None:
            self.create()
        self._content(no_load=must_create)
        if self._plain() == self._written and not must_create:
            return
        row = self.row()
        with prepared_cursor() as cursor:
            if self._new or must_create:
                cursor.execute(_INSERT, [row.key, row.data, row.until])
            else:
                cursor.execute(_UPDATE, [row.data, row.until, row.key])
            if cursor.rowcount != 1:
                raise UpdateError
        self.kept()

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            with prepared_cursor() as cursor:
                cursor.execute(_DELETE, [key])
