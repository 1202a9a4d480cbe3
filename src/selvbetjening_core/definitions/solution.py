"""Reading a solution's definition file as a whole, every problem at once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from selvbetjening_core.definitions.check_keys import check_group_keys, check_keys, facts_named
from selvbetjening_core.definitions.check_prices import check_prices
from selvbetjening_core.definitions.check_tables import check_tables
from selvbetjening_core.definitions.check_without_login import check_without_login
from selvbetjening_core.definitions.conditions import Condition, comparisons
from selvbetjening_core.definitions.decision_tables import table_of
from selvbetjening_core.definitions.facts import PARAMETER_TYPES, FactType, KnownFacts
from selvbetjening_core.definitions.model import (
    Destination,
    Law,
    Parameter,
    PriceRow,
    Retention,
    Solution,
    Step,
    Text,
)
from selvbetjening_core.definitions.read_amounts import read_amount
from selvbetjening_core.definitions.read_conditions import ConditionReader
from selvbetjening_core.definitions.read_dates import DateRuleReader, read_days_off
from selvbetjening_core.definitions.read_fields import StepReader
from selvbetjening_core.definitions.read_groups import FinishedGroups, ReadGroup
from selvbetjening_core.definitions.read_levels import (
    check_levels,
    read_least_level,
    read_level,
    read_login_minutes,
)
from selvbetjening_core.definitions.read_names import NAME, check_name
from selvbetjening_core.definitions.read_tables import read_tables
from selvbetjening_core.definitions.read_texts import (
    LANGUAGES,
    Languages,
    read_text,
    read_texts,
)
from selvbetjening_core.files import Table, TomlFile, load_toml
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import (
    Basis,
    Channel,
    KindDeclaration,
)

FILE_NAME = "solution.toml"
KLE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2})?)?", re.ASCII)
MOST_MINUTES = 240
LONGEST_DRAFT_DAYS = 365
LONGEST_KEPT_DAYS = 3650
_EMPTY = Text({})

RESERVED_SOLUTIONS = ("kvittering", "was", *LANGUAGES)
"""First parts of addresses that are no solutions: receipts, ``/was``, and the languages."""
RESERVED_PARAMETERS = ("roles", "text")
"""What a municipality's file has beside the parameters of a solution."""
RESERVED_ROLES = ("addresses", "identity", "payment", "receipt", "register", "scanner")
"""Roles that every solution may have, none of them a destination."""


def read_solution(
    folder: Path,
    kinds: Mapping[str, KindDeclaration],
    today: datetime.date,
    problems: Problems,
) -> Solution | None:
    """The solution defined in ``folder``; its name is the folder's.

    :param kinds: the field kinds that exist in the plugin set, by name
    :param today: for checks of dated data
    :param problems: gets everything that is wrong
    :returns: None if there is an error in it
    """
    errors_before = problems.count_errors()
    file = load_toml(folder / FILE_NAME, problems)
    if file is None:
        return None
    solution = _Reader(folder.name, file, kinds, problems).read(today)
    return solution if problems.count_errors() == errors_before else None


class _Reader:
    def __init__(
        self,
        name: str,
        file: TomlFile,
        kinds: Mapping[str, KindDeclaration],
        problems: Problems,
    ) -> None:
        self._name = name
        self._file = file
        self._kinds = kinds
        self._problems = problems
        self._errors_before = problems.count_errors()
        self._root = Table.whole(file, problems)

    def read(self, today: datetime.date) -> Solution:
        root = self._root
        check_name(root, self._name, "solution (its folder)", RESERVED_SOLUTIONS)
        written = root.table("solution", required=True)
        head = written or Table(self._file, {}, ("solution",), self._problems)
        languages = self._languages(head)
        parameters = tuple(self._parameters(languages))
        facts = KnownFacts(
            FactType(f"parameter.{one.name}", PARAMETER_TYPES[one.kind])
            for one in parameters
            if one.kind
        )
        for one in parameters:
            if not one.kind:
                facts.add_doubtful(f"parameter.{one.name}")
        date_rules = DateRuleReader(read_days_off(head))
        steps, groups = self._steps(facts, languages, date_rules)
        solution = Solution(
            name=self._name,
            version=head.text("version"),
            title=read_text(head, "title", languages) or _EMPTY,
            languages=languages.needed,
            kle=self._kle(head),
            minutes=head.number("minutes", minimum=1, maximum=MOST_MINUTES),
            level=read_least_level(head),
            may_act=self._may_act(head),
            laws=tuple(self._laws()),
            retention=self._retention(),
            texts=read_texts(root.table("text", required=True), languages),
            parameters=parameters,
            steps=steps,
            prices=tuple(self._prices(facts, languages, date_rules)),
            destinations=tuple(self._destinations()),
            sha256=self._file.sha256,
            place=self._file.place(("solution",)),
            groups=groups.groups,
            send_level=read_level(head, "send_level"),
            login_minutes=read_login_minutes(head),
        )
        if written:
            head.finish()
        root.finish()
        self._check_whole(solution, facts, groups, today)
        return solution

    def _languages(self, head: Table) -> Languages:
        found = head.text_list("languages", required=False)
        if not head.has("languages"):
            return Languages(("da",), ("da",))
        for language in found:
            if language not in LANGUAGES:
                head.error(
                    "unknown-language",
                    f'"{language}" is not a language the pages can be shown in',
                    f"write some of: {listed(LANGUAGES)}",
                    "languages",
                    head.position("languages", language),
                )
        if "da" not in found and isinstance(head.data["languages"], list):
            head.error(
                "danish-missing", "Danish is not among the languages", 'add "da"', "languages"
            )
        known = tuple(language for language in found if language in LANGUAGES)
        is_right = "da" in found and list(known) == head.data["languages"]
        return Languages(known or ("da",), known if is_right else LANGUAGES)

    def _kle(self, head: Table) -> str:
        kle = head.text("kle")
        if kle and not KLE.fullmatch(kle):
            head.error(
                "bad-kle",
                f'"{kle}" is not a KLE number',
                'write a group ("29"), subgroup ("29.03") or subject ("29.03.04")',
                "kle",
            )
        return kle

    def _may_act(self, head: Table) -> tuple[Basis, ...]:
        known = [str(basis) for basis in Basis]
        found = head.text_list("may_act")
        for word in found:
            if word not in known:
                head.error(
                    "unknown-basis",
                    f'"{word}" is not a basis somebody can act on{closest(word, known)}',
                    f"write some of: {listed(known)}",
                    "may_act",
                    head.position("may_act", word),
                )
        return tuple(Basis(word) for word in found if word in known)

    def _parameters(self, languages: Languages) -> Iterator[Parameter]:
        table = self._root.table("parameter")
        for name, inner in table.named_tables() if table else ():
            check_name(inner, name, "parameter", RESERVED_PARAMETERS)
            kind = inner.choice("kind", tuple(PARAMETER_TYPES), code="unknown-parameter-kind")
            label = read_text(inner, "label", languages) or _EMPTY
            default = read_parameter(inner, "default", kind, required=False)
            inner.finish("a parameter has kind, label and default")
            yield Parameter(name, kind, label, default, inner.place())
        if table:
            table.finish("each parameter is a table: [parameter.name]")

    def _steps(
        self, facts: KnownFacts, languages: Languages, date_rules: DateRuleReader
    ) -> tuple[tuple[Step, ...], FinishedGroups]:
        read = self._groups(facts, languages, date_rules)
        tables = read_tables(self._root.table("table"), languages)
        table = self._root.table("step", required=True)
        if table is None:
            return (), FinishedGroups()
        steps = StepReader(self._kinds, facts, languages, date_rules, read, tables).read(table)
        table.finish("each step is a table: [step.name]")
        if not table.data:
            table.error("no-steps", "the solution asks nothing", "add a step: [step.name]")
        return steps

    def _groups(
        self, facts: KnownFacts, languages: Languages, date_rules: DateRuleReader
    ) -> dict[str, ReadGroup]:
        table = self._root.table("group")
        if table is None:
            return {}
        found = {}
        for name, inner in table.named_tables():
            own = KnownFacts(facts.parameters())
            group = StepReader(self._kinds, own, languages, date_rules).read_group(inner, name)
            found[name] = ReadGroup(group, inner, own)
        table.finish("each group is a table of fields: [group.name.field]")
        return found

    def _laws(self) -> Iterator[Law]:
        for table in self._root.tables("law"):
            title = table.text("title")
            valid_from = table.date("valid_from")
            url = table.web_url("url", required=False)
            table.finish()
            if valid_from is not None:
                yield Law(title, valid_from, url)
        if not self._root.has("law") and not self._root.is_misspelt("law"):
            self._problems.incomplete(
                "law-missing",
                self._root.place("law"),
                "no law is named that the solution rests on",
                'add [[law]] with title = "…" and valid_from = (a date)',
            )

    def _retention(self) -> Retention:
        table = self._root.table("retention", required=True)
        if table is None:
            return Retention(0, 0)
        found = Retention(
            draft_days=table.number("draft_days", minimum=1, maximum=LONGEST_DRAFT_DAYS),
            delivered_days=table.number("delivered_days", minimum=1, maximum=LONGEST_KEPT_DAYS),
        )
        table.finish()
        return found

    def _prices(
        self, facts: KnownFacts, languages: Languages, date_rules: DateRuleReader
    ) -> Iterator[PriceRow]:
        conditions = ConditionReader(facts, date_rules)
        for table in self._root.tables("price"):
            when = conditions.read(table, "when", None)
            valid_from = table.date("valid_from")
            amount = read_amount(table, "amount")
            text = read_text(table, "text", languages)
            word = table.choice(
                "channel", [str(c) for c in Channel], code="unknown-channel", required=False
            )
            table.finish()
            if valid_from is not None and amount is not None:
                channel = Channel(word) if word else None
                yield PriceRow(valid_from, when, amount, table.place(), channel, text)

    def _destinations(self) -> Iterator[Destination]:
        seen: list[str] = []
        for table in self._root.tables("destination"):
            role = table.text("role")
            after = table.text("after", required=False)
            table.finish()
            if role:
                self._check_role(table, role)
            if role and role in seen:
                table.error(
                    "destination-twice",
                    f'"{role}" stands twice among the destinations',
                    "take one out",
                    "role",
                )
            if after not in ("", "payment", *seen):
                table.error(
                    "destination-after-unknown",
                    f'"{role}" waits for "{after}", which does not come before it',
                    f"write one of: {listed(['payment', *seen])}",
                    "after",
                )
            seen.append(role)
            yield Destination(role, table.place(), after)
        if not self._root.data.get("destination") and not self._root.is_misspelt("destination"):
            self._root.error(
                "no-destination",
                "the submission would go nowhere",
                'add [[destination]] with role = "case_system"',
                "destination",
            )

    def _check_role(self, table: Table, role: str) -> None:
        if not NAME.fullmatch(role):
            table.error(
                "bad-name",
                f'"{role}" cannot be the name of a role',
                "use a-z, 0-9 and _, beginning with a letter, 40 characters at most",
                "role",
            )
        elif role in RESERVED_ROLES:
            table.error(
                "reserved-name",
                f'"{role}" is a role of another kind and cannot be a destination',
                f"choose another name (not one of: {listed(RESERVED_ROLES)})",
                "role",
            )

    def _check_whole(
        self, solution: Solution, facts: KnownFacts, groups: FinishedGroups, today: datetime.date
    ) -> None:
        check_without_login(solution, self._kinds, self._file, self._problems)
        check_levels(solution, self._file, self._problems)
        check_keys(solution, self._kinds, facts, self._file, self._problems)
        for group in groups.groups:
            check_group_keys(
                group, self._kinds, groups.scopes[group.name], self._file, self._problems
            )
        if self._problems.count_errors() == self._errors_before:
            # Holes, overlaps and what nobody asks about can only be looked for
            # among conditions that are right.
            self._check_parameters(solution)
            check_tables(solution, facts, today, self._problems)
        if self._problems.count_errors() == self._errors_before:
            check_prices(solution, facts, today, self._problems)

    def _check_parameters(self, solution: Solution) -> None:
        asked = {one.fact for condition in _conditions(solution) for one in comparisons(condition)}
        asked.update(facts_named(solution, self._kinds))
        for parameter in solution.parameters:
            if f"parameter.{parameter.name}" not in asked:
                self._problems.warning(
                    "parameter-unused",
                    parameter.place,
                    f'no condition and no field asks about "parameter.{parameter.name}"',
                    "use it in a condition or a field, or take the parameter out",
                )


def read_parameter(table: Table, key: str, kind: str, *, required: bool = True) -> object:
    """The value of a parameter of ``kind``; None where it is missing.

    With an empty kind, which is not known and reported already, as it stands.
    """
    if not kind or (not required and not table.has(key)):
        return table.raw(key)
    if kind == "yes_no":
        return table.yes_no(key)
    if kind == "number":
        return table.number(key)
    return table.text(key)


def _conditions(solution: Solution) -> Iterator[Condition | None]:
    for step in solution.steps:
        yield step.visible
    for field in solution.every_field():
        yield field.visible
        yield field.required_when
        yield from (option.when for option in field.options)
        table = table_of(field)
        yield from (row.when for row in table.rows) if table else ()
    for row in solution.prices:
        yield row.when
