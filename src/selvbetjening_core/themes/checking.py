"""Can the templates of the themes in use be read at all? Found before a citizen asks."""

from __future__ import annotations

from pathlib import Path

import jinja2

from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.errors import DefinitionError
from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.themes.rendering import environment, with_extended


def check_templates(plan: Plan) -> None:
    """Compile every template of every theme that a municipality uses, or that such a one extends.

    What is wrong is added to the plan's problems, with the template's file and line.
    """
    done: set[Path] = set()
    for municipality in plan.municipalities.values():
        _check_theme(municipality.theme.name, municipality.plugin_set, done, plan.problems)


def _check_theme(name: str, plugin_set: PluginSet, done: set[Path], problems: Problems) -> None:
    themes = {one: plugin_set.theme(one) for one in plugin_set.themes()}
    try:
        chain = with_extended(themes[name], themes)
        templates = environment(themes[name], themes)
    except (DefinitionError, AttributeError, KeyError):
        # Told where the plugin set is read.
        return
    for theme in chain:
        for file in sorted(Path(theme.templates).rglob("*.html")):
            if file not in done:
                done.add(file)
                _check_template(file, name, templates, problems)


def _check_template(
    file: Path, theme: str, templates: jinja2.Environment, problems: Problems
) -> None:
    try:
        templates.compile(file.read_text(encoding="utf-8"), filename=str(file))
    except jinja2.TemplateSyntaxError as error:
        line, said = error.lineno, error.message or "it cannot be read"
    except (OSError, UnicodeDecodeError) as error:
        line, said = 0, type(error).__name__
    else:
        return
    problems.error(
        "theme-template",
        Place(file, line),
        f'a template of the theme "{theme}" cannot be used: {" ".join(said.split())}',
        "mend the template, or choose another theme under [theme]",
    )
