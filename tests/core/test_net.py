"""Where a request comes from: what a proxy says is believed when it is an address, and a subscriber counts once."""

import pytest
from django.test import RequestFactory

from palier.core.net import client_ip, client_network


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_subscriber_counts_once(address: str, network: str) -> None:
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=address)) == network


@pytest.mark.parametrize("said", ["inconnue", "203.0.113.7:4242", "203.0.113.7\x00", "<script>"])
def test_what_is_no_address_is_not_believed(said: str, settings: pytest.FixtureRequest) -> None:
    settings.PROXY_COUNT = 1  # type: ignore[attr-defined]
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=said)
    assert client_ip(request) == "192.0.2.1"
