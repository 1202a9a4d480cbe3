"""Origins: what may stand in a policy, and what may not."""

from __future__ import annotations

import pytest

from selvbetjening_core.files.origins import is_https_origin, is_safe_origin, origin_of


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://login.example.dk/a?b=c#d", "https://login.example.dk"),
        ("HTTPS://Login.Example.DK:443/", "https://login.example.dk"),
        ("https://login.example.dk:8443/a", "https://login.example.dk:8443"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:8080/x", "http://[::1]:8080"),
        ("https://user:word@login.example.dk/", "https://login.example.dk"),
        ("/only/a/path", ""),
        ("https://login.example.dk:port/", ""),
        ("", ""),
    ],
)
def test_the_origin_of_an_address(url, origin):
    assert origin_of(url) == origin


@pytest.mark.parametrize("text", ["https://mors.dk", "https://www.mors.dk:8443", "https://a-b.dk"])
def test_one_host_over_https(text):
    assert is_https_origin(text)
    assert is_safe_origin(text)


@pytest.mark.parametrize(
    "text", ["http://localhost:8080", "http://mors.localhost", "http://127.0.0.1:1"]
)
def test_this_machine_may_be_asked_over_http(text):
    assert is_safe_origin(text)
    assert not is_https_origin(text)


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "https:",
        "https://*.mors.dk",
        "https://mors.dk/",
        "https://mors.dk/path",
        "https://mors.dk:443",
        "https://mors.dk:99999",
        "https://Mors.dk",
        "https://mors.dk https://evil.example",
        "https://mors.dk; script-src 'unsafe-inline'",
        "https://mors.dk\n",
        "https://user@mors.dk",
        "http://mors.dk",
        "http://[::1]:8080",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://evil.example:80",
        "'unsafe-inline'",
        "'self'",
        "data:",
        "",
    ],
)
def test_nothing_else(text):
    assert not is_safe_origin(text)
