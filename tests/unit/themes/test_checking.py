"""Faults in a theme's templates are found by ``check``, before a citizen asks for the page."""

from __future__ import annotations

import types
from pathlib import Path

import pytest
from zope.interface import implementer

from selvbetjening_core.interfaces import ITheme
from selvbetjening_core.problems import Problems
from selvbetjening_core.themes.checking import check_templates
from selvbetjening_core.themes.plain import PLAIN


@implementer(ITheme)
class Blue:
    name = "blue"
    extends = "plain"
    settings = ()

    def __init__(self, folder: Path) -> None:
        self.templates = self.static = folder

    def look(self, context): ...


@pytest.fixture
def checked(tmp_path):
    """Problems in templates of a theme, in a municipality that uses it."""

    def check(theme="blue", **templates):
        for name, text in templates.items():
            (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
        themes = {"plain": PLAIN, "blue": Blue(tmp_path)}
        plugin_set = types.SimpleNamespace(themes=lambda: tuple(themes), theme=themes.__getitem__)
        municipality = types.SimpleNamespace(
            theme=types.SimpleNamespace(name=theme), plugin_set=plugin_set
        )
        problems = Problems()
        check_templates(
            types.SimpleNamespace(municipalities={"0773": municipality}, problems=problems)
        )
        return list(problems)

    return check


def test_a_template_that_cannot_be_read_is_told_with_its_line(checked):
    (problem,) = checked(home="<p>\n{% if x %}\n", intro="{{ title }}")
    assert problem.code == "theme-template"
    assert (problem.place.file.name, problem.place.line) == ("home.html", 2)


def test_a_filter_that_does_not_exist_is_told(checked):
    (problem,) = checked(home="{{ title | shout }}")
    assert "shout" in problem.message


def test_the_shipped_theme_is_right_and_one_that_nobody_uses_is_not_looked_at(checked):
    assert checked(theme="plain", home="{% if") == []
