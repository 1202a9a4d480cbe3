"""What is compiled for a step: a plan for each field, and for each row of a field."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import cast

import jinja2
from markupsafe import Markup

from selvbetjening_core.definitions.model import Field, Text
from selvbetjening_core.forms.compiled import CompiledStep
from selvbetjening_core.forms.composed import CompiledRow, Composition, Frame
from selvbetjening_core.forms.control_parts import field_id
from selvbetjening_core.forms.given_view import GivenOrAsked
from selvbetjening_core.forms.groups import ROWS, row_name
from selvbetjening_core.forms.kinds.groups import MOST_ROWS
from selvbetjening_core.forms.makers import ViewMaker, view_maker
from selvbetjening_core.forms.questions import FieldPlan
from selvbetjening_core.forms.segments import NotCompilable, Segments, compile_template
from selvbetjening_core.forms.sent_rows import RowNames
from selvbetjening_core.forms.views import help_html, static_context
from selvbetjening_core.values import StepRequest

_CAN_AND_IS_WRONG = tuple(itertools.product((True, False), repeat=2))


def compiled_step(
    request: StepRequest, environment: jinja2.Environment, prefix: str = ""
) -> CompiledStep:
    """The step; with a ``prefix`` before the names of its inputs where it is a row."""
    locale = request.locale
    plans = tuple(
        FieldPlan(
            field,
            request.kinds,
            composition(field, request, environment)
            if request.kinds[field.kind].declaration.group
            else _maker(field, request, environment, prefix),
            help_html(field, locale, environment, prefix),
            prefix,
        )
        for field in request.step.fields
    )
    return CompiledStep(request.step, locale, plans)


def _maker(
    field: Field, request: StepRequest, environment: jinja2.Environment, prefix: str
) -> ViewMaker:
    kinds, locale = request.kinds, request.locale
    asked = view_maker(field, kinds[field.kind], locale, environment, prefix)
    if not field.can_be_given:
        return asked
    return GivenOrAsked(field, kinds, locale, environment, prefix, asked)


def composition(field: Field, request: StepRequest, environment: jinja2.Environment) -> Composition:
    """A field that uses a group, its frames and its rows compiled."""
    is_rows = request.kinds[field.kind].declaration.group == ROWS
    template = environment.get_template(f"fields/{'rows' if is_rows else 'group'}.html")
    add = field.settings.get("add")
    static = {
        **static_context(field, request.locale),
        "add": add.in_language(request.locale) if isinstance(add, Text) else "",
    }
    frames = {
        (can_add, is_wrong): _frame(
            template,
            {**static, "can_add": can_add, "error": None},
            ("content", "focus", *(("error",) if is_wrong else ())),
        )
        for can_add, is_wrong in _CAN_AND_IS_WRONG
    }
    rows = _Rows(field, request, environment, MOST_ROWS if is_rows else 0)
    return Composition(field, request.kinds, request.locale, rows.get, frames)


@dataclass(frozen=True, slots=True)
class Filled:
    """A template that has been cut into text and slots."""

    segments: Segments

    def __call__(self, *slots: str) -> str:
        """The text with the slots filled."""
        return self.segments.fill(slots)


class _Rows:
    """The rows of a field, each compiled when it is first asked for. There are few."""

    def __init__(
        self, field: Field, request: StepRequest, environment: jinja2.Environment, most: int
    ) -> None:
        self._field = field
        self._names = RowNames(field.name, most)
        self._request = replace(request, step=replace(request.step, fields=field.parts))
        self._environment = environment
        self._compiled: dict[int, CompiledRow] = {}

    def get(self, number: int) -> CompiledRow:
        """The row ``number``."""
        found = self._compiled.get(number)
        if found is None:
            # Two at once make it twice, and either is right.
            found = self._compiled[number] = self._compile(number)
        return found

    def _compile(self, number: int) -> CompiledRow:
        step = compiled_step(self._request, self._environment, self._names.prefix(number))
        if not self._names.most:
            return CompiledRow(step, dict.fromkeys((True, False), _content_alone))
        template = self._environment.get_template("fields/row.html")
        static = {
            **static_context(self._field, self._request.locale),
            "number": number,
            "row_id": field_id(f"{self._field.name}.{number}"),
            "called": row_name(self._field, number, self._request.locale),
        }
        slots = ("origin", "content", "focus")
        return CompiledRow(
            step,
            {
                can_remove: _frame(template, {**static, "can_remove": can_remove}, slots)
                for can_remove in (True, False)
            },
        )


def _frame(template: jinja2.Template, static: dict[str, object], slots: tuple[str, ...]) -> Frame:
    """The template ready to be filled; rendered anew where it does not allow that."""

    def render(values: tuple[str, ...]) -> str:
        return template.render({**static, **dict(zip(slots, values, strict=True))})

    try:
        return Filled(compile_template(lambda values: render(tuple(values)), len(slots)))
    except NotCompilable:
        return cast("Frame", lambda *values: render(values))


def _content_alone(*slots: str) -> str:
    return Markup(slots[1])  # noqa: S704 - the finished HTML of the parts
