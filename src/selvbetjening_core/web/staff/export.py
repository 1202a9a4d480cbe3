"""The list as a file for a spreadsheet. Nothing in it is about a citizen."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from pyramid.response import Response

from selvbetjening_core.journey.records import ListedDelivery
from selvbetjening_core.web.staff.shaping import Shown

_COLUMNS = (
    "staff.csv.id",
    "staff.csv.number",
    "staff.csv.solution",
    "staff.csv.destination",
    "staff.csv.receiver",
    "staff.csv.state",
    "staff.csv.attempts",
    "staff.csv.received",
    "staff.csv.changed",
    "staff.csv.case",
    "staff.csv.reason",
)
# What a spreadsheet takes for a formula when a cell begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_response(shown: Shown, rows: Iterable[ListedDelivery]) -> Response:
    """CSV as Danish spreadsheets open it: semicolons, and a mark that it is UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([shown.t(key) for key in _COLUMNS])
    for one in rows:
        writer.writerow([_plain(text) for text in _line(shown, one)])
    response = Response(file.getvalue().encode("utf-8-sig"), content_type="text/csv")
    response.charset = "utf-8"
    word = shown.t("staff.csv.name")
    name = f"{word}-{shown.now:%Y-%m-%d}.csv"
    response.content_disposition = f'attachment; filename="{name}"'
    return response


def _line(shown: Shown, one: ListedDelivery) -> tuple[str, ...]:
    delivery = one.delivery
    return (
        delivery.id,
        one.receipt_number,
        one.solution,
        delivery.destination,
        delivery.component,
        shown.state(delivery).text,
        str(delivery.attempts),
        f"{delivery.created_at:%Y-%m-%dT%H:%M:%SZ}",
        f"{delivery.changed_at:%Y-%m-%dT%H:%M:%SZ}",
        delivery.remote_reference,
        shown.reason(delivery),
    )


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
