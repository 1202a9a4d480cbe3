"""Which municipality a request is for: told by what its file declares, over a real connection."""

from __future__ import annotations

import socket

import pytest

MORS, AARHUS = "Morsø Kommune", "Aarhus Kommune"


@pytest.fixture
def asked(town):
    """What is answered to these very bytes; the port of the server may stand in them."""

    def ask(line, host, *headers):
        lines = [f"GET {line} HTTP/1.1", f"Host: {host}", *headers, "Connection: close", "", ""]
        with socket.create_connection(("127.0.0.1", town.port), timeout=20) as connection:
            connection.sendall("\r\n".join(lines).replace("PORT", str(town.port)).encode("latin-1"))
            found = b""
            while part := connection.recv(65536):
                found += part
        return found.decode("utf-8", "replace")

    return ask


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("/", "mors.localhost"),
        ("/", "mors.localhost:PORT"),
        ("/", "MORS.LocalHost:PORT"),
        ("/mors/", "localhost:PORT"),
        ("/%6dors/", "localhost:PORT"),
        ("/mors%2f", "localhost:PORT"),
    ],
)
def test_what_a_file_declares_is_served(asked, line, host):
    """Upper case is the same host (RFC 9110), and %6d the same letter (RFC 3986)."""
    found = asked(line, host)
    assert MORS in found
    assert AARHUS not in found


@pytest.mark.parametrize(
    "headers",
    [
        ["X-Forwarded-Host: mors.localhost"],
        ["X-Host: mors.localhost"],
        ["X-Original-Host: mors.localhost"],
        ["Forwarded: host=mors.localhost"],
        ["X-Original-URL: /mors/"],
        ["X-Rewrite-URL: /mors/"],
        ["X-Forwarded-Prefix: /mors", "X-Script-Name: /mors"],
        ["X_Forwarded_Host: mors.localhost"],
        ["Selvbetjening-Municipality: 0773"],
    ],
)
def test_no_header_leads_elsewhere(asked, headers):
    found = asked("/", "aarhus.localhost:PORT", *headers)
    assert AARHUS in found
    assert MORS not in found


@pytest.mark.parametrize(
    ("line", "host"),
    [
        # The line names one host and the header another: the header counts.
        ("http://mors.localhost:PORT/", "aarhus.localhost:PORT"),
        ("//mors.localhost:PORT/", "aarhus.localhost:PORT"),
        ("/mors/", "aarhus.localhost:PORT"),
        ("/%2fmors/", "aarhus.localhost:PORT"),
        ("/?host=mors.localhost&municipality=0773", "aarhus.localhost:PORT"),
        ("/", "aarhus.localhost:@mors.localhost"),
        ("/", "mors.localhost:@aarhus.localhost"),
        ("/", "aarhus.localhost, mors.localhost"),
        ("/", "aarhus.localhost#.mors.localhost"),
        ("/", "mors.localhost."),
        ("/", "mors.localhost.:PORT"),
        ("/", ".mors.localhost"),
        ("/", "mors.localhost:abc"),
        ("/", "mors.localhost:8080:8080"),
        ("/", "m\u00f6rs.localhost"),
        ("/", "xmors.localhost"),
        ("/", ""),
        ("/Mors/", "localhost:PORT"),
        ("/%252fmors/", "localhost:PORT"),
        ("/morsx/", "localhost:PORT"),
        ("/x/../mors/", "localhost:PORT"),
        ("/mors/", "other.localhost:PORT"),
        ("/aarhus/../mors/", "localhost:PORT"),
    ],
)
def test_what_is_nobodys_is_not_theirs(asked, line, host):
    assert MORS not in asked(line, host)


def test_two_hosts_are_none(asked):
    found = asked("/", "aarhus.localhost:PORT", "Host: mors.localhost:PORT")
    assert MORS not in found
