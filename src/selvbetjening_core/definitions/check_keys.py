"""Do the keys of a solution's fields name what is there, and fit together?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from selvbetjening_core.definitions.dates import DateRule
from selvbetjening_core.definitions.facts import KnownFacts
from selvbetjening_core.definitions.given import keys_of
from selvbetjening_core.definitions.model import Field, Group, Solution
from selvbetjening_core.files import TomlFile
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.values import KeyDeclaration, KindDeclaration


def check_keys(
    solution: Solution,
    kinds: Mapping[str, KindDeclaration],
    facts: KnownFacts,
    file: TomlFile,
    problems: Problems,
) -> None:
    """Report what keys name that is not there, too late or of another type.

    :param file: what the solution was read from
    """
    for step in solution.steps:
        _Checker(facts, file, problems, ("step", step.name)).check(step.fields, kinds)


def check_group_keys(
    group: Group,
    kinds: Mapping[str, KindDeclaration],
    facts: KnownFacts,
    file: TomlFile,
    problems: Problems,
) -> None:
    """Report the same of a group's fields.

    :param facts: what is known inside the group
    """
    _Checker(facts, file, problems, ("group", group.name)).check(group.fields, kinds)


def facts_named(solution: Solution, kinds: Mapping[str, KindDeclaration]) -> Iterator[str]:
    """Every fact that a key of some field names, parameters as ``parameter.NAME``."""
    for field in solution.every_field():
        for key in keys_of(kinds[field.kind]):
            yield from _named(field, key)


def _named(field: Field, key: KeyDeclaration) -> Iterator[str]:
    setting = field.settings.get(key.name)
    if key.kind == "fact" and isinstance(setting, str):
        yield setting
    elif key.kind == "parameter" and isinstance(setting, str):
        yield f"parameter.{setting}"
    elif key.kind == "terms" and isinstance(setting, tuple):
        yield from (term for term in setting if isinstance(term, str))
    elif isinstance(setting, DateRule) and setting.source:
        yield setting.source


class _Checker:
    def __init__(
        self, facts: KnownFacts, file: TomlFile, problems: Problems, path: tuple[str, ...]
    ) -> None:
        self._path = path
        self._facts = facts
        self._file = file
        self._problems = problems

    def check(self, fields: Iterable[Field], kinds: Mapping[str, KindDeclaration]) -> None:
        """Every key of each field, then the keys of a field taken together."""
        for field in fields:
            errors_before = self._problems.count_errors()
            for key in keys_of(kinds[field.kind]):
                self.check_key(field, key)
            if self._problems.count_errors() == errors_before:
                self.check_together(field, kinds[field.kind])

    def check_key(self, field: Field, key: KeyDeclaration) -> None:
        """One key: the facts it names, or the option."""
        setting = field.settings.get(key.name)
        place = self._place_of(field, key.name)
        for name in _named(field, key):
            if not self._facts.is_doubtful(name):
                self._check_fact(name, field, key, place)
        if key.kind == "option" and isinstance(setting, str):
            self._check_option(setting, field, place)

    def check_together(self, field: Field, declaration: KindDeclaration) -> None:
        """What the kind itself finds wrong with the keys."""
        for one in declaration.check(field) if declaration.check else ():
            self._problems.error(
                "keys-at-odds", self._place_of(field, one.key), one.message, one.advice
            )

    def _check_fact(self, name: str, field: Field, key: KeyDeclaration, place: Place) -> None:
        fact = self._facts.get(name)
        if fact is None:
            self._problems.error(
                "unknown-source",
                place,
                f'"{name}" is not a fact that is known here{closest(name, self._facts.names())}',
                f"write one of: {listed(self._facts.names())}",
            )
        elif not self._facts.known_before(name, field.name):
            self._problems.error(
                "source-on-later-step",
                place,
                f'"{name}" is only known later, when its question has been answered',
                "ask that question earlier, or show something else here",
            )
        elif key.fact_types and fact.kind not in key.fact_types:
            self._problems.error(
                "source-of-other-type",
                place,
                f'"{name}" is of the type {fact.kind}, which "{key.name}" cannot use',
                f"name facts of the types: {listed(key.fact_types)}",
            )

    def _check_option(self, value: str, field: Field, place: Place) -> None:
        values = [option.value for option in field.options]
        if value not in values:
            self._problems.error(
                "not-an-option",
                place,
                f'"{value}" is not among the options{closest(value, values)}',
                f"write one of: {listed(values)}",
            )

    def _place_of(self, field: Field, key: str) -> Place:
        return self._file.place((*self._path, field.name, key))
