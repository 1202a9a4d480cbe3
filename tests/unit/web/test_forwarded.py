"""Whose address a request comes from, and what a browser may claim about it."""

from __future__ import annotations

import ipaddress

import pytest

from selvbetjening_core.composition.trusted_proxy import read_address
from selvbetjening_core.web.limits import forwarded
from selvbetjening_core.web.limits.forwarded import behind_proxies

CLIENT, OTHER = "198.51.100.7", "203.0.113.9"
PROXIES = tuple(
    ipaddress.ip_network(one) for one in ("127.0.0.1", "10.0.0.0/24", "2001:db8:ffff::/64")
)


def found(peer: str, claimed: str, trusted=PROXIES) -> str:
    """The address that the application sees."""
    seen: dict[str, str] = {}

    def app(environ, start_response):  # noqa: ARG001 - WSGI
        seen.update(environ)
        return []

    environ = {"REMOTE_ADDR": peer, "REMOTE_PORT": "4711", "HTTP_X_FORWARDED_FOR": claimed}
    list(behind_proxies(app, trusted)(environ, None))
    assert not [name for name in seen if "FORWARDED" in name]
    return seen["REMOTE_ADDR"]


@pytest.mark.parametrize(
    ("claimed", "address"),
    [
        (CLIENT, CLIENT),
        (f"{CLIENT}, 10.0.0.9", CLIENT),
        (f"{CLIENT},10.0.0.9 , 2001:db8:ffff::2", CLIENT),
        # What the browser wrote stands at the left of what a proxy of ours has seen.
        (f"{OTHER}, {CLIENT}", CLIENT),
        (f"10.0.0.9, {CLIENT}, 10.0.0.9", CLIENT),
        (f"127.0.0.1, {CLIENT}", CLIENT),
        (f"garbage, {CLIENT}", CLIENT),
        # How some proxies write it.
        (f"{CLIENT}:50123", CLIENT),
        ("[2001:db8::7]:50123", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        (f"::ffff:{CLIENT}", CLIENT),
        (f"{CLIENT}, ::ffff:10.0.0.9", CLIENT),
    ],
)
def test_the_first_from_the_right_that_is_no_proxy_of_ours(claimed, address):
    assert found("127.0.0.1", claimed) == address


@pytest.mark.parametrize(
    "broken",
    ["", "unknown", "_hidden", "198.51.100", "fe80::1%eth0", "[::1", "1.2.3.4:x", "a b", "٣.1.1.1"],
)
def test_what_cannot_be_read_ends_the_walk_at_a_proxy(broken):
    """The proxy's address is counted as nobody's; the one that was claimed, as none."""
    assert found("127.0.0.1", f"{OTHER}, {broken}") == "127.0.0.1"
    assert found("127.0.0.1", f"{OTHER}, {broken}, 10.0.0.9") == "10.0.0.9"


def test_all_of_them_proxies_is_the_outermost():
    assert found("127.0.0.1", "10.0.0.8, 10.0.0.9") == "10.0.0.8"


@pytest.mark.parametrize("peer", [CLIENT, "10.0.1.1", "2001:db8:fffe::1", "::ffff:10.0.1.1", ""])
def test_whoever_is_no_proxy_of_ours_is_not_believed(peer):
    assert found(peer, OTHER) == peer


def test_without_a_declared_proxy_nobody_is_believed():
    assert found("127.0.0.1", OTHER, ()) == "127.0.0.1"


def test_nobody_is_believed_about_host_or_scheme():
    seen = {}
    app = behind_proxies(lambda environ, _: seen.update(environ) or [], PROXIES)
    claims = ("HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
    app({"REMOTE_ADDR": "127.0.0.1"} | dict.fromkeys(claims, OTHER), None)
    assert seen == {"REMOTE_ADDR": "127.0.0.1"}


def test_the_proxys_port_does_not_stay_with_the_clients_address():
    seen = {}
    app = behind_proxies(lambda environ, _: seen.update(environ) or [], PROXIES)
    app({"REMOTE_ADDR": "10.0.0.9", "REMOTE_PORT": "1", "HTTP_X_FORWARDED_FOR": CLIENT}, None)
    assert seen == {"REMOTE_ADDR": CLIENT, "REMOTE_HOST": CLIENT}


def test_a_walk_from_the_left_would_be_seen(monkeypatch):
    """The negative control: then whoever writes the header says who they are."""

    def leftmost(peer, claimed, trusted):  # noqa: ARG001 - as the real one
        return read_address(claimed.split(",")[0])

    monkeypatch.setattr(forwarded, "client_behind", leftmost)
    assert found("127.0.0.1", f"{OTHER}, {CLIENT}") == OTHER
