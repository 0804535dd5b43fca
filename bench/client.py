"""A small load generator on loopback: keep-alive connections, one thread of control, latencies kept."""

import http.client
import re
import selectors
import socket
import time
import urllib.parse
from dataclasses import dataclass, field

HOST = "127.0.0.1"
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@dataclass
class Load:
    """What a run measured: answers, seconds, latencies in seconds."""

    seconds: float
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency under which ``share`` of the answers came."""
        ranked = sorted(self.latencies)
        return ranked[min(int(len(ranked) * share), len(ranked) - 1)]


class _Connection:
    """One keep-alive connection, and where its present answer stands."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begun = 0.0
        self.head = b""
        self.left = -1
        self.buffer = bytearray(1 << 18)

    def send(self, request: bytes) -> None:
        self.begun = time.perf_counter()
        self.head, self.left = b"", -1
        self.socket.sendall(request)

    def receive(self, expected: int) -> bool:
        """Read what came; tell whether the answer is whole. Raises ``RuntimeError`` on an unexpected status."""
        count = self.socket.recv_into(self.buffer)
        if not count:
            raise RuntimeError("The server closed the connection.")
        if self.left >= 0:
            self.left -= count
            return self.left == 0
        self.head += bytes(self.buffer[:count])
        end = self.head.find(b"\r\n\r\n")
        if end < 0:
            return False
        status = int(self.head[9:12])
        if status != expected:
            raise RuntimeError(f"Status {status} instead of {expected}: {self.head[:300]!r}")
        match = _LENGTH.search(self.head[:end])
        length = int(match.group(1)) if match else 0
        self.left = length - (len(self.head) - end - 4)
        return self.left == 0


def run(
    port: int, requests: list[bytes], *, seconds: float, connections: int = 8, expected: int = 200
) -> Load:
    """Send ``requests`` in turn over ``connections`` connections for ``seconds``; return what came back."""
    selector = selectors.DefaultSelector()
    opened = [_Connection(port) for _ in range(connections)]
    latencies: list[float] = []
    turn = 0
    start = time.perf_counter()
    for one in opened:
        selector.register(one.socket, selectors.EVENT_READ, one)
        one.send(requests[turn % len(requests)])
        turn += 1
    waiting = connections
    while waiting:
        for key, _mask in selector.select(30):
            one = key.data
            if not one.receive(expected):
                continue
            now = time.perf_counter()
            latencies.append(now - one.begun)
            if now - start < seconds:
                one.send(requests[turn % len(requests)])
                turn += 1
            else:
                selector.unregister(one.socket)
                waiting -= 1
    elapsed = time.perf_counter() - start
    for one in opened:
        one.socket.close()
    selector.close()
    return Load(elapsed, latencies)


def get(path: str, cookie: str = "") -> bytes:
    """Return the bytes of a GET."""
    cookies = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{cookies}\r\n".encode()


@dataclass(frozen=True)
class SignIn:
    """A sign-in form, ready to be posted as often as wanted; what a browser sends back afterwards."""

    request: bytes
    cookie: str


def sign_in(port: int, email: str, password: str) -> SignIn:
    """Sign in once as a browser would; return the cookies that it keeps, and the request that did it."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    connection.request("GET", "/connexion")
    answer = connection.getresponse()
    page = answer.read().decode()
    csrf = _cookie(answer, "csrftoken")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None, page[:500]
    body = urllib.parse.urlencode(
        {"csrfmiddlewaretoken": token.group(1), "login": email, "password": password}
    )
    head = (
        f"POST /connexion HTTP/1.1\r\nHost: {HOST}\r\nCookie: csrftoken={csrf}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection.request(
        "POST",
        "/connexion",
        body,
        {"Cookie": f"csrftoken={csrf}", "Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = connection.getresponse()
    answer.read()
    if answer.status != 302:
        raise RuntimeError(f"{email} cannot sign in: {answer.status}")
    cookies = "; ".join(f"{name}={_cookie(answer, name)}" for name in ("sessionid", "csrftoken"))
    connection.close()
    return SignIn((head + body).encode(), cookies)


def _cookie(answer: http.client.HTTPResponse, name: str) -> str:
    for value in answer.headers.get_all("Set-Cookie") or []:
        match = re.match(rf"\s*{name}=([^;]*)", value)
        if match:
            return match.group(1)
    raise RuntimeError(f"No cookie {name}.")


def fetch(port: int, path: str, cookie: str) -> str:
    """Return the text of a page."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return text
