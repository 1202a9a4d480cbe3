"""``selvbetjening deliveries``."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing

import click

from selvbetjening_core.cli.commands import config_option, fail
from selvbetjening_core.cli.records import Records, records_or_exit
from selvbetjening_core.errors import StoreUnavailable
from selvbetjening_core.journey.records import Delivery, DeliveryState

OVERDUE_AFTER = datetime.timedelta(hours=1)
PUT_BACK = "A person asked for another try."
_MAY_BE_PUT_BACK = (DeliveryState.PARKED, DeliveryState.WAITING)


@click.command()
@click.option("--municipality", "-m", help="Only this kommunekode, such as 0773.")
@click.option("--retry", metavar="ID", help="Put a parked or waiting delivery back: due now.")
@click.option(
    "--even-if-it-may-have-arrived",
    "even_so",
    is_flag=True,
    help="With --retry: somebody looked in the receiving system, and it is not there.",
)
@config_option
def deliveries(
    config: str | None, municipality: str | None, retry: str | None, *, even_so: bool
) -> None:
    """Show what is not delivered, or put one delivery back with --retry.

    Counts by municipality and destination; then every delivery that is parked,
    or overdue: not delivered an hour after it was accepted. No personal data.
    """
    if even_so and retry is None:
        fail("--even-if-it-may-have-arrived goes with --retry.")
    with closing(records_or_exit(config)) as records:
        codes = _codes(records, municipality)
        try:
            if retry is None:
                _show(records, codes)
            else:
                _retry(records, codes, retry, even_so=even_so)
        except StoreUnavailable as error:
            fail(str(error))


def _codes(records: Records, only: str | None) -> list[str]:
    codes = list(records.codes)
    if only is None:
        return codes
    if only not in codes:
        fail(f'There is no municipality "{only}" here. There are: {", ".join(codes)}.')
    return [only]


def _show(records: Records, codes: Iterable[str]) -> None:
    now = datetime.datetime.now(tz=datetime.UTC)
    counts: list[Sequence[str]] = []
    troubles: list[Sequence[str]] = []
    for code in codes:
        with records.store.transaction(code) as work:
            numbers = work.deliveries.count_by_destination()
            undelivered = work.deliveries.undelivered()
        counts += _counted(code, numbers, undelivered, now)
        troubles += [
            _told(code, one, receipt, now) for one, receipt in undelivered if _is_trouble(one, now)
        ]
    _print_table(("municipality", "destination", *DeliveryState, "oldest undelivered"), counts)
    click.echo()
    if not troubles:
        click.echo("Nothing is parked or overdue.")
        return
    click.echo("Parked or overdue:")
    _print_table(_TOLD, troubles)


def _counted(
    code: str,
    numbers: Mapping[tuple[str, str], int],
    undelivered: Iterable[tuple[Delivery, str]],
    now: datetime.datetime,
) -> list[Sequence[str]]:
    """A line for each destination: how many in each state, and how old the oldest is."""
    count = Counter(numbers)
    oldest: dict[str, datetime.datetime] = {}
    for one, _ in undelivered:
        oldest.setdefault(one.destination, one.created_at)
    return [
        (
            code,
            destination,
            *(str(count[destination, state]) for state in DeliveryState),
            _age(now - oldest[destination]) if destination in oldest else "-",
        )
        for destination in sorted({destination for destination, _ in count})
    ]


def _is_trouble(one: Delivery, now: datetime.datetime) -> bool:
    return one.state is DeliveryState.PARKED or now - one.created_at > OVERDUE_AFTER


_TOLD = (
    "municipality",
    "id",
    "receipt",
    "destination",
    "component",
    "state",
    "attempts",
    "since",
    "age",
    "reason",
)


def _told(code: str, one: Delivery, receipt: str, now: datetime.datetime) -> Sequence[str]:
    reason = one.reason or (f"comes after {one.after}" if one.after else "-")
    return (
        code,
        one.id,
        receipt,
        one.destination,
        one.component,
        one.state,
        str(one.attempts),
        f"{one.created_at:%Y-%m-%d %H:%M}",
        _age(now - one.created_at),
        reason,
    )


def _retry(records: Records, codes: Iterable[str], wanted: str, *, even_so: bool) -> None:
    code, one = _find(records, codes, wanted)
    if one.state not in _MAY_BE_PUT_BACK:
        fail(f'Delivery {wanted} is "{one.state}": only what is parked or waiting is put back.')
    now = datetime.datetime.now(tz=datetime.UTC)
    with records.store.transaction(code) as work:
        parked = one.state is DeliveryState.PARKED
        doubtful = parked and work.deliveries.may_have_arrived(wanted)
        if doubtful and not even_so:
            fail(
                f"Delivery {wanted} may have arrived before: an attempt ended without an answer.\n"
                f"Look for it in the receiving system ({one.component}). If it is not there, say"
                " --even-if-it-may-have-arrived as well."
            )
        if not work.deliveries.put_back(wanted, one.state, now, PUT_BACK):
            fail(f"Delivery {wanted} has changed in this moment. Look again.")
        work.audit.add("delivery-retried", wanted, now)
    click.echo(f"Delivery {wanted} to {one.destination} in {code} is waiting again, due now.")
    click.echo(f"It was {one.state}: {one.reason or 'no reason was given'}")
    if one.after:
        click.echo(f"It is not sent before {one.after} is delivered.")
    click.echo("A running worker takes it up.")


def _find(records: Records, codes: Iterable[str], wanted: str) -> tuple[str, Delivery]:
    found = []
    for code in codes:
        with records.store.transaction(code) as work:
            one = work.deliveries.get(wanted)
        if one is not None:
            found.append((code, one))
    if not found:
        fail(f'There is no delivery "{wanted}". "selvbetjening deliveries" lists the ids.')
    if len(found) > 1:
        fail(f'Several municipalities have a delivery "{wanted}". Say which: --municipality CODE')
    return found[0]


def _age(age: datetime.timedelta) -> str:
    """The two greatest units: ``3 d 4 h``, ``2 h 5 min``, ``0 min``."""
    minutes = max(int(age.total_seconds()), 0) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _print_table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; the last one runs on."""
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    for line in (head, *lines):
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
