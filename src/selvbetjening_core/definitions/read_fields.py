"""Reading steps and their fields."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping

from selvbetjening_core.definitions.conditions import Operator
from selvbetjening_core.definitions.dates import TODAY
from selvbetjening_core.definitions.decision_tables import DecisionTable, table_of
from selvbetjening_core.definitions.facts import KnownFacts
from selvbetjening_core.definitions.given import (
    READ_ONLY,
    can_be_given,
    keys_of,
    read_always_read_only,
    read_only_when,
)
from selvbetjening_core.definitions.model import Field, Group, Option, Step, Text
from selvbetjening_core.definitions.read_conditions import ConditionReader
from selvbetjening_core.definitions.read_dates import DateRuleReader
from selvbetjening_core.definitions.read_groups import FinishedGroups, ReadGroup, scopes_of
from selvbetjening_core.definitions.read_keys import KEY_READERS, given_type
from selvbetjening_core.definitions.read_levels import read_level
from selvbetjening_core.definitions.read_names import check_name
from selvbetjening_core.definitions.read_options import read_listed, read_options
from selvbetjening_core.definitions.read_tables import ReadTable, with_tables
from selvbetjening_core.definitions.read_texts import LANGUAGES, Languages, read_text
from selvbetjening_core.definitions.sections import check_sections, shown_with_section
from selvbetjening_core.files import Table
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.values import KeyDeclaration, KindDeclaration

CONCEPT = re.compile(r"[A-Za-z0-9]+(\.[A-Za-z0-9]+)*")
LONGEST_CONCEPT = 100
_FIELD_KEYS = ("kind", "label", "hint", "required", "visible", "error")
_OPTION_KEYS = ("options", "option")
_ROW_KEYS = ("rows", "row")
_STEP_KEYS = ("title", "lead", "visible", "level")
KINDS_WITHOUT_LABEL = ("message",)
_EMPTY = Text({})

_RESERVED_WORDS = ("all", "any", "parameter", TODAY)
RESERVED_FIELDS = (*_RESERVED_WORDS, "csrf_token", "do", "draft", "version")
"""Words of the condition language, so that a condition can ask about every field; and
what the page of a step sends beside its fields."""
RESERVED_PARTS = (*_RESERVED_WORDS, *Operator)
"""In a group the operators as well: a part is asked about as FIELD.PART, and sent so."""


class StepReader:
    """Reads the steps of one solution.

    Twice over: first what is asked, then the conditions, which may only look back.

    :param kinds: every field kind of the plugin set, by name
    :param date_rules: reads the rules that dates are held to
    :param groups: the groups that fields may use, by name; None inside a group
    :param tables: the decision tables that may decide fields, by name
    """

    def __init__(
        self,
        kinds: Mapping[str, KindDeclaration],
        facts: KnownFacts,
        languages: Languages,
        date_rules: DateRuleReader,
        groups: Mapping[str, ReadGroup] | None = None,
        tables: Mapping[str, ReadTable] | None = None,
    ) -> None:
        self._groups = groups
        self._tables = tables or {}
        self._kinds = kinds
        self._facts = facts
        self._languages = languages
        self._date_rules = date_rules
        self._seen: dict[str, Table] = {}
        self._concepts: dict[str, Table] = {}

    def read(self, table: Table) -> tuple[tuple[Step, ...], FinishedGroups]:
        """All steps under ``[step]``, and the groups that their fields use."""
        found = list(self._steps(table))
        groups = self._finish_groups(found)
        conditions = ConditionReader(self._facts, self._date_rules)
        steps = tuple(
            self._with_conditions(step, inner, conditions, groups) for step, inner in found
        )
        steps = with_tables(steps, self._tables, self._kinds, self._facts, conditions)
        return steps, groups

    def read_group(self, table: Table, name: str) -> Group:
        """The group ``name``, without its conditions."""
        check_name(table, name, "group")
        fields = tuple(self._fields(table.named_tables(), ""))
        if not table.data:
            table.error(
                "empty-group",
                f'the group "{name}" asks nothing',
                f"add a field, [group.{name}.FIELD], or take the group out",
            )
        table.finish("a group has fields, which are tables")
        return Group(name, fields, table.place())

    def _finish_groups(self, steps: Iterable[tuple[Step, Table]]) -> FinishedGroups:
        read = self._groups or {}
        used = (field for step, _ in steps for field in step.fields)
        scopes = scopes_of(read, used, self._facts)
        groups = (
            dataclasses.replace(
                one.group,
                fields=self._fields_with_conditions(
                    one.group.fields, one.table, ConditionReader(scopes[name], self._date_rules)
                ),
            )
            for name, one in read.items()
        )
        return FinishedGroups(tuple(groups), scopes)

    def _steps(self, table: Table) -> Iterator[tuple[Step, Table]]:
        for name, inner in table.named_tables():
            check_name(inner, name, "step")
            title = read_text(inner, "title", self._languages) or _EMPTY
            lead = read_text(inner, "lead", self._languages, required=False)
            inner.raw("visible")
            level = read_level(inner, "level")
            tables = tuple(inner.named_tables(unless=_misspelt_keys(inner)))
            fields = tuple(self._fields(tables, name))
            if not tables:
                inner.error(
                    "empty-step",
                    f'the step "{name}" asks nothing',
                    f"add a field, [step.{name}.FIELD], or take the step out",
                )
            check_sections(tables)
            inner.finish(f"a step has {listed(_STEP_KEYS)}, and fields, which are tables")
            yield Step(name, title, fields, inner.place(), lead, level=level), inner

    def _fields(self, tables: Iterable[tuple[str, Table]], step_name: str) -> Iterator[Field]:
        for name, inner in tables:
            reserved = RESERVED_FIELDS if self._groups is not None else RESERVED_PARTS
            check_name(inner, name, "field", reserved)
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
        if self._groups is None and not declaration.in_group:
            self._facts.add_doubtful(name)
            table.error(
                "kind-not-in-group",
                f"a field of the kind {kind} cannot stand in a group",
                "ask it on a step, beside the field that uses the group",
                "kind",
            )
            return None
        label = read_text(table, "label", self._languages, required=kind not in KINDS_WITHOUT_LABEL)
        options = tuple(self._options(table, declaration))
        rows = tuple(self._rows(table, declaration))
        field = Field(
            name=name,
            kind=kind,
            step=step,
            label=label or _EMPTY,
            place=table.place(),
            hint=read_text(table, "hint", self._languages, required=False),
            required=_required(table, declaration),
            options=options,
            errors=self._errors(table, declaration),
            settings=self._settings(table, declaration),
            rows=rows,
            help=self._help(table, declaration),
            concept=self._concept(table, declaration),
            group=self._group(table, declaration),
            read_only=self._groups is not None and read_always_read_only(table, declaration),
        )
        table.raw("visible")
        keys = [key.name for key in self._keys(declaration)]
        if self._groups is not None and can_be_given(declaration):
            keys.append(READ_ONLY)
        table.finish(
            f"a field of the kind {kind} has: {listed((*_common_keys(declaration), *keys))}"
        )
        given = given_type(field, declaration, self._facts)
        if not given and "given" in declaration.offers.values():
            self._facts.add_doubtful(name)
        table_decides = table_of(field)
        among = table_decides.options if table_decides else options
        self._facts.add_field(
            name,
            declaration,
            tuple(option.value for option in among),
            tuple(row.value for row in rows),
            given,
        )
        if declaration.group == "once" and field.group:
            self._facts.add_parts(name, (self._groups or {})[field.group].facts)
        return field

    def _group(self, table: Table, declaration: KindDeclaration) -> str:
        if not declaration.group:
            return ""
        return table.choice("group", tuple(self._groups or ()), code="unknown-group")

    def _help(self, table: Table, declaration: KindDeclaration) -> Text | None:
        if not declaration.takes_answer:
            return None
        return read_text(table, "help", self._languages, required=False)

    def _concept(self, table: Table, declaration: KindDeclaration) -> str:
        if not (declaration.has_value and table.has("concept")):
            return ""
        concept = table.text("concept")
        if concept and not (CONCEPT.fullmatch(concept) and len(concept) <= LONGEST_CONCEPT):
            table.error(
                "bad-concept",
                f'"{concept}" cannot be the id of a concept',
                f"use letters a-z, digits, and dots between them, {LONGEST_CONCEPT} at most",
                "concept",
            )
        earlier = self._concepts.setdefault(concept, table)
        if concept and earlier is not table:
            table.error(
                "concept-asked-twice",
                f'the concept "{concept}" is already asked about on line {earlier.place().line}',
                "ask once, and use the answer in both places; or name another concept",
                "concept",
            )
        return concept

    def _settings(self, table: Table, declaration: KindDeclaration) -> dict[str, object]:
        found: dict[str, object] = {}
        for key in self._keys(declaration):
            if key.required or table.has(key.name):
                found[key.name] = self._setting(table, key)
        return found

    def _keys(self, declaration: KindDeclaration) -> tuple[KeyDeclaration, ...]:
        """Those of the kind; of a field outside groups those of a read-only one, too."""
        return declaration.keys if self._groups is None else keys_of(declaration)

    def _setting(self, table: Table, key: KeyDeclaration) -> object:
        if key.kind in KEY_READERS:
            return KEY_READERS[key.kind](table, key)
        if key.kind == "date_rule" and table.has(key.name):
            return self._date_rules.read(table, (key.name,), table.raw(key.name))
        if key.kind == "table":
            return self._table(table, key)
        if key.kind == "translated":
            return read_text(table, key.name, self._languages, required=key.required)
        if key.choices:
            return table.choice(key.name, key.choices, required=key.required)
        return table.text(key.name, required=key.required)

    def _table(self, table: Table, key: KeyDeclaration) -> DecisionTable | None:
        """The decision table that is named; its rows are read when all facts are known."""
        if self._groups is None:
            table.raw(key.name)
            table.error(
                "table-in-group",
                "a field in a group cannot be decided by a table",
                "decide it on a step, beside the field that uses the group",
                key.name,
            )
            return None
        name = table.choice(key.name, tuple(self._tables), code="unknown-table")
        return self._tables[name].decides if name else None

    def _options(self, table: Table, declaration: KindDeclaration) -> Iterator[Option]:
        if declaration.takes_options:
            yield from read_options(table, self._languages, conditional=True)

    def _rows(self, table: Table, declaration: KindDeclaration) -> Iterator[Option]:
        if not declaration.takes_rows:
            return
        for row in read_listed(table, "rows", "row", self._languages):
            check_name(table, row.value, "row", tuple(Operator))
            yield row

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

    def _with_conditions(
        self, step: Step, table: Table, reader: ConditionReader, groups: FinishedGroups
    ) -> Step:
        first = step.fields[0].name if step.fields else None
        fields = tuple(
            groups.with_parts(field)
            for field in shown_with_section(
                self._fields_with_conditions(step.fields, table, reader)
            )
        )
        return dataclasses.replace(
            step, fields=fields, visible=reader.read(table, "visible", first)
        )

    def _fields_with_conditions(
        self, fields: Iterable[Field], table: Table, reader: ConditionReader
    ) -> tuple[Field, ...]:
        return tuple(
            self._field_with_conditions(field, inner, reader)
            for field in fields
            if (inner := table.table(field.name)) is not None
        )

    def _field_with_conditions(self, field: Field, table: Table, reader: ConditionReader) -> Field:
        required_when = None
        if isinstance(table.data.get("required"), dict):
            required_when = reader.read(table, "required", field.name)
        return dataclasses.replace(
            field,
            visible=reader.read(table, "visible", field.name),
            required_when=required_when,
            read_only_when=read_only_when(field, table, reader),
            options=_options_with_conditions(field, table, reader),
        )


def _required(table: Table, declaration: KindDeclaration) -> bool:
    """Required in any case? A condition is read later, when all facts are known."""
    if isinstance(table.data.get("required"), dict):
        table.raw("required")
        return False
    return table.yes_no("required", required=False, default=declaration.has_value)


def _options_with_conditions(
    field: Field, table: Table, reader: ConditionReader
) -> tuple[Option, ...]:
    texts = table.table("option")
    if not field.options or texts is None:
        return field.options
    options = tuple(
        dataclasses.replace(option, when=reader.read(inner, "when", field.name))
        for option in field.options
        if (inner := texts.table(option.value)) is not None
    )
    if all(option.when for option in options):
        table.error(
            "no-option-left",
            "every option has a condition, so there may be nothing to choose",
            "take the condition off one option at least",
            "options",
        )
    return options


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
    return (
        *_FIELD_KEYS,
        *(("help",) if declaration.takes_answer else ()),
        *(("concept",) if declaration.has_value else ()),
        *(("group",) if declaration.group else ()),
        *(_OPTION_KEYS if declaration.takes_options else ()),
        *(_ROW_KEYS if declaration.takes_rows else ()),
    )
