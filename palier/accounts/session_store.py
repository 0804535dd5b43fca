"""Sessions in the database, as Django keeps them, with fewer round trips where they are written.

A new session is written once, when its content is known; one that says what it said is not written again. The table,
the reading, the signature and the cookie are Django's.
"""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.crypto import get_random_string

from palier.accounts.models import Account
from palier.core.sql import prepared_cursor

_INSERT = "insert into django_session (session_key, session_data, expire_date) values (%s, %s, %s) on conflict do nothing"
_UPDATE = "update django_session set session_data = %s, expire_date = %s where session_key = %s"
_DELETE = "delete from django_session where session_key = %s"

_FIELDS = [field.attname for field in Account._meta.concrete_fields]
_COLUMNS = ", ".join(f'"{field.column}"' for field in Account._meta.concrete_fields)
_ACCOUNT = f"select {_COLUMNS} from accounts_account where id = %s"


class SessionStore(DatabaseStore):
    """Django's store, where a sign-in writes its session in one statement instead of six."""

    _new = False
    _written: str | None = None  # what the row says, when we wrote it

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
        data = self._get_session(no_load=self._new or must_create)  # type: ignore[attr-defined]
        plain: str = self.serializer().dumps(data).decode()
        if plain == self._written and not must_create:
            return
        encoded, until = self.encode(data), self.get_expiry_date()
        with prepared_cursor() as cursor:
            if self._new or must_create:
                cursor.execute(_INSERT, [self.session_key, encoded, until])
            else:
                cursor.execute(_UPDATE, [encoded, until, self.session_key])
            if cursor.rowcount != 1:
                raise UpdateError
        self._new, self._written = False, plain

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            with prepared_cursor() as cursor:
                cursor.execute(_DELETE, [key])


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """allauth's backend; the account of a session, read at every page, by a statement prepared once."""

    def get_user(self, user_id: UUID) -> Account | None:
        with prepared_cursor() as cursor:
            cursor.execute(_ACCOUNT, [user_id])
            row: Any = cursor.fetchone()
        account = None if row is None else Account.from_db("default", _FIELDS, row)
        return account if self.user_can_authenticate(account) else None
