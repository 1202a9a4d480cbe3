"""One step in a page of the site's own."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.errors import ConfigurationError, DefinitionError
from selvbetjening_core.forms.compiler import StepCompiler
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.forms.parse import MAX_FIELDS, TooMuch, parse_form
from selvbetjening_core.interfaces import ICompiledStep, ITheme
from selvbetjening_core.problems import Problems
from selvbetjening_core.texts import texts_for
from selvbetjening_core.texts.formats import DANISH_TIME
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.values import FormState, Rendered, StepRequest, Submitted

ASSETS = Path(__file__).parent / "static"
"""The folder with ``fragment.css``, for the site to serve. It styles a fragment and
nothing else on the page; a site may as well write its own."""

KINDS = {kind.declaration.name: kind for kind in BUILTIN_KINDS}


@dataclass(frozen=True, slots=True)
class Fragment:
    """A compiled step as the site's page shows it. Holds nobody's data; share it freely.

    The ``form`` element, the button, the session and the CSRF token are the site's.

    :param locale: the language of our own words around the fields
    """

    step: ICompiledStep
    locale: str = "da"

    def html(self, state: FormState | None = None) -> Markup:
        """The fields, and the error summary above them where something is wrong.

        :param state: what :meth:`read` returned; None for empty fields
        """
        return _wrapped(self.step.render(state or FormState(today=danish_day())), self.locale)

    def filled(self, values: Mapping[str, object]) -> FormState:
        """A state with ``values`` in the fields, for what is known beforehand.

        Values are JSON data: a date is ISO text. One that would not be accepted is left out.
        """
        return self.step.recheck(FormState(values, today=danish_day()))

    def read(self, form: object, facts: Mapping[str, object] | None = None) -> FormState:
        """What was sent: values, or errors, a finished message for each field.

        Never raises on what a citizen may have sent.

        :param form: the body as bytes; or the form as the site's framework has read it
            (Pyramid and Flask a MultiDict, Django a QueryDict, else a mapping or pairs)
        :param facts: what the server knows about the citizen
        :raises TooMuch: more fields, or more bytes, than a form of ours has
        :raises ValueError: a body that is no form
        """
        return self.step.read(Submitted(pairs_of(form), danish_day(), facts or {}))


def read_step(
    solution: str | Path, step: str, locale: str = "da", theme: ITheme = PLAIN
) -> ICompiledStep:
    """One step of a solution, compiled.

    :param solution: the folder with its ``solution.toml``
    :raises ConfigurationError: the solution is wrong; its notes name every mistake
    :raises DefinitionError: it has no such step
    :raises NotInstalled: the extra ``[web]`` is missing
    """
    problems = Problems()
    declared = {name: kind.declaration for name, kind in KINDS.items()}
    found = read_solution(Path(solution), declared, danish_day(), problems)
    if found is None or problems.count_errors():
        raise ConfigurationError(problems)
    wanted = found.step(step)
    if wanted is None:
        names = ", ".join(one.name for one in found.steps)
        raise DefinitionError(f'{solution} has no step "{step}"; there are {names}')
    request = StepRequest(found, wanted, locale, theme, {PLAIN.name: PLAIN}, KINDS)
    return StepCompiler().compile(request)


def pairs_of(form: Any) -> tuple[tuple[str, str], ...]:
    """Name and value pairs, whatever the site's framework keeps them in.

    :raises TooMuch: more fields than a form of ours has
    :raises ValueError: bytes that are no form
    """
    if isinstance(form, bytes):
        return parse_form(form)
    pairs = tuple((str(name), value) for name, value in _items(form) if isinstance(value, str))
    if len(pairs) > MAX_FIELDS:
        raise TooMuch(f"a form may have at most {MAX_FIELDS} fields")
    return pairs


def danish_day() -> datetime.date:
    """Today, in Denmark."""
    return datetime.datetime.now(tz=DANISH_TIME).date()


def _items(form: Any) -> Iterable[tuple[Any, Any]]:
    if hasattr(form, "lists"):
        # Django and Werkzeug: lists of values by name.
        return ((name, value) for name, values in form.lists() for value in values)
    if hasattr(form, "items"):
        # WebOb gives every pair; an ordinary mapping has one value for each name.
        found: Iterable[tuple[Any, Any]] = form.items()
        return found
    pairs: Iterable[tuple[Any, Any]] = form
    return pairs


def _wrapped(rendered: Rendered, locale: str) -> Markup:
    html = _template().render(
        t=texts_for(locale),
        id="selvbetjening-errors",
        links=rendered.error_links,
        fields=Markup(rendered.html),  # noqa: S704 - finished by the compiled step
    )
    return Markup(html)  # noqa: S704 - escaped by the template


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("fragment.html")
