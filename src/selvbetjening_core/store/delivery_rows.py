"""A row of the ledger as a record."""

from __future__ import annotations

import sqlalchemy as sa

from selvbetjening_core.journey.records import Delivery, DeliveryState, WaivedAs


def delivery_of(row: sa.RowMapping) -> Delivery:
    """The record of a row of the table ``delivery``."""
    values = {name: row[name] for name in Delivery.__dataclass_fields__}
    values["state"] = DeliveryState(row["state"])
    values["waived_as"] = WaivedAs(row["waived_as"])
    return Delivery(**values)
