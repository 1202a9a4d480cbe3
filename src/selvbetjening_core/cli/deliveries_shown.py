"""What the commands about deliveries show. No personal data, and nothing is changed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import click

from selvbetjening_core.cli.commands import fail
from selvbetjening_core.cli.looking import note_look
from selvbetjening_core.cli.office import Office, meant, office, office_options
from selvbetjening_core.cli.printing import age_in_words, moment, print_pairs, print_table
from selvbetjening_core.composition.municipality_file import MunicipalityFile
from selvbetjening_core.delivery import finding
from selvbetjening_core.delivery.listing import (
    Listing,
    Unfinished,
    Which,
    listed,
    unfinished_by_receiver,
)
from selvbetjening_core.delivery.showing import ShownDelivery, show_delivery
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import Delivery, ListedDelivery, Receiver

_SHOWN = 50
_NUMBERS = ("municipality", "receiver", "on its way", "parked", "oldest", "condition")
_LISTED = (
    "municipality",
    "id",
    "receipt",
    "receiver",
    "state",
    "attempts",
    "since",
    "age",
    "last attempt",
    "reason",
)
_STANDING = {
    finding.Standing.NOT_SENT: "It was tried to send, and did not arrive: the citizen can send it.",
    finding.Standing.MAYBE: "It was tried to send. Nobody can tell yet whether it arrived.",
    finding.Standing.NONE: "There is no such receipt number, and no such code.",
}


@click.command("list")
@click.option("--all", "everything", is_flag=True, help="All that has not arrived.")
@click.option("--parked", is_flag=True, help="Only what is parked.")
@click.option("--receiver", default="", metavar="COMPONENT", help="Only of this receiver.")
@click.option(
    "--limit", default=_SHOWN, show_default=True, type=click.IntRange(1), help="How many."
)
@office_options
def list_(
    receiver: str,
    limit: int,
    config: str | None,
    municipality: str | None,
    *,
    everything: bool,
    parked: bool,
) -> None:
    """Show what has not arrived: numbers, then what is parked or late, oldest first."""
    with office(*meant(config, municipality)) as here:
        which = (Which.PARKED,) if parked else (Which.ALL,) if everything else ()
        print_overview(here, which or (Which.PARKED, Which.OVERDUE), receiver, limit)


def print_overview(
    here: Office,
    which: Sequence[Which] = (Which.PARKED, Which.OVERDUE),
    receiver: str = "",
    limit: int = _SHOWN,
) -> None:
    """Numbers by receiver; then the lists, put together."""
    numbers: list[Sequence[str]] = []
    lines: list[Sequence[str]] = []
    for code, file in here.files.items():
        with here.records.store.transaction(code) as work:
            numbers += _numbers(work, file)
            lines += _listed_lines(work, file, which, receiver, limit + 1)
    print_table(_NUMBERS, numbers)
    click.echo()
    if not lines:
        click.echo("Nothing has not arrived." if which == (Which.ALL,) else _nothing(which))
        return
    click.echo("Not arrived:" if which == (Which.ALL,) else "Parked or late:")
    print_table(_LISTED, lines[:limit])
    if len(lines) > limit:
        click.echo("There are more: --limit NUMBER, or selvbetjening deliveries export.")


def _nothing(which: Sequence[Which]) -> str:
    return "Nothing is parked." if which == (Which.PARKED,) else "Nothing is parked or late."


@click.command()
@click.argument("delivery_id", metavar="ID")
@office_options
def show(delivery_id: str, config: str | None, municipality: str | None) -> None:
    """Show one delivery: why it stands as it does, its attempts, and what was done about it."""
    with office(*meant(config, municipality)) as here:
        code, _ = here.find(delivery_id)
        with here.records.store.transaction(code) as work:
            found = show_delivery(work, delivery_id)
            if found is not None:
                note_look(work, "delivery-seen", found.head.id, detail=delivery_id)
    if found is None:
        fail(f"Delivery {delivery_id} is not there any more.")
    _print_delivery(code, found)


@click.command()
@click.argument("number")
@office_options
def find(number: str, config: str | None, municipality: str | None) -> None:
    """Find a submission by the NUMBER on its receipt, or by the code a citizen was given."""
    told = []
    with office(*meant(config, municipality)) as here:
        for code in here.files:
            with here.records.store.transaction(code) as work:
                found = finding.find(work, number)
                subject = found.submissions[0].id if found.submissions else "search"
                note_look(work, "searched", subject, detail=found.standing)
                for head in found.submissions:
                    rows = work.deliveries.of_submission(head.id)
                    told.append(found.standing)
                    click.echo(
                        f"{head.receipt_number} in {code}: {head.solution}, received"
                        f" {moment(head.received_at)}, code {head.enquiry_code}"
                    )
                    _print_siblings(rows)
            if not found.submissions:
                told.append(found.standing)
    if finding.Standing.FOUND not in told:
        known = [one for one in told if one is not finding.Standing.NONE]
        click.echo(_STANDING[known[0] if known else finding.Standing.NONE])
        raise SystemExit(0 if known else 1)


def _numbers(work: UnitOfWork, file: MunicipalityFile) -> list[Sequence[str]]:
    by_receiver = unfinished_by_receiver(work)
    decided = {one.component: one for one in work.receivers.all()}
    now = work.now()
    names = dict.fromkeys([*file.deliverers, *by_receiver])
    return [
        _number_line(file, name, by_receiver.get(name, Unfinished()), decided.get(name), now)
        for name in names
    ]


def _number_line(
    file: MunicipalityFile,
    name: str,
    numbers: Unfinished,
    decided: Receiver | None,
    now: datetime.datetime,
) -> Sequence[str]:
    condition = "gone" if name not in file.deliverers else _condition(decided, now)
    oldest = age_in_words(now - numbers.oldest) if numbers.oldest else "-"
    return (file.code, name, str(numbers.on_its_way), str(numbers.parked), oldest, condition)


def _condition(decided: Receiver | None, now: datetime.datetime) -> str:
    if decided is None:
        return "running"
    if decided.paused_at is not None:
        return f"paused by {decided.paused_by}: {decided.pause_reason}"
    if decided.rests_until is not None and decided.rests_until > now:
        return f"rests until {moment(decided.rests_until)} after {decided.failures} failures"
    return "running"


def _listed_lines(
    work: UnitOfWork, file: MunicipalityFile, which: Sequence[Which], receiver: str, size: int
) -> list[Sequence[str]]:
    found: dict[str, ListedDelivery] = {}
    for one in which:
        rows = listed(work, file, Listing(one, receiver), size).rows
        found |= {row.delivery.id: row for row in rows}
    oldest_first = sorted(found.values(), key=lambda row: row.key)[:size]
    return [_line(work, file.code, row) for row in oldest_first]


def _line(work: UnitOfWork, code: str, row: ListedDelivery) -> Sequence[str]:
    one = row.delivery
    last = work.deliveries.last_attempt(one.id)
    ended = "-" if last is None else str(last.outcome or "not ended")
    return (
        code,
        one.id,
        row.receipt_number,
        one.component,
        one.state,
        str(one.attempts),
        moment(one.created_at),
        age_in_words(work.now() - one.created_at),
        ended,
        reason_of(one),
    )


def reason_of(one: Delivery) -> str:
    """Why a delivery stands as it does, as the ledger keeps it."""
    return one.reason or (f"comes after {one.waits_for}" if one.waits_for else "-")


def _print_delivery(code: str, found: ShownDelivery) -> None:
    one = found.delivery
    print_pairs(
        [
            ("delivery", one.id),
            ("municipality", code),
            ("receipt", found.head.receipt_number),
            ("code", found.head.enquiry_code),
            ("solution", found.head.solution),
            ("destination", one.destination),
            ("receiver", one.component),
            ("state", f"{one.state}{f', {one.waived_as}' if one.waived_as else ''}"),
            ("reason", reason_of(one)),
            ("accepted", f"{moment(one.created_at)} UTC"),
            ("changed", f"{moment(one.changed_at)} UTC"),
            ("receiver's number", one.remote_reference or "-"),
            ("may have arrived", "yes" if found.may_have_arrived else "no"),
        ]
    )
    click.echo()
    _print_attempts(found)
    _print_siblings(found.siblings)
    for line in found.audit:
        click.echo(f"{moment(line.at)}  {line.actor or '-'}  {line.event}  {line.detail}".rstrip())


def _print_attempts(found: ShownDelivery) -> None:
    if not found.attempts:
        click.echo("No attempt has been made.\n")
        return
    lines = [
        (
            str(one.number),
            moment(one.started_at),
            f"{one.plugin} {one.plugin_version}",
            str(one.outcome or "not ended"),
            " ".join(one.evidence.split()) or "-",
        )
        for one in found.attempts
    ]
    print_table(("attempt", "begun", "plugin", "outcome", "the receiver's answer"), lines)
    click.echo()


def _print_siblings(rows: Sequence[Delivery]) -> None:
    if rows:
        lines = [
            (one.id, one.destination, one.component, one.state, reason_of(one)) for one in rows
        ]
        print_table(("id", "destination", "receiver", "state", "reason"), lines)
        click.echo()
