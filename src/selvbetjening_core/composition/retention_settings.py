"""``[retention]`` of the installation: how long what no solution decides about is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core.files import Table

ERASE_LIST = "var/erased"
_LONGEST = 3650


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """Limits of what is kept for the whole installation. Where no law says more: days.

    :param draft_days: drafts of a solution that no file and no note tells the limit of
    :param delivered_days: submissions of such a solution, after the last delivery's end
    :param payment_years: whole years after the year of a payment
    :param audit_days: lines of the audit log
    :param count_days: counters of journeys, which are about nobody
    :param backup_days: how old a backup may be that is put back: what was erased is
        remembered as long
    :param erase_list: the folder of the list of what was erased, outside the database
    """

    draft_days: int
    delivered_days: int
    payment_years: int
    audit_days: int
    count_days: int
    backup_days: int
    erase_list: Path


def read_retention(table: Table, folder: Path) -> RetentionSettings:
    """Read the table; each of its keys may be left out."""

    def days(key: str, default: int) -> int:
        return table.number(key, required=False, default=default, minimum=1, maximum=_LONGEST)

    found = RetentionSettings(
        draft_days=days("draft_days", 30),
        delivered_days=days("delivered_days", 90),
        payment_years=table.number(
            "payment_years", required=False, default=5, minimum=5, maximum=10
        ),
        audit_days=days("audit_days", 1096),
        count_days=days("count_days", 1827),
        backup_days=days("backup_days", 400),
        erase_list=folder / table.text("erase_list", required=False, default=ERASE_LIST),
    )
    table.finish()
    return found
