"""Argon2id with a pepper kept outside the database (NIST SP 800-63B-4, security.md 1.3)."""

import hashlib
import hmac
import unicodedata

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher


def _season(password: str) -> str:
    """Return what is hashed: NFC first, so that « é » typed on any keyboard is the same password."""
    normal = unicodedata.normalize("NFC", password)
    return hmac.new(settings.PASSWORD_PEPPER.encode(), normal.encode(), hashlib.sha256).hexdigest()


class PepperedArgon2(Argon2PasswordHasher):
    """Argon2id of a keyed digest of the password.

    19 MiB, two passes, one lane: OWASP's second profile, so that two workers stay within their memory.
    """

    algorithm = "argon2poivre"
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        return super().encode(_season(password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        return super().verify(_season(password), encoded)

    def harden_runtime(self, password: str, encoded: str) -> None:
        return None
