"""While Sphinx builds: the reference is compared with what there is."""

from __future__ import annotations

from collections.abc import Iterator

import click
from complete import REFERENCE, missing_objects, missing_words
from declared import commands, registered, shipped_points
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from selvbetjening_core.cli.main import main
from selvbetjening_core.explanations import explanations
from selvbetjening_core.interfaces import ITheme

logger = logging.getLogger(__name__)


def compare(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of everything that is not in the reference."""
    there = {
        name
        for name, entry in env.domains["py"].objects.items()
        if entry.docname.startswith(REFERENCE)
    }
    for name in missing_objects(there):
        logger.warning("the reference lacks %s", name)
    for page, wanted in WORDS.items():
        text = env.get_doctree(f"{REFERENCE}{page}").astext()
        for name in missing_words(text, dict(wanted())):
            logger.warning("the page %s%s lacks %s", REFERENCE, page, name)


def settings() -> Iterator[tuple[str, str]]:
    """Every setting of every shipped plugin, with what it means."""
    for point in shipped_points():
        register = registered(point.name, point.module)
        themes = [claim.component for claim in register.claims if claim.contract is ITheme]
        for offer in (*register.offers, *themes):
            for setting in offer.settings:
                yield f"{point.name}.{setting.name}", setting.name
                yield f"{point.name}.{setting.name} (meaning)", setting.help


def codes() -> Iterator[tuple[str, str]]:
    """Every code, with what to do."""
    for one in explanations().values():
        yield one.code, one.code
        yield f"{one.code} (what to do)", one.do


def command_line() -> Iterator[tuple[str, str]]:
    """Every command, with each option."""
    above = click.Context(main, info_name="selvbetjening", **main.context_settings)
    for path, context in commands(main, above):
        yield path, path
        for parameter in context.command.params:
            yield f"{path} {parameter.name}", _shown(parameter)


def _shown(parameter: click.Parameter) -> str:
    """An option by its name, an argument by what stands for it."""
    if isinstance(parameter, click.Argument):
        return parameter.human_readable_name
    return parameter.opts[0].removeprefix("-")


WORDS = {"plugins": settings, "errors": codes, "cli": command_line}


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("env-check-consistency", compare)
    return {"parallel_read_safe": True}
