"""allauth's way of knowing an account, in the few statements that every page and every sign-in needs.

The account of a session, and the account of an address with what allauth asks of that address next, are each read by a
statement prepared once.
"""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.stages import EmailVerificationStage

from palier.accounts.models import Account
from palier.core.sql import prepared_cursor

_FIELDS = [field.attname for field in Account._meta.concrete_fields]
_COLUMNS = ", ".join(f'a."{field.column}"' for field in Account._meta.concrete_fields)
_ACCOUNT = f"select {_COLUMNS} from accounts_account a where a.id = %s"
# The accounts of an address, by allauth's table and by ours, and whether it is verified: known or not, one statement.
_BY_ADDRESS = (
    f"select {_COLUMNS}, e.verified from ("
    "select user_id, verified from account_emailaddress where email = %(email)s"
    " union all select id, false from accounts_account where email = %(email)s"
    ") e join accounts_account a on a.id = e.user_id order by e.verified desc, a.id"
)


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """allauth's backend, with its two reads prepared."""

    def get_user(self, user_id: UUID) -> Account | None:
        with prepared_cursor() as cursor:
            cursor.execute(_ACCOUNT, [user_id])
            row: Any = cursor.fetchone()
        account = None if row is None else Account.from_db("default", _FIELDS, row)
        return account if self.user_can_authenticate(account) else None

    def _authenticate_by_email(self, email: str, password: str) -> Account | None:
        """Try the account whose verified address this is; those that have yet to verify it when there is none."""
        address = email.lower()
        with prepared_cursor() as cursor:
            cursor.execute(_BY_ADDRESS, {"email": address})
            rows: list[Any] = cursor.fetchall()
        is_verified = bool(rows) and rows[0][-1]
        accounts = [Account.from_db("default", _FIELDS, row[:-1]) for row in rows]
        for account in accounts[:1] if is_verified else dict.fromkeys(accounts):
            if self._check_password(account, password):
                account.adresse_verifiee = address if is_verified else ""
                return account
        return None


class AdresseVerifiee(EmailVerificationStage):  # type: ignore[misc]
    """allauth's stage, which asks nothing again of an address that the sign-in has just read as verified."""

    def handle(self) -> Any:
        verified = self.login.user.adresse_verifiee
        return (None, True) if verified and verified == self.login.email else super().handle()
