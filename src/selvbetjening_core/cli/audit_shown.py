"""``selvbetjening audit show`` and ``about``: the lines of the audit log, for people."""

from __future__ import annotations

import csv
import datetime
import re
import sys
from collections.abc import Sequence

import click

from selvbetjening_core.cli.commands import fail
from selvbetjening_core.cli.looking import note_look
from selvbetjening_core.cli.office import Office, office, office_options
from selvbetjening_core.cli.printing import print_table
from selvbetjening_core.journey.audit import AuditPurpose, AuditWanted, AuditWay
from selvbetjening_core.journey.records import AuditLine
from selvbetjening_core.texts.formats import DANISH_TIME
from selvbetjening_core.values import CprNumber

_HEAD = ("municipality", "time", "who", "way", "what", "about", "detail", "purpose")
_MOST = 200
_DANISH_DAY = re.compile(r"^([0-9]{2})-([0-9]{2})-([0-9]{4})$", re.ASCII)
# What a spreadsheet takes for a formula when a cell begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CSV = click.option("--csv", "as_csv", is_flag=True, help="As CSV, a line each.")
_LIMIT = click.option(
    "--limit", type=click.IntRange(1, 100_000), default=_MOST, show_default=True, help="How many."
)

Told = tuple[str, AuditLine]


@click.command()
@click.option("--since", metavar="DAY", help="From this day on, such as 22-11-2026.")
@click.option("--until", metavar="DAY", help="Up to this day, which is included.")
@click.option("--event", default="", help="Only this event, such as submission-seen.")
@click.option("--who", default="", help="Only what this member of staff or user has done.")
@click.option("--about", "subject", default="", help="Only about this id.")
@click.option(
    "--way",
    type=click.Choice([str(one) for one in AuditWay if one]),
    help="Only those who came by this way.",
)
@_LIMIT
@_CSV
@office_options
def show(  # noqa: PLR0913 - one for each option
    *,
    since: str | None,
    until: str | None,
    event: str,
    who: str,
    subject: str,
    way: str | None,
    limit: int,
    config: str | None,
    municipality: str | None,
    as_csv: bool,
) -> None:
    """Show the newest lines of those asked for, first to last. Times are Danish."""
    wanted = AuditWanted(
        since=_midnight(since),
        until=_midnight(until, days=1),
        subjects=(subject,) if subject else (),
        event=event,
        actor=who,
        way=way or "",
        most=limit,
    )
    found: list[Told] = []
    with office(config, municipality) as here:
        for code in here.files:
            with here.records.store.transaction(code) as work:
                found += [(code, line) for line in work.audit.lines(wanted)]
                note_look(work, "audit-seen", subject or "audit", AuditPurpose.OVERSIGHT)
    _print(sorted(found, key=lambda one: one[1].id)[-limit:], as_csv=as_csv)


@click.command()
@_LIMIT
@_CSV
@office_options
def about(limit: int, config: str | None, municipality: str | None, *, as_csv: bool) -> None:
    """Show who has seen or changed what about a citizen, for whoever asks for it by law.

    Asks for the CPR number on standard input: as an argument it would stand in the
    list of processes and in the shell's history.
    """
    person = _asked()
    found: list[Told] = []
    with office(config, municipality) as here:
        for code in here.files:
            found += _about(here, code, person, limit)
    _print(sorted(found, key=lambda one: one[1].id), as_csv=as_csv)


def _about(here: Office, code: str, person: CprNumber, limit: int) -> list[Told]:
    from selvbetjening_core.delivery.history import history_of_person  # noqa: PLC0415 - needs [store]

    with here.records.store.transaction(code) as work:
        found = [(code, line) for line in history_of_person(work, person, limit)]
        note_look(work, "audit-seen", "audit", AuditPurpose.ACCESS, persons=(person,))
    return found


def _asked() -> CprNumber:
    if sys.stdin.isatty():
        written = click.prompt("CPR number", hide_input=True)
    else:
        written = sys.stdin.readline()
    try:
        return CprNumber("".join(str(written).split()).replace("-", ""))
    except ValueError:
        fail("That is no CPR number.")


def _midnight(day: str | None, days: int = 0) -> datetime.datetime | None:
    """The beginning of a Danish day."""
    if day is None:
        return None
    found = _day(day) + datetime.timedelta(days=days)
    return datetime.datetime.combine(found, datetime.time(), DANISH_TIME)


def _day(written: str) -> datetime.date:
    """:param written: as Danes write it, or as computers do"""
    try:
        return datetime.date.fromisoformat(_DANISH_DAY.sub(r"\3-\2-\1", written))
    except ValueError:
        fail(f'"{written}" is no day. Write it as 22-11-2026.')


def _print(found: Sequence[Told], *, as_csv: bool) -> None:
    lines = [_cells(code, line) for code, line in found]
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(_HEAD)
        writer.writerows([_plain(cell) for cell in line] for line in lines)
    elif lines:
        print_table(_HEAD, [tuple(cell or "-" for cell in line) for line in lines])
    else:
        click.echo("There are no such lines.")


def _cells(code: str, line: AuditLine) -> tuple[str, ...]:
    when = f"{line.at.astimezone(DANISH_TIME):%d-%m-%Y %H:%M:%S}"
    way = line.way or "application"
    return code, when, line.actor, way, line.event, line.subject, line.detail, line.purpose


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
