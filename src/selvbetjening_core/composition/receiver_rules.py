"""How deliveries to one component are made: ``[delivery.COMPONENT]`` in a municipality's file."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from selvbetjening_core.files import Table
from selvbetjening_core.files.table import closest, listed

_MINUTE = datetime.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ReceiverRules:
    """What holds for the deliveries to one component.

    :param at_once: as many attempts are made at a time, over all workers
    :param first_wait: how long to wait after a first attempt that failed; it
        doubles from attempt to attempt
    :param longest_wait: how long to wait at most, between attempts and at a rest
    :param give_up_after: what fails so long after its first attempt is parked; a
        receipt is awaited as long, from when the wait for it began
    :param overdue_after: what is not delivered so long after it was accepted is
        told to operators
    :param rest_after_failures: after so many failures in a row it is left alone
    :param rest: for how long at first; it doubles as long as it goes on failing
    """

    at_once: int = 2
    first_wait: datetime.timedelta = datetime.timedelta(seconds=5)
    longest_wait: datetime.timedelta = datetime.timedelta(hours=1)
    give_up_after: datetime.timedelta = datetime.timedelta(days=7)
    overdue_after: datetime.timedelta = datetime.timedelta(hours=24)
    rest_after_failures: int = 5
    rest: datetime.timedelta = _MINUTE


COMMON_RULES = ReceiverRules()
"""What holds where the municipality's file says nothing."""


def read_receiver_rules(
    root: Table, delivers: Mapping[str, bool], unread: frozenset[str]
) -> dict[str, ReceiverRules]:
    """The tables ``[delivery.COMPONENT]`` of a municipality's file, by component.

    :param delivers: the components of the file, and whether each of them delivers
    :param unread: components in whose own tables something is wrong
    """
    table = root.table("delivery")
    found: dict[str, ReceiverRules] = {}
    for name, inner in table.named_tables() if table else ():
        if name in unread:
            continue
        if delivers.get(name):
            found[name] = _rules(inner)
        else:
            _report(name, inner, delivers)
    if table:
        table.finish("the rules of a component stand in a table: [delivery.name]")
    return found


def _rules(table: Table) -> ReceiverRules:
    common = COMMON_RULES
    rules = ReceiverRules(
        at_once=_number(table, "at_once", common.at_once, 64),
        first_wait=_seconds(_number(table, "first_wait_seconds", 5, 3600)),
        longest_wait=_MINUTE * _number(table, "longest_wait_minutes", 60, 1440),
        give_up_after=datetime.timedelta(days=_number(table, "give_up_after_days", 7, 60)),
        overdue_after=datetime.timedelta(hours=_number(table, "overdue_after_hours", 24, 1440)),
        rest_after_failures=_number(table, "rest_after_failures", common.rest_after_failures, 1000),
        rest=_MINUTE * _number(table, "rest_minutes", 1, 1440),
    )
    _check_order(table, rules)
    table.finish()
    return rules


def _check_order(table: Table, rules: ReceiverRules) -> None:
    """Is no wait longer than the longest?"""
    for key, wait in (("first_wait_seconds", rules.first_wait), ("rest_minutes", rules.rest)):
        if wait > rules.longest_wait:
            table.error(
                "out-of-range",
                f'"{key}" is longer than the longest wait, which is'
                f" {rules.longest_wait // _MINUTE} minutes",
                f"make it shorter, or raise longest_wait_minutes in [delivery.{table.path[-1]}]",
                key,
            )


def _number(table: Table, key: str, default: int, maximum: int) -> int:
    return table.number(key, required=False, default=default, minimum=1, maximum=maximum)


def _seconds(number: int) -> datetime.timedelta:
    return datetime.timedelta(seconds=number)


def _report(name: str, table: Table, delivers: Mapping[str, bool]) -> None:
    """The table is of no component that delivers."""
    those = [one for one, does in delivers.items() if does]
    if name in delivers:
        table.error(
            "not-a-receiver",
            f'the component "{name}" delivers nothing, so there are no rules for its deliveries',
            f"take the table out; the components here that deliver are: {listed(those)}",
        )
    else:
        table.error(
            "unknown-component",
            f'there is no component "{name}" here{closest(name, delivers)}',
            f"the components here that deliver are: {listed(those)}",
        )
