"""The devices of an account: bounded; kept, read or ended in one statement whatever their number.

allauth keeps a row per sign-in beside Django's session. Its own code reads them back one by one, three queries each,
at every sign-in: somebody who never signs out would wait longer each time.
"""

from typing import Any, cast
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import update_last_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest

from palier.accounts.models import Account
from palier.accounts.session_store import OPENED, SessionStore
from palier.core.dates import now
from palier.core.net import client_ip
from palier.core.sql import prepared_cursor

BROWSER_LENGTH = UserSession._meta.get_field("user_agent").max_length
MAXIMUM = 20  # live sessions of an account, the one that opens included; the oldest are ended

# The new session and its device written, dead sessions forgotten, the oldest beyond the bound ended, the visit noted.
_SIGNED_IN = """
with visited as (
  update accounts_account set last_login = %(moment)s, derniere_visite = %(moment)s where id = %(account)s
  returning id
), written as (
  insert into django_session (session_key, session_data, expire_date)
  select %(key)s::text, %(data)s::text, %(until)s::timestamptz from visited
  on conflict (session_key) do nothing returning 1
), kept as (
  select u.id from usersessions_usersession u
  join django_session s on s.session_key = u.session_key and s.expire_date > now()
  where u.user_id = %(account)s and u.session_key <> %(key)s
  order by u.created_at desc, u.id desc limit %(others)s
), gone as (
  delete from usersessions_usersession
  where user_id = %(account)s and session_key <> %(key)s and id not in (select id from kept)
  returning session_key
), ended as (
  delete from django_session where session_key in (select session_key from gone)
), opened as (
  insert into usersessions_usersession (user_id, created_at, last_seen_at, ip, session_key, user_agent, data)
  select id, %(moment)s::timestamptz, %(moment)s::timestamptz, %(ip)s::inet, %(key)s::text, %(browser)s::text, '{}'
  from visited
  on conflict (session_key) do update set user_id = excluded.user_id, created_at = excluded.created_at,
    last_seen_at = excluded.last_seen_at, ip = excluded.ip, user_agent = excluded.user_agent
)
select exists (select from written) from visited
"""
_END = """
with gone as (
  delete from usersessions_usersession where user_id = %(account)s and session_key <> %(kept)s returning session_key
)
delete from django_session where session_key in (select session_key from gone)
"""


def end_others(account_id: UUID, kept: str = "") -> None:
    """End every session of an account but the one whose key is ``kept``."""
    with connection.cursor() as cursor:
        cursor.execute(_END, {"account": account_id, "kept": kept})


def live_sessions(account_id: UUID) -> list[UserSession]:
    """Return the sessions of an account that still open something, oldest first."""
    live = Session.objects.filter(expire_date__gt=now()).values("session_key")
    return list(
        UserSession.objects.filter(user_id=account_id, session_key__in=live).order_by("created_at", "id")
    )


def on_signed_in(sender: Any, request: HttpRequest, user: Account, **kwargs: Any) -> None:
    """Write the new session and its device, and note the visit: one statement, so all of it or nothing."""
    session = cast(SessionStore, request.session)
    user.last_login = user.derniere_visite = now()
    session[OPENED] = int(user.last_login.timestamp())
    row = session.row()
    with prepared_cursor() as cursor:
        cursor.execute(
            _SIGNED_IN,
            {
                "account": user.pk,
                "key": row.key,
                "data": row.data,
                "until": row.until,
                "others": MAXIMUM - 1,
                "moment": user.last_login,
                "ip": client_ip(request),
                "browser": request.META.get("HTTP_USER_AGENT", "")[:BROWSER_LENGTH],
            },
        )
        found = cursor.fetchone()
    if found == (True,):
        session.kept()
    elif found is None or session.is_new:
        session.flush()
        raise SessionInterrupted("The account, or the key of its new session, is gone.")


def connect() -> None:
    """Answer a sign-in ourselves, in place of allauth's row by row reading and Django's separate update."""
    from allauth.account.signals import user_logged_in as signed_in_by_allauth
    from allauth.usersessions.signals import on_user_logged_in
    from django.contrib.auth.signals import user_logged_in

    signed_in_by_allauth.disconnect(on_user_logged_in)
    signed_in_by_allauth.connect(on_signed_in)
    user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
