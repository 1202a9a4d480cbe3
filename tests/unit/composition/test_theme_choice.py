"""A municipality's theme: found, set, and every mistake told at its line."""

from __future__ import annotations

import pytest

from selvbetjening_core.values import Look, Setting

FILE = "municipalities/0773.toml"
SETTINGS = (
    Setting("colour", "text", "The colour."),
    Setting("logo", "path", "The logo.", required=False),
)
ODD_LOOKS = {
    "none": None,
    "values": {"colour": "navy"},
    "text": Look({}, {"look.css": "a text"}),
    "warning": Look(warnings="grey is dull"),
}


def by_settings(context):
    if context.text("colour") == "pink":
        raise ValueError("pink is too pale; choose a darker colour")
    if context.text("colour") == "broken":
        raise KeyError("oh")
    if context.text("colour") in ODD_LOOKS:
        return ODD_LOOKS[context.text("colour")]
    warnings = ("grey is dull",) if context.text("colour") == "grey" else ()
    return Look({"colour": context.text("colour"), "logo": context.text("logo")}, {}, warnings)


@pytest.fixture
def themed(installation, make):
    def register(register, context):  # noqa: ARG001 - as the hook wants it
        register.theme(make.Theme("blue", SETTINGS, by_settings))

    installation.plugin("blue_theme", register)
    installation.plugin_set()

    def themed(lines):
        installation.municipality("0773", more=f"\n[theme]\n{lines}\n")
        return installation

    return themed


def test_without_a_choice_the_theme_is_plain(installation):
    choice = installation.plan().municipalities["0773"].theme
    assert (choice.name, choice.look) == ("plain", Look())


def test_the_theme_gets_its_settings(themed):
    installation = themed('name = "blue"\ncolour = "navy"\nlogo = "art/logo.svg"')
    choice = installation.plan().municipalities["0773"].theme
    assert choice.name == "blue"
    logo = str((installation.folder / "art/logo.svg").resolve())
    assert choice.look.values == {"colour": "navy", "logo": logo}


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ('name = "bleu"', ["unknown-theme"]),
        ('colour = "navy"', ["missing-key"]),
        ('name = "blue"', ["missing-key"]),
        ('name = "blue"\ncolour = 5', ["wrong-type"]),
        ('name = "blue"\ncolour = "navy"\ncolor = "navy"', ["unknown-key"]),
        ('name = "plain"\ncolour = "navy"', ["unknown-key"]),
        ('name = "blue"\ncolour = "pink"', ["theme-unusable"]),
        ('name = "blue"\ncolour = "broken"', ["theme-unusable"]),
        *((f'name = "blue"\ncolour = "{odd}"', ["theme-unusable"]) for odd in ODD_LOOKS),
    ],
)
def test_one_mistake_is_one_problem(themed, lines, codes):
    installation = themed(lines)
    assert installation.errors() == codes
    (problem,) = (one for one in installation.problems if one.severity == "error")
    text = problem.place.file.read_text(encoding="utf-8").splitlines()
    assert problem.place.line > text.index("[theme]")


def test_the_themes_own_sentence_is_told(themed):
    installation = themed('name = "blue"\ncolour = "pink"')
    installation.errors()
    assert "pink is too pale" in next(iter(installation.problems)).message


def test_a_secret_that_a_theme_lacks_is_told_with_what_to_do(installation, make):
    def register(register, context):  # noqa: ARG001 - as the hook wants it
        settings = (Setting("token", "secret", "The token."),)
        register.theme(make.Theme("blue", settings, by_settings))

    installation.plugin("blue_theme", register)
    installation.plugin_set()
    chosen = '\n[theme]\nname = "blue"\ntoken = "env:MADE_UP_NONE"\n'
    installation.municipality("0773", more=chosen)
    installation.errors()
    (problem,) = installation.problems
    assert problem.code == "theme-unusable"
    assert "cannot be used so: the environment variable MADE_UP_NONE is not" in problem.message
    assert problem.advice == "set the environment variable MADE_UP_NONE"


def test_the_form_without_settings_is_told_what_to_write_instead(installation):
    file = installation.folder / FILE
    installation.municipality("0773")
    file.write_text('theme = "plain"\n' + file.read_text("utf-8"), "utf-8")
    assert installation.errors() == ["theme-is-no-table"]
    (problem,) = (one for one in installation.problems if one.severity == "error")
    assert problem.place.line == 1
    assert '[theme] and name = "plain"' in problem.advice


def test_what_the_theme_warns_of_is_a_warning(themed):
    installation = themed('name = "blue"\ncolour = "grey"')
    assert installation.errors() == []
    assert [p.message for p in installation.problems if p.code == "theme"] == ["grey is dull"]


def test_a_theme_that_is_none_is_told_once(installation):
    def register(register, context):  # noqa: ARG001
        register.theme(type("NoTheme", (), {"name": "blue"})())

    installation.plugin("one", register)
    installation.plugin_set()
    installation.municipality("0773", more='\n[theme]\nname = "blue"\n')
    assert installation.errors() == ["contract-not-fulfilled"]


def test_the_settings_of_a_theme_have_a_known_kind(installation, make):
    def register(register, context):  # noqa: ARG001
        register.theme(make.Theme("blue", (Setting("x", "colour", "?"),)))

    installation.plugin("one", register)
    installation.plugin_set()
    assert installation.errors() == ["bad-setting-kind"]


@pytest.mark.parametrize(
    ("extends", "told"),
    [
        ({"blue": "gone"}, ['extends "gone", which is not here']),
        ({"blue": "blue"}, ["extends itself"]),
        ({"blue": "red", "red": "blue"}, ["extends itself", "extends itself"]),
        ({"blue": "red", "red": "gone"}, ['"red" of the plugin "one" extends "gone"']),
        ({"blue": "red", "red": "plain"}, []),
    ],
)
def test_a_theme_extends_one_that_is_here(installation, make, extends, told):
    def register(register, context):  # noqa: ARG001
        for name, other in extends.items():
            register.theme(make.Theme(name, extends=other))

    installation.plugin("one", register)
    installation.plugin_set()
    assert installation.errors() == ["theme-extends"] * len(told)
    for problem, sentence in zip(installation.problems, told, strict=False):
        assert sentence in problem.message
