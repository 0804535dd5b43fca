"""What waits in the queue is sealed: an address, a link or a code must not lie in clear in the jobs' table."""

import base64
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12
_PURPOSE = b"palier.courrier"


def _key() -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), _PURPOSE, hashlib.sha256).digest()


def seal(content: dict[str, Any]) -> str:
    """Return ``content`` (JSON values only) encrypted with AES-256-GCM under the installation's key, in base64."""
    nonce = os.urandom(_NONCE)
    clear = json.dumps(content, ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(nonce + AESGCM(_key()).encrypt(nonce, clear, _PURPOSE)).decode()


def unseal(sealed: str) -> dict[str, Any]:
    """Return what ``seal`` was given; raise ``cryptography.exceptions.InvalidTag`` when it was altered."""
    raw = base64.urlsafe_b64decode(sealed)
    content: dict[str, Any] = json.loads(AESGCM(_key()).decrypt(raw[:_NONCE], raw[_NONCE:], _PURPOSE))
    return content


def address_digest(email: str) -> str:
    """Return the keyed digest by which the log of mails names an address."""
    return hmac.new(
        settings.SECRET_KEY.encode(), f"adresse|{email.lower()}".encode(), hashlib.sha256
    ).hexdigest()
