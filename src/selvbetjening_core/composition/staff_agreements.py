"""Agreements by which staff of one municipality serve the citizens of another.

Both files have to say so: ``[staff_from.0751]`` in the file of the municipality whose
citizens are served, ``[staff_to.0773]`` in that of the one whose staff serve them. What
counts is what both say.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selvbetjening_core.composition.kommunekoder import kommunekoder
from selvbetjening_core.files import Table
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.values import StaffRole

if TYPE_CHECKING:
    from selvbetjening_core.composition.municipality_file import MunicipalityFile

FROM, TO = "staff_from", "staff_to"


@dataclass(frozen=True, slots=True)
class StaffAgreement:
    """What one file says, or what both say, of staff who serve in another municipality.

    :param other: the kommunekode of the other municipality
    :param name: what that is called; in one file alone it is empty
    :param roles: the roles that they may have there
    :param first_day: the first day on which it holds, and ``last_day`` the last
    """

    other: str
    name: str
    roles: frozenset[StaffRole]
    first_day: datetime.date
    last_day: datetime.date
    place: Place

    def holds_on(self, day: datetime.date) -> bool:
        """Is it in force on ``day``?"""
        return self.first_day <= day <= self.last_day


def read_agreements(root: Table, key: str, code: str) -> dict[str, StaffAgreement]:
    """The tables ``[staff_from.CODE]`` or ``[staff_to.CODE]``, by kommunekode."""
    table = root.table(key)
    found: dict[str, StaffAgreement] = {}
    for other, inner in table.named_tables() if table else ():
        agreement = _read_one(inner, other, code)
        if agreement is not None:
            found[other] = agreement
    if table:
        table.finish(f'each agreement is a table: [{key}."0000"], with the kommunekode')
    return found


def _read_one(table: Table, other: str, code: str) -> StaffAgreement | None:
    known = kommunekoder()
    if other == code or other not in known:
        whose = "this municipality's own" if other == code else "not a Danish kommunekode"
        table.error(
            "bad-agreement",
            f'"{other}" is {whose}{closest(other, known)}',
            "write the kommunekode of the municipality that the agreement is with",
        )
        table.give_up()
        return None
    roles = _roles(table)
    first, last = table.date("from"), table.date("until")
    table.finish("an agreement has: roles, from, until")
    if not roles or first is None or last is None:
        return None
    if last < first:
        table.error("bad-agreement", "it ends before it begins", "mend from or until", "until")
        return None
    return StaffAgreement(other, "", roles, first, last, table.place())


def _roles(table: Table) -> frozenset[StaffRole]:
    names = [str(role) for role in StaffRole]
    written = table.text_list("roles")
    for name in written:
        if name not in names:
            table.error(
                "bad-agreement",
                f'there is no role "{name}" of staff{closest(name, names)}',
                f"the roles are: {listed(names)}",
                "roles",
                table.position("roles", name),
            )
    return frozenset(StaffRole(name) for name in written if name in names)


def with_visitors(
    files: Mapping[str, MunicipalityFile], problems: Problems
) -> dict[str, MunicipalityFile]:
    """The files, each with the agreements by which other municipalities' staff serve there.

    What only one of two files says is reported, and counts for nothing.
    """
    for file in files.values():
        _check_other_side(file, files, problems)
    return {
        code: dataclasses.replace(file, visitors=dict(_agreed(file, files)))
        for code, file in files.items()
    }


def _agreed(
    file: MunicipalityFile, files: Mapping[str, MunicipalityFile]
) -> Iterator[tuple[str, StaffAgreement]]:
    for code, here in file.staff_from.items():
        there = files[code].staff_to.get(file.code) if code in files else None
        if there is not None:
            yield (
                code,
                dataclasses.replace(
                    here,
                    name=files[code].name,
                    roles=here.roles & there.roles,
                    first_day=max(here.first_day, there.first_day),
                    last_day=min(here.last_day, there.last_day),
                ),
            )


def _check_other_side(
    file: MunicipalityFile, files: Mapping[str, MunicipalityFile], problems: Problems
) -> None:
    for agreement in file.staff_from.values():
        other = files.get(agreement.other)
        theirs = other.staff_to.get(file.code) if other else None
        _check_pair(agreement, theirs, f"[{TO}.{file.code}]", problems)
    for agreement in file.staff_to.values():
        other = files.get(agreement.other)
        # That the two differ is told once, at the side whose citizens it is about.
        if other is None or file.code not in other.staff_from:
            _report_missing(agreement, f"[{FROM}.{file.code}]", problems)


def _check_pair(
    here: StaffAgreement, there: StaffAgreement | None, table: str, problems: Problems
) -> None:
    if there is None:
        _report_missing(here, table, problems)
    elif _terms(here) != _terms(there):
        problems.warning(
            "agreement-differs",
            here.place,
            f"the file of {here.other} says other roles or days than this one ({there.place})",
            "what both say counts; write the same in both",
        )


def _terms(agreement: StaffAgreement) -> tuple[object, ...]:
    return agreement.roles, agreement.first_day, agreement.last_day


def _report_missing(agreement: StaffAgreement, table: str, problems: Problems) -> None:
    problems.warning(
        "agreement-one-sided",
        agreement.place,
        f"{agreement.other} does not say so: its file has no {table}, or it is not here",
        f"the agreement counts for nothing until {agreement.other}.toml has {table}; or take"
        " this table out",
    )
