"""Reading steps and their fields."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from selvbetjening_core.definitions.conditions import Condition
from selvbetjening_core.definitions.facts import KnownFacts
from selvbetjening_core.definitions.model import Field, Option, Step, Text
from selvbetjening_core.definitions.read_conditions import ConditionReader
from selvbetjening_core.definitions.read_texts import (
    LANGUAGES,
    Languages,
    finish_text,
    read_text,
    text_table,
    whole_text,
)
from selvbetjening_core.files import Table
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.values import KeyDeclaration, KindDeclaration

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FIELD_KEYS = ("kind", "label", "hint", "required", "visible", "error")
_OPTION_KEYS = ("options", "option")
_STEP_KEYS = ("title", "lead", "visible")
_EMPTY = Text({})

RESERVED_FIELDS = ("all", "any", "parameter")
"""Words of the condition language: a condition could not ask about such a field."""


class StepReader:
    """Reads the steps of one solution.

    Twice over: first what is asked, then the conditions, which may only look back.

    :param kinds: every field kind of the plugin set, by name
    """

    def __init__(
        self, kinds: Mapping[str, KindDeclaration], facts: KnownFacts, languages: Languages
    ) -> None:
        self._kinds = kinds
        self._facts = facts
        self._languages = languages
        self._seen: dict[str, Table] = {}

    def read(self, table: Table) -> tuple[Step, ...]:
        """All steps under ``[step]``."""
        found = list(self._steps(table))
        conditions = ConditionReader(self._facts)
        return tuple(self._with_conditions(step, inner, conditions) for step, inner in found)

    def _steps(self, table: Table) -> Iterator[tuple[Step, Table]]:
        for name, inner in table.named_tables():
            check_name(inner, name, "step")
            title = read_text(inner, "title", self._languages) or _EMPTY
            lead = read_text(inner, "lead", self._languages, required=False)
            inner.raw("visible")
            tables = tuple(inner.named_tables(unless=_misspelt_keys(inner)))
            fields = tuple(self._fields(tables, name))
            if not tables:
                inner.error(
                    "empty-step",
                    f'the step "{name}" asks nothing',
                    f"add a field, [step.{name}.FIELD], or take the step out",
                )
            inner.finish(f"a step has {listed(_STEP_KEYS)}, and fields, which are tables")
            yield Step(name, title, fields, inner.place(), lead), inner

    def _fields(self, tables: Iterable[tuple[str, Table]], step_name: str) -> Iterator[Field]:
        for name, inner in tables:
            check_name(inner, name, "field", RESERVED_FIELDS)
            self._check_once(name, inner)
            field = self._field(inner, name, step_name)
            if field is not None:
                yield field

    def _check_once(self, name: str, table: Table) -> None:
        earlier = self._seen.setdefault(name, table)
        if earlier is not table:
            table.error(
                "duplicate-field",
                f'the field "{name}" is already on line {earlier.place().line}',
                "give one of them another name; names are unique in a solution",
            )

    def _field(self, table: Table, name: str, step: str) -> Field | None:
        kind = table.choice("kind", tuple(self._kinds), code="unknown-field-kind")
        declaration = self._kinds.get(kind)
        if declaration is None:
            self._facts.add_doubtful(name)
            table.give_up()
            return None
        label = read_text(table, "label", self._languages, required=kind != "message")
        options = tuple(self._options(table, declaration))
        field = Field(
            name=name,
            kind=kind,
            step=step,
            label=label or _EMPTY,
            place=table.place(),
            hint=read_text(table, "hint", self._languages, required=False),
            required=table.yes_no("required", required=False, default=declaration.takes_answer),
            options=options,
            errors=self._errors(table, declaration),
            settings=_settings(table, declaration, self._languages),
        )
        table.raw("visible")
        keys = [key.name for key in declaration.keys]
        table.finish(
            f"a field of the kind {kind} has: {listed((*_common_keys(declaration), *keys))}"
        )
        self._facts.add_field(name, declaration, tuple(option.value for option in options))
        return field

    def _options(self, table: Table, declaration: KindDeclaration) -> Iterator[Option]:
        if not declaration.takes_options:
            return
        texts = table.table("option", required=True)
        values = table.text_list("options")
        if table.data.get("options") == list(values[:1]) != []:
            table.error(
                "too-few-options",
                "a choice between one thing is none",
                "add options, or ask in another way (yes_no, consent)",
                "options",
            )
        if texts is None:
            return
        for value in values:
            inner = text_table(texts, value)
            if inner is not None:
                hint = read_text(inner, "hint", self._languages, required=False)
                label = whole_text(inner, self._languages)
                finish_text(inner)
                yield Option(value, label, hint)
        texts.finish(f"the options are: {listed(values)}")

    def _errors(self, table: Table, declaration: KindDeclaration) -> dict[str, Text]:
        inner = table.table("error")
        if inner is None:
            return {}
        errors: dict[str, Text] = {}
        for code in declaration.errors:
            text = read_text(inner, code, self._languages, required=False)
            if text is not None:
                errors[code] = text
        inner.finish(f"a field of this kind can fail with: {listed(declaration.errors)}")
        return errors

    def _with_conditions(self, step: Step, table: Table, reader: ConditionReader) -> Step:
        first = step.fields[0].name if step.fields else None
        fields = tuple(
            dataclasses.replace(field, visible=self._field_condition(field, table, reader))
            for field in step.fields
        )
        return dataclasses.replace(
            step, fields=fields, visible=reader.read(table, "visible", first)
        )

    def _field_condition(
        self, field: Field, step: Table, reader: ConditionReader
    ) -> Condition | None:
        inner = step.table(field.name)
        return None if inner is None else reader.read(inner, "visible", field.name)


def check_name(table: Table, name: str, what: str, reserved: Sequence[str] = ()) -> None:
    """A name is short, lower case, without spaces or Danish letters, and free."""
    if not NAME.fullmatch(name):
        table.error(
            "bad-name",
            f'"{name}" cannot be the name of a {what}',
            "use a-z, 0-9 and _, beginning with a letter, 40 characters at most",
        )
    elif name in reserved:
        table.error(
            "reserved-name",
            f'"{name}" cannot be the name of a {what}: the word has another use',
            f"choose another name (not one of: {listed(reserved)})",
        )


def _misspelt_keys(step: Table) -> frozenset[str]:
    """Tables of a step that are no fields: texts, and keys that are nearly a step's."""
    return frozenset(
        key
        for key, value in step.data.items()
        if isinstance(value, dict)
        and "kind" not in value
        and (set(value) <= set(LANGUAGES) or closest(key, _STEP_KEYS))
    )


def _common_keys(declaration: KindDeclaration) -> tuple[str, ...]:
    return (*_FIELD_KEYS, *(_OPTION_KEYS if declaration.takes_options else ()))


def _settings(
    table: Table, declaration: KindDeclaration, languages: Languages
) -> dict[str, object]:
    found: dict[str, object] = {}
    for key in declaration.keys:
        if key.required or table.has(key.name):
            found[key.name] = _setting(table, key, languages)
    return found


def _setting(table: Table, key: KeyDeclaration, languages: Languages) -> object:
    if key.kind == "number":
        return table.number(key.name, required=key.required)
    if key.kind == "yes_no":
        return table.yes_no(key.name, required=key.required)
    if key.kind == "date":
        return table.date(key.name, required=key.required)
    if key.kind == "translated":
        return read_text(table, key.name, languages, required=key.required)
    if key.choices:
        return table.choice(key.name, key.choices, required=key.required)
    return table.text(key.name, required=key.required)
