"""Reading ``tests.toml``, every mistake at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.definitions.solution import read_parameter
from selvbetjening_core.files import Table, load_toml
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.owner_tests.model import (
    Expected,
    InventedChild,
    InventedCitizen,
    InventedOther,
    OwnerTest,
)
from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.values import Money

FILE_NAME = "tests.toml"
_OLDEST = 110


def tests_file(solution: Solution) -> Path:
    """Where the test cases of ``solution`` stand, if it has any."""
    return solution.place.file.parent / FILE_NAME


def read_tests(
    solution: Solution, municipalities: Iterable[str], problems: Problems
) -> tuple[OwnerTest, ...]:
    """The test cases of ``solution``; none where there is no such file.

    :param municipalities: the kommunekoder of those that offer the solution
    :param problems: gets everything that is wrong; a case with a mistake is left out
    """
    path = tests_file(solution)
    file = load_toml(path, problems) if path.is_file() else None
    if file is None:
        return ()
    root = Table.whole(file, problems)
    cases = root.table("case", required=True)
    reader = _Reader(solution, tuple(municipalities), problems)
    found = [reader.case(name, table) for name, table in cases.named_tables()] if cases else []
    if cases:
        cases.finish("each test case is a table: [case.name]")
    root.finish("a test case is a table: [case.name]")
    return tuple(one for one in found if one)


class _Reader:
    def __init__(
        self, solution: Solution, municipalities: tuple[str, ...], problems: Problems
    ) -> None:
        self._solution = solution
        self._municipalities = municipalities
        self._problems = problems
        self._fields = [field.name for field in solution.fields()]

    def case(self, name: str, table: Table) -> OwnerTest | None:
        """One case; None if there is a mistake in it."""
        errors_before = self._problems.count_errors()
        on = table.date("on")
        language = table.choice("language", self._solution.languages, required=False, default="da")
        municipality = table.choice("municipality", self._municipalities, required=False)
        parameters = self._parameters(table.table("parameters"))
        citizen = _citizen(table.table("who"))
        answers = self._answers(table.table("answers"))
        expected = self._expected(table.table("expect", required=True))
        table.finish()
        if on is None or self._problems.count_errors() > errors_before:
            return None
        return OwnerTest(
            name, on, language, municipality, parameters, citizen, answers, expected, _places(table)
        )

    def _parameters(self, table: Table | None) -> dict[str, object]:
        if table is None:
            return {}
        found = {
            one.name: read_parameter(table, one.name, one.kind)
            for one in self._solution.parameters
            if table.has(one.name)
        }
        table.finish()
        return found

    def _answers(self, table: Table | None) -> dict[str, object]:
        if table is None:
            return {}
        found = {name: table.raw(name) for name in self._fields if table.has(name)}
        table.finish()
        return found

    def _expected(self, table: Table | None) -> Expected:
        if table is None:
            return Expected()
        if not table.data:
            table.error(
                "test-expects-nothing",
                "the test case says nothing of what is to come out",
                "add what is expected, such as accepted = true",
            )
        expected = Expected(
            accepted=table.yes_no("accepted") if table.has("accepted") else None,
            steps=_names(table, "steps", [step.name for step in self._solution.steps]),
            fields=_names(table, "fields", self._fields),
            price=_price(table),
            price_text=table.text("price_text") if table.has("price_text") else None,
            destinations=_names(
                table, "destinations", [one.role for one in self._solution.destinations]
            ),
            offered=self._offered(table.table("offered")),
            errors=_texts_below(table.table("errors"), self._fields),
            summary=_texts(table.table("summary"), self._fields),
            receipt=_texts(table.table("receipt"), self._solution.texts),
        )
        table.finish()
        return expected

    def _offered(self, table: Table | None) -> dict[str, tuple[str, ...]]:
        if table is None:
            return {}
        found = {
            name: table.text_list(name, required=False) for name in self._fields if table.has(name)
        }
        table.finish()
        return found


def _citizen(table: Table | None) -> InventedCitizen:
    if table is None:
        return InventedCitizen()
    usual = InventedCitizen()
    age = table.number("age", required=False, default=usual.age, minimum=0, maximum=_OLDEST)
    in_register = table.yes_no("in_register", required=False, default=True)
    children = tuple(_child(one) for one in table.tables("children"))
    others = tuple(_other(one) for one in table.tables("others"))
    table.finish()
    return InventedCitizen(age, children, others, in_register)


def _child(table: Table) -> InventedChild:
    child = InventedChild(
        age=table.number("age", minimum=0, maximum=_OLDEST),
        custody=table.yes_no("custody", required=False, default=True),
        same_address=table.yes_no("same_address", required=False, default=True),
        protected=table.yes_no("protected", required=False),
    )
    table.finish()
    return child


def _other(table: Table) -> InventedOther:
    other = InventedOther(
        age=table.number("age", minimum=0, maximum=_OLDEST),
        protected=table.yes_no("protected", required=False),
    )
    table.finish()
    return other


def _names(table: Table, key: str, known: Iterable[str]) -> tuple[str, ...] | None:
    """A list of names that exist; None where it is missing."""
    if not table.has(key):
        return None
    names, existing = table.text_list(key, required=False), list(known)
    for name in names:
        if name not in existing:
            table.error(
                "not-an-option",
                f'there is no "{name}" in the solution{closest(name, existing)}',
                f"write some of: {listed(existing)}",
                key,
                table.position(key, name),
            )
    return names


def _texts(table: Table | None, known: Iterable[str]) -> dict[str, str]:
    if table is None:
        return {}
    found = {name: table.text(name) for name in known if table.has(name)}
    table.finish()
    return found


def _texts_below(table: Table | None, known: Iterable[str]) -> dict[str, str]:
    """The same, and of a field with parts those of its rows and parts: ``children.2.name``."""
    if table is None:
        return {}
    found: dict[str, str] = {}
    for name in known:
        if isinstance(table.data.get(name), dict):
            inner = table.table(name)
            below = _texts_below(inner, inner.data) if inner else {}
            found |= {f"{name}.{deeper}": text for deeper, text in below.items()}
        elif table.has(name):
            found[name] = table.text(name)
    table.finish()
    return found


def _price(table: Table) -> Money | None:
    text = table.text("price", required=False)
    try:
        return Money.parse(text) if text.strip() else None
    except ValueError as error:
        table.error("bad-amount", f'"{text}" is not an amount', str(error), "price")
        return None


def _places(table: Table) -> Mapping[str, Place]:
    """Where the case, and everything down to two levels in it, is written."""
    places = {"": table.place()}
    for key, value in table.data.items():
        places[key] = table.place(key)
        for inner, deeper in value.items() if isinstance(value, dict) else ():
            places[f"{key}.{inner}"] = table.place(key, inner)
            for name in deeper if isinstance(deeper, dict) else ():
                places[f"{key}.{inner}.{name}"] = table.place(key, inner, name)
    return places
