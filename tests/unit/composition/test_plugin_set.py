"""Which plugins exist, and who has what two of them claim."""

from __future__ import annotations

import subprocess
import sys
import types

import pytest
from zope.interface import implementer

from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDelivery, IFieldKind, ITheme
from selvbetjening_core.values import Setting


def kinds(make, *names, by=""):
    def register(register, context):
        for name in names:
            register.field_kind(make.Kind(name, by or context.plugin))

    return register


def claim(plan, key):
    return plan.plugin_sets["standard"].claims[key]


def test_the_standard_one_is_right(installation):
    assert installation.errors() == []


def test_two_plugins_with_one_claim_are_named_with_file_and_line(installation, make):
    installation.plugin("one", kinds(make, "plate"))
    installation.plugin("two", kinds(make, "plate"))
    installation.plugin_set()
    assert installation.errors() == ["conflict"]
    (problem,) = (one for one in installation.problems if one.code == "conflict")
    assert problem.message.count("test_plugin_set.py:") == 2
    assert '"one"' in problem.message
    assert '"two"' in problem.message
    assert '[choose] "field_kind:plate" = "one"' in problem.advice


@pytest.mark.parametrize("chosen", ["one", "two"])
def test_choose_settles_it_whatever_the_order(installation, make, chosen):
    installation.plugin("one", kinds(make, "plate"))
    installation.plugin("two", kinds(make, "plate"))
    for names in (installation.names, installation.names[::-1]):
        installation.plugin_set(f'[choose]\n"field_kind:plate" = "{chosen}"\n', names=names)
        assert claim(installation.plan(), "field_kind:plate").component.by == chosen


def test_a_plugin_may_hide_the_cores_own(installation, make):
    installation.plugin("one", kinds(make, "text"))
    installation.plugin_set()
    plan = installation.plan()
    assert claim(plan, "field_kind:text").plugin == "one"
    assert [one.key for one in plan.plugin_sets["standard"].hidden] == ["field_kind:text"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('"field_kind:plate" = "three"', "choose-unknown"),
        ('"field_kind:plat" = "one"', "choose-nothing"),
        ('"theme:plain" = "core"', "choose-nothing"),
    ],
)
def test_wrong_choices(installation, make, line, code):
    installation.plugin("one", kinds(make, "plate"))
    installation.plugin("two", kinds(make, "plate"))
    right = "" if code == "choose-unknown" else '"field_kind:plate" = "one"\n'
    installation.plugin_set(f"[choose]\n{right}{line}\n")
    assert installation.errors() == [code]


def test_a_choice_of_a_plugin_that_failed_is_not_reported_once_more(installation, make):
    installation.plugin("one", kinds(make, "plate"))
    installation.plugin("two", None)
    installation.plugin_set('[choose]\n"field_kind:plate" = "two"\n')
    assert installation.errors() == ["plugin-without-hooks"]


def test_what_is_not_named_is_not_there(installation, make):
    installation.plugin("one", kinds(make, "plate"), named=False)
    installation.plugin_set()
    assert "field_kind:plate" not in installation.plan().plugin_sets["standard"].claims


def test_a_kind_is_only_known_where_it_is_offered(installation, make):
    """A solution has to fit the plugin sets of those who offer it, and no other."""
    installation.plugin("one", kinds(make, "plate"), named=False)
    installation.plugin_set()
    installation.plugin_set(name="with_plate", names=[*installation.names, "one"])
    installation.change("solutions/permit/solution.toml", '"text"', '"plate"')
    assert installation.errors() == ["unknown-field-kind"]
    for code in ("0773", "0751"):
        installation.change(f"municipalities/{code}.toml", '"standard"', '"with_plate"')
    assert installation.errors() == []


def test_a_solution_nobody_offers_is_read_too(installation, make, solution_text):
    installation.plugin("one", kinds(make, "plate"), named=False)
    installation.plugin_set()
    installation.plugin_set(name="with_plate", names=["one"])
    installation.write("solutions/spare/solution.toml", solution_text.replace('"text"', '"plate"'))
    assert installation.errors() == []
    installation.write("solutions/spare/solution.toml", solution_text.replace('"text"', '"x"'))
    assert installation.errors() == ["unknown-field-kind"]


def raises(register, context):  # noqa: ARG001
    raise RuntimeError("a fault of the vendor's")


def exits(register, context):  # noqa: ARG001
    raise SystemExit(3)


def with_default(register, context=None): ...
def with_unknown(register, contxt): ...
def with_more(register, context, request): ...
def with_all(*everything): ...
def right(register, context): ...
def with_less(register): ...
def with_none(): ...


@pytest.mark.parametrize(
    ("hook", "codes"),
    [
        (raises, ["plugin-broken"]),
        (exits, ["plugin-broken"]),
        (with_default, ["hook-argument-default"]),
        (with_unknown, ["unknown-hook-argument"]),
        (with_more, ["unknown-hook-argument"]),
        (with_all, ["unknown-hook-argument"]),
        (None, ["plugin-without-hooks"]),
        (right, []),
        (with_less, []),
        (with_none, []),
    ],
)
def test_hooks(installation, hook, codes):
    installation.plugin("one", hook)
    installation.plugin_set()
    assert installation.errors() == codes


def test_a_misspelt_hook_is_found_with_a_suggestion(installation):
    module = types.ModuleType("made_up_one")
    module.selvbetjening_regsiter = hookimpl(right)
    installation.plugin("one", None, module=module)
    installation.plugin_set()
    assert installation.errors() == ["unknown-hook"]
    assert any('did you mean "selvbetjening_register"?' in p.message for p in installation.problems)


def test_a_hook_under_another_name_is_a_hook(installation, make):
    module = types.ModuleType("made_up_one")

    @hookimpl(specname="selvbetjening_register")
    def offer_things(register, context):
        register.field_kind(make.Kind("plate", context.plugin))

    module.offer_things = offer_things
    installation.plugin("one", None, module=module)
    installation.plugin_set()
    assert claim(installation.plan(), "field_kind:plate").component.by == "one"


def test_a_function_that_looks_like_a_hook_must_be_marked(installation):
    module = types.ModuleType("made_up_one")

    def selvbetjening_ready(): ...

    selvbetjening_ready.__module__ = module.__name__
    module.selvbetjening_ready = selvbetjening_ready
    module.selvbetjening_register = hookimpl(with_less)
    installation.plugin("one", None, module=module)
    installation.plugin_set()
    assert installation.errors() == ["hook-not-marked"]


def test_objects_that_have_every_attribute_are_no_hooks(installation):
    class Anything:
        def __getattr__(self, name):
            return {"specname": None}

    module = types.ModuleType("made_up_one")
    module.call = Anything()
    installation.plugin("one", right, module=module)
    installation.plugin_set()
    assert installation.errors() == []


@implementer(IDelivery)
class Half:
    def __init__(self, context): ...
    def accepts(self, parcel): ...


def test_contracts_are_verified(installation, make):
    installation.plugin("one", make.offering(IDelivery, Half))
    installation.plugin_set()
    assert installation.errors() == ["contract-not-fulfilled"]
    assert any("send(parcel)" in p.message for p in installation.problems)


def test_kinds_and_themes_are_verified(installation, make):
    def register(register, context):  # noqa: ARG001
        kind = make.Kind("plate")
        half = type("HalfKind", (), {"declaration": kind.declaration})
        register.field_kind(implementer(IFieldKind)(half)())
        theme = type("HalfTheme", (), {"name": "blue"})
        register.theme(implementer(ITheme)(theme)())

    installation.plugin("one", register)
    installation.plugin_set()
    assert installation.errors() == ["contract-not-fulfilled"] * 2


def test_settings_have_a_known_kind(installation, make):
    odd = make.offering(IDelivery, make.Journal, settings=[Setting("x", "colour", "?")])
    installation.plugin("one", odd)
    installation.plugin_set()
    assert installation.errors() == ["bad-setting-kind"]


def test_one_broken_plugin_leaves_the_others_alone(installation, make):
    installation.plugin("one", raises)
    installation.plugin("two", kinds(make, "plate"))
    installation.plugin_set()
    with pytest.raises(ConfigurationError) as caught:
        installation.plan()
    assert [one.code for one in caught.value.problems if one.severity == "error"] == [
        "plugin-broken"
    ]


def test_one_module_is_one_plugin(installation):
    module = types.ModuleType("made_up_one")
    installation.plugin("one", right, module=module)
    installation.plugin("two", right, module=module)
    installation.plugin_set()
    assert installation.errors() == ["plugin-module-taken"]


def test_what_a_plugin_set_does_not_name_is_not_imported(tmp_path):
    """In a process of its own: an installed plugin that would not even import."""
    info = tmp_path / "acme-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[selvbetjening.plugins]\nacme_named = acme_named\nacme_spare = acme_spare\n"
    )
    (tmp_path / "acme_named.py").write_text(
        "from selvbetjening_core.hooks import hookimpl\n"
        "@hookimpl\ndef selvbetjening_register(register, context): ...\n"
    )
    (tmp_path / "acme_spare.py").write_text("raise RuntimeError\n")
    (tmp_path / "set.toml").write_text('plugins = ["acme_named"]\n')
    program = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from selvbetjening_core.composition.plugin_set import core_register, read_plugin_set
from selvbetjening_core.composition.plugins import installed_plugins
from selvbetjening_core.problems import Problems
problems = Problems()
installed = installed_plugins()
read_plugin_set(Path(sys.argv[1], "set.toml"), installed, core_register("1"), "demo", problems)
print([one.code for one in problems], {"acme_named", "acme_spare"} <= {i.name for i in installed})
print([name for name in sys.modules if name in {i.module for i in installed}])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["[] True", "['acme_named']"]
