"""Does a decision table decide every case that can occur, and each in one way?"""

from __future__ import annotations

import datetime

from selvbetjening_core.definitions.check_rows import (
    check_begun,
    check_size,
    check_twice,
    days_of_change,
    first_fault,
    report_hole,
    report_overlap,
)
from selvbetjening_core.definitions.dated_rows import in_force
from selvbetjening_core.definitions.decision_tables import DecisionTable, table_of
from selvbetjening_core.definitions.facts import KnownFacts
from selvbetjening_core.definitions.model import Field, Solution
from selvbetjening_core.definitions.possible_cases import PossibleCases
from selvbetjening_core.problems import Problems


def check_tables(
    solution: Solution, facts: KnownFacts, today: datetime.date, problems: Problems
) -> None:
    """Report holes, overlaps, and tables that are not valid yet, for each field they decide.

    One table after the other in page order: what rests on a table that is wrong is
    looked at when that is right.
    """
    seen: set[str] = set()
    errors_before = problems.count_errors()
    for field in solution.fields():
        table = table_of(field)
        if table is None or problems.count_errors() > errors_before:
            continue
        if table.name not in seen:
            seen.add(table.name)
            check_begun(table.rows, today, "row", "table-not-yet-valid", problems)
            check_twice(table.rows, lambda row: row.when, "table-twice", problems)
        if problems.count_errors() == errors_before:
            _check_field(field, table, solution, facts, today, problems)


def _check_field(
    field: Field,
    table: DecisionTable,
    solution: Solution,
    facts: KnownFacts,
    today: datetime.date,
    problems: Problems,
) -> None:
    """Where ``field`` is shown, the table decides it."""
    step = solution.step(field.step)
    shown = (field.visible, step.visible if step else None)
    cases = PossibleCases(solution, facts, [row.when for row in table.rows], shown)
    subject = f'what "{field.name}" is depends'
    if check_size(table.rows[0], subject, cases, "table-too-large", problems):
        _check_cases(table, cases, today, problems)


def _check_cases(
    table: DecisionTable, cases: PossibleCases, today: datetime.date, problems: Problems
) -> None:
    rows = table.rows
    for day in days_of_change(rows, cases, today):
        fault = first_fault(in_force(rows, day), cases.reachable(day), day)
        if fault is None:
            continue
        if fault.found:
            report_overlap(fault, "rows", "table-overlap", problems)
        else:
            advice = "add a row for it, with its outcome"
            report_hole(fault, rows, "row", advice, "table-hole", problems)
        return
