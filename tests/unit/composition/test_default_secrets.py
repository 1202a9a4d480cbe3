"""Secrets that everybody knows."""

from __future__ import annotations

import secrets

import pytest

from selvbetjening_core.composition.default_secrets import (
    is_default,
    password_in,
    report_defaults,
)
from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.values import Setting

DECLARED = (
    Setting("token", "secret", "A token."),
    Setting("address", "url", "An address."),
    Setting("name", "text", "A name."),
)


@pytest.mark.parametrize(
    "secret",
    ["changeme", "Change-Me!", "CHANGE_ME_123", "secret", "hemmelig", "hunter2", "let me in",
     "PASSWORD", "admin", "123456", "12345678901234567", "987654321", "0000000000000000",
     "aaaaaaaaaaaaaaaaaaaaaaaa", "xxxx-xxxx-xxxx", "...", "your-secret", "test1234", "ababab"],
)  # fmt: skip
def test_what_is_tried_first_is_found(secret):
    assert is_default(secret)


@pytest.mark.parametrize("secret", ["correct horse battery staple", "kJ8-2mQpLs91", "8675309421"])
def test_what_nobody_would_try_is_not(secret):
    assert not is_default(secret)


def test_what_is_random_is_never_found():
    assert not any(is_default(secrets.token_urlsafe(16)) for _ in range(2000))


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("smtp://user:change%2Dme@mail.example", "change-me"),
        ("https://mail.example", ""),
        ("https://[broken", ""),
    ],
)
def test_the_password_in_an_address(address, password):
    assert password_in(address) == password


def test_every_one_is_reported_and_none_is_shown(tmp_path):
    problems = Problems()
    values = {"token": "changeme", "address": "smtp://u:secret1@mail.example", "name": "changeme"}
    place = Place(tmp_path / "0773.toml", 7)
    assert report_defaults(values, DECLARED, place, 'the component "post"', problems)
    told = [one.message for one in problems]
    assert [one.code for one in problems] == ["default-secret"] * 2
    assert not any(word in one for one in told for word in ("changeme", "secret1"))


def test_good_ones_are_no_problem(tmp_path):
    problems = Problems()
    values = {"token": secrets.token_urlsafe(32), "address": "https://mail.example", "name": "x"}
    assert not report_defaults(values, DECLARED, Place(tmp_path, 1), "it", problems)
    assert len(problems) == 0
