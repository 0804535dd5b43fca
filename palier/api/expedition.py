"""Sends one webhook: to public https addresses only, resolved once, never redirected, never waited for long.

The address is resolved here, judged, and connected to as it was judged: a name that changes its mind between the two
leads nowhere else.
"""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

DELAI = 10.0  # seconds for each of connection, sending, answer
LU = 64 * 1024  # bytes of an answer that are read, and thrown away
PORTS = {443, 8443}


class AdresseRefusee(Exception):
    """The address of a webhook is not one that we call; the message says why."""


@dataclass(frozen=True)
class Resultat:
    """What came of a try: an HTTP status, or why there is none."""

    statut: int | None
    erreur: str = ""

    @property
    def ok(self) -> bool:
        return self.statut is not None and 200 <= self.statut < 300


def judge_url(url: str) -> tuple[str, int, str, bool]:
    """Return (host, port, path, whether TLS). Raises AdresseRefusee."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AdresseRefusee(_("Cette adresse ne se lit pas.")) from error
    host = parts.hostname or ""
    if len(url) > 500 or not host or not url.isascii() or any(c.isspace() or ord(c) < 32 for c in url):
        raise AdresseRefusee(_("Cette adresse ne se lit pas : écrivez-la comme https://exemple.fr/chemin."))
    if parts.username or parts.password:
        raise AdresseRefusee(_("L’adresse ne doit contenir ni nom ni mot de passe : la signature suffit."))
    local = settings.API_CROCHETS_LOCAUX and _is_loopback(host)
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise AdresseRefusee(_("L’adresse doit commencer par https://."))
    number = port or (443 if parts.scheme == "https" else 80)
    if number not in PORTS and not local:
        raise AdresseRefusee(_("Le port doit être 443 ou 8443."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return host, number, path, parts.scheme == "https"


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public internet, whatever wraps it."""
    found = ipaddress.ip_address(address.split("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.ip_address(int(found) & 0xFFFFFFFF)  # type: ignore[assignment]
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


def resolve(host: str, port: int) -> str:
    """Return the address to connect to. Raises AdresseRefusee unless every one of the name's is public."""
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise AdresseRefusee(_("Ce nom n’existe pas : %(nom)s.") % {"nom": host}) from error
    for address in found:
        if not is_public(address):
            loopback = ipaddress.ip_address(address.split("%")[0]).is_loopback
            if not (loopback and settings.API_CROCHETS_LOCAUX and _is_loopback(host)):
                raise AdresseRefusee(_("Cette adresse mène à un réseau privé : elle doit être publique."))
    return sorted(found, key=lambda a: (":" in a, a))[0]


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was judged; the certificate is the name's."""

    def __init__(self, host: str, port: int, address: str, *, tls: bool) -> None:
        super().__init__(host, port, timeout=DELAI, context=ssl.create_default_context())
        self._address, self._tls = address, tls
        if not tls:
            self.default_port = http.client.HTTP_PORT

    def connect(self) -> None:
        raw = socket.create_connection((self._address, self.port), DELAI)
        self.sock = (
            self._context.wrap_socket(raw, server_hostname=self.host)  # type: ignore[attr-defined]
            if self._tls
            else raw
        )


def send(url: str, body: bytes, headers: dict[str, str]) -> Resultat:
    """Post a body once; never raises for what the other side does. A redirection is a failure."""
    try:
        host, port, path, tls = judge_url(url)
        connection = _Pinned(host, port, resolve(host, port), tls=tls)
    except AdresseRefusee as refus:
        return Resultat(None, str(refus))
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        response.read(LU)
        return Resultat(response.status)
    except ssl.SSLError:
        return Resultat(None, _("Le certificat de cette adresse n’est pas valable."))
    except (TimeoutError, OSError, http.client.HTTPException) as error:
        return Resultat(None, _("Pas de réponse : %(genre)s.") % {"genre": type(error).__name__})
    finally:
        connection.close()
