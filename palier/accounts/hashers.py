"""Argon2id with a pepper kept outside the database (NIST SP 800-63B-4, security.md 1.3)."""

import hashlib
import hmac
import threading
import unicodedata

from argon2.low_level import Type, hash_secret_raw
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

# One computation at a time in a worker: two would fight for the same cache and both take longer, and a worker's memory
# stays known whatever is tried on the sign-in page. The others wait their turn, which is shorter than together.
_TURN = threading.Lock()


def _season(password: str) -> str:
    """Return what is hashed: NFC first, so that « é » typed on any keyboard is the same password."""
    normal = unicodedata.normalize("NFC", password)
    return hmac.new(settings.PASSWORD_PEPPER.encode(), normal.encode(), hashlib.sha256).hexdigest()


class PepperedArgon2(Argon2PasswordHasher):
    """Argon2id of a keyed digest of the password: 19 MiB, five passes, one lane (docs/adr/0010-argon2.md).

    OWASP's second profile asks for two passes at the least; memory stays at its figure, so that two workers keep
    within theirs. A password hashed with fewer passes is hashed again at its owner's next sign-in.
    """

    algorithm = "argon2poivre"
    time_cost = 5
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _TURN:
            return super().encode(_season(password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _TURN:
            return super().verify(_season(password), encoded)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Spend the passes that an older hash lacks: a refusal takes as long for every address (security.md A1)."""
        missing = self.time_cost - int(self.decode(encoded)["time_cost"])
        if missing > 0:
            with _TURN:
                hash_secret_raw(
                    password.encode(),
                    b"palier-egalise",
                    missing,
                    self.memory_cost,
                    self.parallelism,
                    32,
                    Type.ID,
                )
