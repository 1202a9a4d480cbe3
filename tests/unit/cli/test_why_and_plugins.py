"""``why`` and ``plugins`` on the shipped demo: the whole output."""

from __future__ import annotations

import inspect
import re
import shutil
import tomllib
from importlib import metadata

import pytest

import selvbetjening_demo.payment
from selvbetjening_core.composition.plugins import installed_plugins
from selvbetjening_dkfds.theme import DkfdsTheme

COMMON = 'payment      = "card"'
VERSION = metadata.version("selvbetjening")


def line_of(file, text):
    rows = [row.split("#")[0].strip() for row in file.read_text(encoding="utf-8").split("\n")]
    return f"{file}:{rows.index(text) + 1}"


def code_of_payment():
    for _, factory in inspect.getmembers(selvbetjening_demo.payment, inspect.isclass):
        if hasattr(factory, "refund") and factory.__module__ == "selvbetjening_demo.payment":
            return f"{inspect.getsourcefile(factory)}:{inspect.getsourcelines(factory)[1]}"
    raise AssertionError("no payment component in the demo")


def test_why_in_a_municipality_with_one_binding(run, demo):
    done = run("why", "payment", "-m", "0773", "-s", "sundhedskort", "-c", str(demo))
    file = demo / "municipalities" / "0773.toml"
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "payment in sundhedskort at 0773:",
        "  component  card",
        f"  plugin     demo_payment {VERSION}  ({code_of_payment()})",
        f"  configured {line_of(file, '[component.card]')}",
        f"  bound      {line_of(file, COMMON)}, for all solutions",
        "hides: nothing",
    ]


def test_why_in_a_municipality_with_a_binding_of_the_solutions_own(run, demo):
    done = run("why", "payment", "-m", "0751", "-s", "sundhedskort", "-c", str(demo))
    file = demo / "municipalities" / "0751.toml"
    own = line_of(file, 'payment = "phone_payment"')
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "payment in sundhedskort at 0751:",
        "  component  phone_payment",
        f"  plugin     demo_payment {VERSION}  ({code_of_payment()})",
        f"  configured {line_of(file, '[component.phone_payment]')}",
        f'  bound      {own}, for the solution "sundhedskort"',
        "hides:",
        "    component  card",
        f"    plugin     demo_payment {VERSION}  ({code_of_payment()})",
        f"    configured {line_of(file, '[component.card]')}",
        f"    bound      {line_of(file, COMMON)}, for all solutions",
    ]


@pytest.mark.parametrize(
    ("role", "municipality", "solution", "told"),
    [
        ("payment", "0737", "sundhedskort", 'did you mean "0773"? (there is: 0751, 0773)'),
        ("payment", "0773", "sundhedskrot", 'did you mean "sundhedskort"?'),
        ("paymetn", "0773", "sundhedskort", 'did you mean "payment"?'),
        ("", "0773", "sundhedskort", "case_system, notification"),
    ],
)
def test_why_of_what_there_is_not(run, demo, role, municipality, solution, told):
    done = run("why", role, "-m", municipality, "-s", solution, "-c", str(demo))
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_why_the_pages_look_as_they_do(run, demo):
    done = run("why", "theme", "-m", "0773", "-c", str(demo))
    code = f"{inspect.getsourcefile(DkfdsTheme)}:{inspect.getsourcelines(DkfdsTheme)[1]}"
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "theme at 0773:",
        "  theme      dkfds",
        f"  plugin     dkfds {VERSION}  ({code})",
        f"  configured {line_of(demo / 'municipalities' / '0773.toml', '[theme]')}",
        "extends: plain",
    ]


def test_why_the_pages_look_plain_where_nothing_is_chosen(run, demo, tmp_path):
    folder = shutil.copytree(demo, tmp_path / "installation")
    file = folder / "municipalities" / "0773.toml"
    text = file.read_text("utf-8")
    file.write_text(re.sub(r"(?m)^\[theme\]\n(?:.+\n)*", "", text), "utf-8")
    done = run("why", "theme", "-m", "0773", "-c", str(folder))
    assert "  theme      plain" in done.stdout
    assert f"  plugin     core {VERSION}" in done.stdout
    assert "  configured nowhere" in done.stdout
    assert done.stdout.endswith("extends: nothing\n")


def test_only_the_theme_is_asked_for_without_a_solution(run, demo):
    done = run("why", "payment", "-m", "0773", "-c", str(demo))
    assert done.returncode == 2
    assert "--solution" in done.stderr
    done = run("why", "theme", "-m", "0737", "-c", str(demo))
    assert done.returncode == 2
    assert 'did you mean "0773"?' in done.stderr


def test_plugins_lists_all_with_version_contracts_and_settings(run, demo):
    done = run("plugins", "-c", str(demo))
    assert done.returncode == 0
    rows = [row.strip() for row in done.stdout.splitlines()]
    named = tomllib.loads((demo / "plugin_sets" / "standard.toml").read_text("utf-8"))["plugins"]
    shipped = [one for one in installed_plugins() if one.name in named]
    assert len(shipped) >= 6
    for plugin in shipped:
        assert f"{plugin.name} {VERSION}" in rows
    contracts = [row.partition(":")[0] for row in rows if ": " in row and "(" not in row]
    assert {"identity", "prefill", "payment", "delivery", "receipt"} <= set(contracts)
    assert any(row.startswith("seal_key (secret, required): ") for row in rows)
    assert any(row.startswith("timeout (number, at least 1, default 10): ") for row in rows)
    assert any(row.startswith("look (borger.dk|virk|municipality, required): ") for row in rows)
    assert any(row.startswith("colour (text, optional): ") for row in rows)
    assert rows.index(f"dkfds {VERSION}") == rows.index("shared by all municipalities:") - 6
    assert f"theme:plain  (core {VERSION})" in rows
    assert f"form  (core {VERSION})" in rows


def test_plugins_without_a_component_are_listed_too(run, demo, tmp_path):
    site, folder = tmp_path / "site", tmp_path / "installation"
    info = site / "acme-2.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 2.0\n")
    (info / "entry_points.txt").write_text("[selvbetjening.plugins]\nacme_quiet = acme_quiet\n")
    (site / "acme_quiet.py").write_text(
        "from selvbetjening_core.hooks import hookimpl\n"
        "@hookimpl\ndef selvbetjening_register(register, context): ...\n"
    )
    shutil.copytree(demo, folder)
    plugin_set = folder / "plugin_sets" / "standard.toml"
    text = plugin_set.read_text(encoding="utf-8")
    plugin_set.write_text(text.replace('"mail",', '"mail", "acme_quiet",'), encoding="utf-8")
    done = run("plugins", "-c", str(folder), PYTHONPATH=str(site))
    assert done.returncode == 0, done.stdout
    assert "acme_quiet 2.0" in done.stdout
