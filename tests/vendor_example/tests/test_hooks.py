"""What the hooks beside _register do."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner
from selvbetjening_core.hooks import SetContext
from selvbetjening_core.testing.counterpart import Fault

from nordlys_parking import plugin
from nordlys_parking.counterpart import Nordlys


@pytest.fixture
def nordlys():
    with Nordlys() as remote:
        yield remote


def context(**settings):
    return SetContext("standard", "demo", "nordlys_parking", "2.3.0", settings)


def test_it_says_whether_nordlys_answers(nordlys):
    (good,) = plugin.selvbetjening_health(context(status_url=nordlys.url))
    assert good.is_ok
    nordlys.behave(Fault.DOWN)
    (bad,) = plugin.selvbetjening_health(context(status_url=nordlys.url))
    assert not bad.is_ok
    assert bad.text


def test_without_an_address_there_is_nothing_to_say():
    assert plugin.selvbetjening_health(context()) == ()


def run(*arguments, **settings):
    group = click.Group("nordlys_parking")
    plugin.selvbetjening_commands(group, context(**settings))
    return CliRunner().invoke(group, arguments)


def test_the_zones_are_listed(nordlys):
    assert run("zones", status_url=nordlys.url).output == "Havnen\nMidtbyen\n"


def test_what_to_set_is_told():
    done = run("zones")
    assert done.exit_code == 1
    assert "status_url" in done.output
