"""Reading levels of assurance, and what is wrong with several of them together."""

from __future__ import annotations

from collections.abc import Iterator

from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.files import Table, TomlFile
from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.values import WITHOUT_LOGIN, AssuranceLevel

LEVELS = tuple(level.name.lower() for level in AssuranceLevel)
"""The words for them in definitions."""
MOST_LOGIN_MINUTES = 480
"""No login lasts longer, so a greater number would demand nothing."""


def read_level(table: Table, key: str) -> AssuranceLevel | None:
    """The level under ``key``; None where there is none. What is unknown is the highest."""
    if not table.has(key):
        return None
    word = table.choice(key, LEVELS, code="unknown-level", default="high")
    return AssuranceLevel[word.upper()]


def read_least_level(head: Table) -> AssuranceLevel | None:
    """The level of the solution; None: nobody logs in. What is unknown is the highest."""
    words = (WITHOUT_LOGIN, *LEVELS)
    word = head.choice("level", words, code="unknown-level", default="high")
    return None if word == WITHOUT_LOGIN else AssuranceLevel[word.upper()]


def read_login_minutes(head: Table) -> int:
    """How long ago one may have logged in to send; 0: as long as the login lasts."""
    if not head.has("login_minutes"):
        return 0
    return head.number("login_minutes", minimum=1, maximum=MOST_LOGIN_MINUTES)


def check_levels(solution: Solution, file: TomlFile, problems: Problems) -> None:
    """Report each level that demands nothing, or that nobody can have.

    :param file: what the solution was read from
    """
    for place, what in _extra(solution, file):
        if solution.level is None:
            problems.error(
                "needs-login",
                place,
                f'{what} is about a login, and with level = "none" nobody logs in',
                "take it out, or write a level of assurance for the solution",
            )
    for place, what, level in _raised(solution, file):
        if solution.level is not None and level <= solution.level:
            problems.warning(
                "level-demands-nothing",
                place,
                f"{what} is no higher than that of the solution, which everybody has there",
                "take it out, or write a higher one",
            )


def _extra(solution: Solution, file: TomlFile) -> Iterator[tuple[Place, str]]:
    yield from ((place, what) for place, what, _ in _raised(solution, file))
    if solution.login_minutes:
        yield file.place(("solution", "login_minutes")), "login_minutes"


def _raised(solution: Solution, file: TomlFile) -> Iterator[tuple[Place, str, AssuranceLevel]]:
    if solution.send_level is not None:
        yield file.place(("solution", "send_level")), "send_level", solution.send_level
    for step in solution.steps:
        if step.level is not None:
            place = file.place(("step", step.name, "level"))
            yield place, f'the level of "{step.name}"', step.level
