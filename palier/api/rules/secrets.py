"""Keys and signatures: made, recognised, compared. Pure: randomness and time are given."""

import base64
import hashlib
import hmac
import ipaddress

PREFIXE = "palier_"
MONTRE = 13  # characters of a key that are kept in clear: the prefix and six of 43


def key_of(random: bytes) -> str:
    """Return the key that 32 random bytes make."""
    return PREFIXE + base64.urlsafe_b64encode(random).rstrip(b"=").decode()


def digest(secret: str) -> str:
    """Return what is kept of a key. 256 random bits need no slow digest."""
    return hashlib.sha256(secret.encode()).hexdigest()


def truncated(address: str) -> str:
    """Return the network of an address: /24 or /48. Empty when it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def is_inside(address: str, networks: list[str]) -> bool:
    """Tell whether an address belongs to one of the networks; always when there is none."""
    if not networks:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(network) for network in networks)


def webhook_secret(random: bytes) -> str:
    """Return a signing secret as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(random).decode()


def signature(secret: str, number: str, moment: int, body: bytes) -> str:
    """Return ``v1,<base64>``: HMAC-SHA256 of ``number.moment.body`` (Standard Webhooks 1.0, signature scheme)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{number}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


#: Seconds before each new try of a delivery: about three days in all, as Standard Webhooks advises.
ATTENTES = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
