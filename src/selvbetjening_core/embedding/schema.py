"""A colander schema of the site's own as a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.model import Field, Step, Text
from selvbetjening_core.embedding.fragment import KINDS
from selvbetjening_core.embedding.schema_nodes import field_of, name_of_type
from selvbetjening_core.embedding.stock import is_stock
from selvbetjening_core.errors import DefinitionError, NotInstalled
from selvbetjening_core.forms.messages import INVALID, error_message
from selvbetjening_core.interfaces import ICompiledStep, ITheme
from selvbetjening_core.problems import Place
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.values import FormState, Rendered, Submitted


@implementer(ICompiledStep)
class SchemaStep:
    """A step made from a schema. Holds nobody's data; share it freely.

    Our fields read and show what was typed, with our markup and messages. Then the
    schema itself has the last word, with its own validators and preparers.
    """

    def __init__(self, schema: Any, compiled: Any, locale: str) -> None:
        self.step: Step = compiled.step
        self._schema = schema
        self._compiled = compiled
        self._locale = locale

    def render(self, state: FormState) -> Rendered:
        """The fields, with values and errors. Personal data: the answers."""
        found: Rendered = self._compiled.render(state)
        return found

    def read(self, submitted: Submitted) -> FormState:
        """Values, or a finished message for each field that has none.

        What the schema says in its own words is shown as it is; colander's stock
        sentences are not, but ours. Never raises on bad input.
        """
        state: FormState = self._compiled.read(submitted)
        told = self._told_by_fields(state) if state.errors else self._told_by_schema(state)
        if not told:
            return state
        # In the order of the page, as the summary above the fields shows them.
        found = {**state.errors, **told}
        errors = {one.name: found[one.name] for one in self.step.fields if one.name in found}
        values = {name: value for name, value in state.values.items() if name not in errors}
        return FormState(values, state.typed, errors, state.facts, state.today)

    def press(self, submitted: Submitted, button: str) -> FormState:
        """What the page holds after one of its own buttons was pressed."""
        found: FormState = self._compiled.press(submitted, button)
        return found

    def recheck(self, state: FormState) -> FormState:
        """Of the values in ``state``, those that would be accepted today."""
        found: FormState = self._compiled.recheck(state)
        return found

    def appstruct(self, state: FormState) -> Mapping[str, object]:
        """What the schema itself makes of the answers: dates as dates, numbers as numbers.

        :raises colander.Invalid: the state has errors, or was not read by this step
        """
        found: Mapping[str, object] = self._schema.deserialize(self._cstruct(state))
        return found

    def _told_by_schema(self, state: FormState) -> dict[str, str]:
        try:
            self._schema.deserialize(self._cstruct(state))
        except colander.Invalid as invalid:
            return dict(self._errors(invalid))
        return {}

    def _told_by_fields(self, state: FormState) -> dict[str, str]:
        """What single fields say: about all answers together, while some are wrong, nobody can."""
        cstruct = self._cstruct(state)
        told: dict[str, str] = {}
        for field, node in zip(self.step.fields, self._schema.children, strict=True):
            if field.name in state.errors:
                continue
            try:
                node.deserialize(cstruct.get(field.name, colander.null))
            except colander.Invalid as invalid:
                told[field.name] = self._message(field, invalid)
        return told

    def _cstruct(self, state: FormState) -> dict[str, object]:
        told: dict[str, object] = {}
        for field in self.step.fields:
            value = state.values.get(field.name)
            if isinstance(value, bool):
                told[field.name] = "true" if value else "false"
            elif value is not None:
                told[field.name] = str(value)
            elif field.kind == "consent":
                # No tick is an answer to a schema.
                told[field.name] = "false"
        return told

    def _errors(self, invalid: colander.Invalid) -> Iterator[tuple[str, str]]:
        by_name = {field.name: field for field in self.step.fields}
        for child in invalid.children:
            field = by_name.get(child.node.name)
            if field is not None:
                yield field.name, self._message(field, child)
        if not any(child.node.name in by_name for child in invalid.children):
            # About the answers together: told at the first of them.
            first = self.step.fields[0]
            yield first.name, self._message(first, invalid)

    def _message(self, field: Field, invalid: colander.Invalid) -> str:
        for message in invalid.messages():
            if message and not is_stock(message):
                interpolate = getattr(message, "interpolate", None)
                return str(interpolate() if interpolate else message)
        return error_message(field, INVALID, {}, self._locale)


def step_from_schema(
    schema: Any, *, title: str = "", locale: str = "da", theme: ITheme = PLAIN
) -> SchemaStep:
    """An ordinary colander schema as a step, with our markup and Danish messages.

    Understood are ``String``, ``Integer``, ``Date`` and ``Boolean``; the widgets
    ``TextInputWidget``, ``TextAreaWidget``, ``RadioChoiceWidget``, ``SelectWidget`` (one
    answer), ``CheckboxWidget`` and ``DateInputWidget``; and every validator.

    :param schema: an instance; bound, if it has deferred values
    :raises DefinitionError: something cannot be mapped; the message names field and
        reason, all of them together
    :raises NotInstalled: the extra ``[web]`` is missing
    """
    try:
        from selvbetjening_core.forms.compiled import CompiledStep  # noqa: PLC0415
        from selvbetjening_core.forms.makers import view_maker  # noqa: PLC0415
        from selvbetjening_core.forms.questions import FieldPlan  # noqa: PLC0415
        from selvbetjening_core.themes.rendering import environment  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise NotInstalled("Compiling forms", "web") from error
    step = _step(schema, title, locale)
    jinja = environment(theme, {PLAIN.name: PLAIN})
    plans = tuple(
        FieldPlan(field, KINDS, view_maker(field, KINDS[field.kind], locale, jinja))
        for field in step.fields
    )
    return SchemaStep(schema, CompiledStep(step, locale, plans), locale)


def _step(schema: Any, title: str, locale: str) -> Step:
    if name_of_type(schema) != "Mapping":
        raise DefinitionError(f"{schema!r} is no schema of named fields (colander.Schema)")
    if not schema.children:
        raise DefinitionError("the schema has no fields")
    place = Place(Path(type(schema).__module__), 0)
    problems: list[str] = []
    fields = []
    for node in schema.children:
        try:
            fields.append(field_of(node, locale, place))
        except DefinitionError as error:
            problems.append(str(error))
    names = [field.name for field in fields]
    problems += [f'the name "{name}" stands twice' for name in {*names} if names.count(name) > 1]
    if problems:
        raise DefinitionError("; ".join(problems))
    shown = title or str(schema.title or "")
    return Step(schema.name or "schema", Text({locale: shown}), tuple(fields), place)
