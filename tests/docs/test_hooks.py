"""The examples on the page of hooks are installed as plugins, and do what the page says."""

from __future__ import annotations

import datetime
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from docs_blocks import DOCS, blocks_of
from pyramid.config import Configurator
from webtest import TestApp

from selvbetjening_core import hooks
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import CaseEvent, CaseEventKind, Data, Health
from selvbetjening_demo.folder import prepare_folder

PAGE = DOCS / "reference" / "hooks.md"
TODAY = datetime.date(2026, 11, 2)
NAMES = [name for name, one in vars(hooks).items() if hasattr(one, "selvbetjening_spec")]
EVENT = CaseEvent(
    CaseEventKind.DELIVERED,
    "0773",
    "sundhedskort",
    "s-1",
    datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC),
    "case_system",
)


def examples():
    """The Python of each hook's section, by the hook's name."""
    found = {}
    for block in blocks_of(PAGE):
        if block.language == "python":
            names = re.findall(r"^@hookimpl\ndef (\w+)\(", block.text, re.MULTILINE)
            found[names[0]] = block.text
    return found


def toml_example():
    (block,) = (block for block in blocks_of(PAGE) if block.language == "toml")
    return block.text


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install an example as a distribution of its own, and read a demo that names it."""

    def installed(code, settings=""):
        site = tmp_path / "site"
        info = site / "acme-1.4.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.4\n", "utf-8")
        (info / "entry_points.txt").write_text(
            f"[{hooks.ENTRY_POINT_GROUP}]\nacme = acme_example\n", "utf-8"
        )
        (site / "acme_example.py").write_text(code, "utf-8")
        monkeypatch.syspath_prepend(site)
        monkeypatch.delitem(sys.modules, "acme_example", raising=False)
        folder = prepare_folder(tmp_path / "town")
        plugin_set = folder / "plugin_sets" / "standard.toml"
        text = plugin_set.read_text("utf-8").replace("plugins = [", 'plugins = ["acme",', 1)
        plugin_set.write_text(f"{text}\n{settings}", "utf-8")
        plan = read_plan(folder / "selvbetjening.toml", register_core, TODAY)
        return plan.plugin_sets["standard"]

    yield installed
    sys.modules.pop("acme_example", None)


@dataclass
class Scene:
    """An installed example, and what a test may look at."""

    plugin_set: PluginSet
    caplog: pytest.LogCaptureFixture
    monkeypatch: pytest.MonkeyPatch
    folder: Path


def called(at, hook, **arguments):
    return at.plugin_set.hooks.call("acme", hook, **arguments)


def register(at):
    (offer,) = at.plugin_set.offers["acme"]
    assert (offer.contract, offer.version) == (IDelivery, "1.4")
    assert offer.reads == {Data.NAME, Data.ANSWERS}


def settings(at):
    assert called(at, "selvbetjening_health") == [[Health("acme", is_ok=True, text="region north")]]


def web(at):
    with Configurator() as config, config.route_prefix_context("/-/plugins/acme"):
        called(at, "selvbetjening_web", config=config)
        config.commit()
    browser = TestApp(config.make_wsgi_app())
    assert browser.get("/-/plugins/acme/about").text == "Acme Journal"


def commands(at):
    group = click.Group("acme")
    called(at, "selvbetjening_commands", group=group)
    assert CliRunner().invoke(group, ["hello"]).output == "acme 1.4\n"


def ready(at):
    called(at, "selvbetjening_ready")
    assert at.caplog.messages == ["acme is ready in standard"]


def health(at):
    at.monkeypatch.chdir(at.folder)
    assert called(at, "selvbetjening_health") == [[Health("spool", is_ok=False)]]
    (at.folder / "spool").mkdir()
    assert called(at, "selvbetjening_health") == [[Health("spool", is_ok=True)]]


def case_event(at):
    called(at, "selvbetjening_case_event", event=EVENT)
    assert at.caplog.messages == ["0773: a case of sundhedskort was delivered"]


def teardown(at):
    called(at, "selvbetjening_teardown")
    assert at.caplog.messages == ["acme is given up"]


DOES = {
    f"selvbetjening_{one.__name__}": one
    for one in (register, settings, web, commands, ready, health, case_event, teardown)
}


def test_every_hook_has_an_example_that_is_executed():
    assert sorted(NAMES) == sorted(DOES) == sorted(examples())


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_every_hook_does_what_it_says(
    name, installed, caplog, monkeypatch, tmp_path
):
    text = toml_example() if name == "selvbetjening_settings" else ""
    plugin_set = installed(examples()[name], text)
    caplog.set_level("INFO", "acme_example")
    DOES[name](Scene(plugin_set, caplog, monkeypatch, tmp_path))


@pytest.mark.parametrize(
    ("name", "right", "wrong", "code"),
    [
        ("selvbetjening_case_event", "(event)", "(evnt)", "unknown-hook-argument"),
        ("selvbetjening_ready", "(context)", "(context=None)", "hook-argument-default"),
        ("selvbetjening_teardown", "selvbetjening_teardown", "selvbetjening_tear", "unknown-hook"),
    ],
)
def test_an_example_with_another_signature_is_found(name, right, wrong, code, installed):
    text = examples()[name]
    assert text.count(right) == 1
    with pytest.raises(ConfigurationError) as raised:
        installed(text.replace(right, wrong))
    assert code in {problem.code for problem in raised.value.problems}
