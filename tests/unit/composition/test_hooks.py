"""Every hook is called, when it should be, with the settings of its own plugin and set."""

from __future__ import annotations

import logging
import re
import types
from pathlib import Path

import pytest
from zope.interface import implementer

from selvbetjening_core.composition.faults import check_settings
from selvbetjening_core.composition.health import plugin_health
from selvbetjening_core.composition.stack import build
from selvbetjening_core.errors import BadSettings, ConfigurationError
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDelivery, ISecrets, ISolutions
from selvbetjening_core.values import Health, Setting, SettingFault

SETTINGS = [
    Setting("server", "url", "Where it is."),
    Setting("token", "secret", "The key to it.", required=False),
    Setting("folder", "path", "What it writes to.", required=False, default="var"),
]


def module(**hooks):
    made = types.ModuleType("made_up_acme")
    for name, function in hooks.items():
        function.__module__ = made.__name__
        setattr(made, f"selvbetjening_{name}", hookimpl(function))
    return made


def acme(site, table="", **hooks):
    site.plugin("acme", None, module=module(**hooks))
    site.plugin_set(f"[plugin.acme]\n{table}\n" if table else "")


def test_settings_of_the_plugin_reach_every_hook(installation, now, monkeypatch):
    seen = {}
    acme(
        installation,
        'server = "https://acme.example"\ntoken = "env:ACME_TOKEN"',
        settings=lambda: SETTINGS,
        register=lambda context: seen.update(register={"server": context.settings["server"]}),
        ready=lambda context: seen.update(ready=dict(context.settings)),
    )
    plan = installation.plan()
    assert seen == {"register": {"server": "https://acme.example"}}
    monkeypatch.setenv("ACME_TOKEN", "hunter2-of-ours")
    build(plan, now)
    hooks = plan.plugin_sets["standard"].hooks
    assert [name for name, _ in hooks.tell_all("selvbetjening_ready")] == ["acme"]
    assert seen["ready"] == {
        "server": "https://acme.example",
        "token": "hunter2-of-ours",
        "folder": str((installation.folder / "var").resolve()),
    }


def test_no_secret_is_followed_while_plugins_register(installation, monkeypatch):
    """Even where it is there: ``check`` runs where secrets should not be read."""
    monkeypatch.setenv("ACME_TOKEN", "hunter2")
    table = 'server = "https://acme.example"\ntoken = "env:ACME_TOKEN"'
    acme(
        installation,
        table,
        settings=lambda: SETTINGS,
        register=lambda context: context.settings.get("token"),
    )
    assert installation.errors() == ["plugin-broken"]
    (problem,) = (one for one in installation.problems if one.severity == "error")
    assert 'the setting "token" is kept elsewhere' in problem.message
    assert "hunter2" not in problem.message


def test_a_missing_secret_of_a_plugin_is_told_when_it_is_built(installation, now):
    table = 'server = "https://acme.example"\ntoken = "env:NOWHERE_TO_BE_FOUND"'
    acme(installation, table, settings=lambda: SETTINGS)
    with pytest.raises(ConfigurationError) as caught:
        build(installation.plan(), now)
    (problem,) = caught.value.problems
    assert problem.code == "secret-missing"
    assert "NOWHERE_TO_BE_FOUND" in problem.message
    assert problem.advice == "set the environment variable NOWHERE_TO_BE_FOUND"


def test_one_plugin_in_two_sets_has_the_settings_of_each(installation):
    installation.plugin("acme", None, module=module(settings=lambda: SETTINGS))
    for name, server in (("standard", "one"), ("other", "two")):
        installation.plugin_set(f'[plugin.acme]\nserver = "https://{server}.example"\n', name)
    sets = installation.plan().plugin_sets
    told = {name: one.hooks.context("acme").settings["server"] for name, one in sets.items()}
    assert told == {"standard": "https://one.example", "other": "https://two.example"}


def fails(context):  # noqa: ARG001 - as the hook wants it
    raise RuntimeError("with 0101010101 in it")


def exits(context):  # noqa: ARG001 - as the hook wants it
    raise SystemExit(3)


@pytest.mark.parametrize("broken", [fails, exits])
@pytest.mark.parametrize("hook", ["ready", "teardown", "health"])
def test_one_that_fails_is_logged_by_class_and_stops_no_other(installation, caplog, hook, broken):
    called = []
    installation.plugin("bad", None, module=module(**{hook: broken}))
    other = module(**{hook: lambda: called.append(hook)})
    other.__name__ = "made_up_other"
    installation.plugin("good", None, module=other)
    installation.plugin_set()
    hooks = installation.plan().plugin_sets["standard"].hooks
    with caplog.at_level(logging.ERROR):
        told = dict(hooks.tell_all(f"selvbetjening_{hook}"))
    assert called == [hook]
    assert told["bad"] is None
    assert f"plugin bad failed in selvbetjening_{hook}: " in caplog.text
    assert "0101010101" not in caplog.text


def test_a_broken_plugin_is_not_called_any_more(installation):
    called = []
    acme(
        installation,
        settings=lambda: SETTINGS,
        ready=lambda: called.append("ready"),
    )
    assert installation.errors() == ["missing-key"]
    assert called == []


def test_a_setting_that_may_be_left_out_needs_no_table(installation):
    acme(installation, settings=lambda: [Setting("word", "text", "A word.", required=False)])
    assert installation.errors() == []


def test_health_is_what_plugins_say(installation):
    acme(installation, health=lambda: [Health("acme.example", is_ok=False, text="no answer")])
    odd = module(health=lambda: ["well"])
    odd.__name__ = "made_up_odd"
    installation.plugin("odd", None, module=odd)
    installation.plugin_set()
    assert plugin_health(installation.plan()) == (
        Health("acme: acme.example", is_ok=False, text="no answer"),
        Health("odd", is_ok=False, text="it answered with str, not with Health"),
    )


@implementer(ISecrets)
class Vault:
    scheme = "vault"

    def __init__(self, context):
        self._context = context

    def read(self, name):
        if name == "broken":
            raise RuntimeError("hunter2")
        if name == "missing":
            raise LookupError("there is no secret missing")
        return f"{self._context.settings['token']}/{name}"


@pytest.fixture
def made():
    """The settings of each component that was made."""
    return []


@pytest.fixture
def with_vault(installation, make, made, monkeypatch):
    """An installation whose component's secret is in the vault under a name."""

    class Post(make.Journal):
        def __init__(self, context):
            super().__init__(context)
            made.append(dict(context.settings))

    monkeypatch.setenv("ACME_TOKEN", "opened")
    hooks = {
        "settings": lambda: SETTINGS,
        "register": lambda register, context: register.shared(ISecrets, Vault(context)),
    }
    installation.plugin("acme", None, module=module(**hooks))
    key = [Setting("key", "secret", "?")]
    installation.plugin("post", make.offering(IDelivery, Post, settings=key))
    installation.plugin_set('[plugin.acme]\nserver = "https://a.example"\ntoken = "env:ACME_TOKEN"')

    def reference(text):
        more = f'[component.post]\nplugin = "post"\nkey = "{text}"\n'
        installation.municipality("0773", more=more)
        return installation.plan()

    return reference


def test_a_plugin_reads_a_scheme_of_its_own(with_vault, made, now):
    plan = with_vault("vault:post")
    assert plan.municipalities["0773"].components["post"].settings == {"key": "vault:post"}
    assert made == []
    build(plan, now)
    assert made == [{"key": "opened/post"}]


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("vault:missing", "vault:missing: there is no secret missing"),
        ("vault:broken", "vault:broken cannot be read (RuntimeError in its plugin)"),
    ],
)
def test_a_secret_that_the_vault_does_not_have(with_vault, now, reference, told):
    with pytest.raises(ConfigurationError) as caught:
        build(with_vault(reference), now)
    (problem,) = caught.value.problems
    assert problem.code == "secret-missing"
    assert told in problem.message
    assert "hunter2" not in problem.message + problem.advice


def test_a_set_without_the_plugin_does_not_know_the_scheme(with_vault, installation):
    with_vault("vault:post")
    installation.plugin_set(names=[one for one in installation.names if one != "acme"])
    assert installation.errors() == ["unknown-scheme"]


@implementer(ISolutions)
class Brings:
    def __init__(self, *folders):
        self._folders = folders

    def folders(self):
        return {folder.name: folder for folder in self._folders}


def test_solutions_of_a_plugin_join_those_of_the_installation(installation, solution_text):
    folder = installation.write("brought/parking/solution.toml", solution_text).parent
    acme(installation, register=lambda register: register.shared(ISolutions, Brings(folder)))
    installation.municipality("0773", more="[solutions.parking]\n")
    offered = installation.plan().municipalities["0773"].solutions
    assert sorted(offered) == ["parking", "permit"]


def test_a_solution_of_another_set_is_not_there(installation, solution_text):
    folder = installation.write("brought/parking/solution.toml", solution_text).parent
    register = module(register=lambda register: register.shared(ISolutions, Brings(folder)))
    installation.plugin("acme", None, module=register, named=False)
    installation.plugin_set(name="other", names=[*installation.names, "acme"])
    installation.municipality("0773", more="[solutions.parking]\n")
    assert installation.errors() == ["unknown-solution"]


def test_a_fault_in_a_solution_that_a_plugin_brings_is_found(installation, solution_text):
    broken = solution_text.replace('kle      = "29"', 'kle = "x"')
    folder = installation.write("brought/parking/solution.toml", broken).parent
    acme(installation, register=lambda register: register.shared(ISolutions, Brings(folder)))
    assert installation.errors() == ["bad-kle"]


def test_a_plugin_checks_the_settings_of_its_components(installation, make, now):
    seen = []

    class Careful(make.Journal):
        @classmethod
        def check_settings(cls, context):
            seen.append(dict(context.settings))
            return [SettingFault("path", "the folder is full")]

    settings = [Setting("path", "path", "Where."), Setting("key", "secret", "Which.")]
    installation.plugin("post", make.offering(IDelivery, Careful, settings=settings))
    installation.plugin_set()
    more = '[component.post]\nplugin = "post"\npath = "x"\nkey = "env:NOWHERE_TO_BE_FOUND"\n'
    installation.municipality("0773", more=more)
    plan = installation.plan()
    check_settings(plan, now)
    (problem,) = (one for one in plan.problems if one.severity == "error")
    assert problem.code == "setting-unusable"
    assert problem.place.path == "component.post.path"
    assert "the folder is full" in problem.message
    assert seen == [{"path": str((installation.folder / "x").resolve()), "key": ""}]


def test_a_check_that_fails_is_the_vendors(installation, make, now):
    class Careless(make.Journal):
        @staticmethod
        def check_settings(context):
            assert context.municipality_code
            raise RuntimeError(f"hunter2 {context.name}")

    installation.plugin("post", make.offering(IDelivery, Careless))
    installation.plugin_set()
    installation.municipality("0773", more='[component.post]\nplugin = "post"\n')
    plan = installation.plan()
    check_settings(plan, now)
    (problem,) = (one for one in plan.problems if one.severity == "error")
    assert problem.code == "check-failed"
    assert "hunter2" not in problem.message


def test_bad_settings_are_told_at_each_setting_when_a_component_is_made(installation, make, now):
    def refuse(context):  # noqa: ARG001 - as a factory is called
        raise BadSettings(
            SettingFault("path", "the folder is full"), SettingFault("speed", "too fast")
        )

    settings = [Setting("path", "path", "Where."), Setting("speed", "number", "How.")]
    installation.plugin("post", make.offering(IDelivery, refuse, settings=settings))
    installation.plugin_set()
    more = '[component.post]\nplugin = "post"\npath = "x"\nspeed = 5\n'
    installation.municipality("0773", more=more)
    with pytest.raises(ConfigurationError) as caught:
        build(installation.plan(), now)
    assert [(one.code, one.place.path) for one in caught.value.problems] == [
        ("setting-unusable", "component.post.path"),
        ("setting-unusable", "component.post.speed"),
    ]


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("0825.toml.txt", True),
        ("0825.TOML", True),
        ("0825.tml", True),
        ("0825.toml.bak", False),
        ("README.md", False),
    ],
)
def test_a_file_that_was_meant_and_is_not_read_is_told(installation, name, is_told):
    installation.write(f"municipalities/{name}", "")
    assert installation.errors() == []
    told = [one for one in installation.problems if one.code == "file-not-read"]
    assert [one.place.file.name for one in told] == ([name] if is_told else [])


DOCUMENTED = Path(__file__).parents[3] / "docs" / "vendor" / "declare-settings.md"


def test_the_example_of_the_documentation_is_right(installation, make, now):
    blocks = re.findall(r"```python\n(.*?)```", DOCUMENTED.read_text("utf-8"), re.DOTALL)
    (example,) = (one for one in blocks if "def check_settings" in one)
    names = {"SettingFault": SettingFault}
    exec(example.replace("@classmethod\n", ""), names)  # noqa: S102 - our own page
    careful = type(
        "Careful", (make.Journal,), {"check_settings": classmethod(names["check_settings"])}
    )
    limit = [Setting("limit", "number", "Most cases a minute.")]
    installation.plugin("post", make.offering(IDelivery, careful, settings=limit))
    installation.plugin_set()
    for written, faults in ((600, 0), (601, 1)):
        more = f'[component.post]\nplugin = "post"\nlimit = {written}\n'
        installation.municipality("0773", more=more)
        plan = installation.plan()
        check_settings(plan, now)
        assert plan.problems.count_errors() == faults
