"""What `selvbetjening health` says of clamd."""

from __future__ import annotations

import datetime
import time

import pytest

from selvbetjening_clamav import plugin
from selvbetjening_clamav.answers import signatures_from
from selvbetjening_clamav.counterpart import VERSION, ClamdCounterpart
from selvbetjening_clamav.plugin import SETTINGS, clamd_of, selvbetjening_health
from selvbetjening_clamav.wellbeing import found_by_asking
from selvbetjening_core.hooks import SetContext
from selvbetjening_core.testing import Fault

MADE = datetime.date(2026, 11, 21)


@pytest.fixture
def remote():
    with ClamdCounterpart() as remote:
        yield remote


def asked(remote, today=MADE, days=7):
    settings = {one.name: one.default for one in SETTINGS} | remote.settings
    return {one.name: one for one in found_by_asking(clamd_of(settings), days, today)}


def ill(found):
    return {name: one.text for name, one in found.items() if not one.is_ok}


def test_all_is_well(remote):
    found = asked(remote)
    assert ill(found) == {}
    assert list(found) == ["clamd", "signatures", "test virus", "encrypted files", "limits"]
    assert found["clamd"].text == VERSION
    assert found["signatures"].text == "from 2026-11-21, 0 days old"


def test_old_signatures_are_warned_of(remote):
    assert ill(asked(remote, MADE + datetime.timedelta(days=7))) == {}
    found = ill(asked(remote, MADE + datetime.timedelta(days=8)))
    assert found == {"signatures": "from 2026-11-21, 8 days old: is freshclam running?"}
    assert ill(asked(remote, MADE + datetime.timedelta(days=8), days=8)) == {}


@pytest.mark.parametrize(
    ("version", "made"),
    [
        (VERSION, MADE),
        ("ClamAV 1.4.6/27820/Sun Nov  1 09:26:11 2026", datetime.date(2026, 11, 1)),
        ("ClamAV 1.4.6", None),
        ("ClamAV 1.4.6/27820/", None),
        ("ClamAV 1.4.6/27820/in November", None),
        ("ClamAV 1.4.6/27820/Sat Nov 99 09:26:11 2026", None),
        ("ClamAV 1.4.6/27820/Sat Nov 21 09:26:11 2026/x", None),
    ],
)
def test_the_day_of_the_signatures_is_read_whatever_the_language_of_the_machine(version, made):
    assert signatures_from(version) == made


def test_signatures_without_a_day_are_warned_of(remote):
    remote.version = "ClamAV 1.4.6"
    assert ill(asked(remote)) == {"signatures": "clamd does not say how old they are"}


def test_what_clamd_lets_pass_is_told_with_what_to_set():
    with ClamdCounterpart(alerts=False) as remote:
        found = ill(asked(remote))
    assert found.keys() == {"encrypted files", "limits"}
    assert "AlertEncrypted yes" in found["encrypted files"]
    assert "AlertExceedsMax yes" in found["limits"]


def test_a_clamd_that_knows_no_virus_is_told(remote):
    remote.answer = b"stream: OK\0"
    assert ill(asked(remote))["test virus"] == "it does not know the test virus EICAR"


def test_one_that_looks_through_nothing_is_told(remote):
    remote.answer = b"stream: Can't allocate memory ERROR\0"
    assert ill(asked(remote)).keys() == {"test virus", "encrypted files", "limits"}


def test_something_else_than_clamd_is_told(remote):
    for said in ("", "HTTP/1.1 400", "ClamAV \x1b[31m", "ClamAV " + "x" * 200):
        remote.version = said
        assert ill(asked(remote)) == {"clamd": "what answers is not clamd"}


def test_one_that_is_away_is_told_quickly(remote):
    with remote.behaving(Fault.DOWN):
        assert ill(asked(remote)) == {"clamd": "clamd cannot be reached: ConnectionRefusedError"}
    settings = {one.name: one.default for one in SETTINGS} | remote.settings | {"seconds": 60}
    with remote.behaving(Fault.HANG):
        begun = time.monotonic()
        found = list(found_by_asking(clamd_of(settings), 7, MADE))
        assert time.monotonic() - begun < 5
    assert [one.text for one in found] == ["clamd did not answer within 2 seconds"]


def test_the_hook_asks_with_the_plugins_settings(remote, monkeypatch):
    monkeypatch.setattr(plugin, "_today", lambda: datetime.date(2026, 12, 1))
    settings = {one.name: one.default for one in SETTINGS} | remote.settings
    context = SetContext("standard", "demo", "clamav", "1.0", {**settings, "signature_days": 9})
    found = selvbetjening_health(context)
    assert [one.text for one in found if not one.is_ok] == [
        "from 2026-11-21, 10 days old: is freshclam running?"
    ]
