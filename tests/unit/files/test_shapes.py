from __future__ import annotations

import pytest

from selvbetjening_core.files.shapes import has_password, is_email, is_url, is_web_url


@pytest.mark.parametrize("good", ["https://a.dk", "smtp://mail.a.dk:25", "smtp+starttls://u:p@h:1"])
def test_addresses(good):
    assert is_url(good)


@pytest.mark.parametrize(
    "bad", ["", "a.dk", "https://", "https://a:0", "https://a:b", "http://[a", "https://a b.dk"]
)
def test_no_addresses(bad):
    assert not is_url(bad)
    assert not is_web_url(bad)
    assert not has_password(bad)


def test_web_addresses_are_those_of_browsers():
    assert is_web_url("https://a.dk")
    assert not is_web_url("smtp://a.dk")


def test_passwords_in_addresses_are_seen():
    assert has_password("smtp://user:secret@a.dk")
    assert not has_password("smtp://user@a.dk")


def test_emails():
    assert is_email("a@b")
    assert not is_email("a@b\n")
