"""The MAC of a line of the audit log, and the index of the persons it is about."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.values import CprNumber

Row = Mapping[str, Any] | sa.RowMapping
"""A row by column name, as it is about to be written or was read."""

LINE, LINK, HEAD, PERSON = "audit", "audit-chain", "audit-head", "audit-person"
"""What a key is derived for."""
_SIGNED = (
    "id",
    "event",
    "subject",
    "detail",
    "actor",
    "way",
    "purpose",
    "persons",
    "key_id",
)
# Enough that nobody meets another by chance.
_INDEX_LETTERS = 32


def line_mac(keys: KeyRing, municipality: str, row: Row, key_id: str | None = None) -> str:
    """The MAC of a line: of every column, and of whose line it is.

    :param key_id: the master key to make it with; by default the one the line names
    :raises Unreadable: that key is missing
    """
    content = [municipality, as_text(row["at"]), *(row[name] for name in _SIGNED)]
    signed = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    encoded = signed.encode("utf-8", "surrogatepass")
    return keys.mac(municipality, LINE, key_id or row["key_id"], encoded)


def person_index(keys: KeyRing, municipality: str, key_id: str, cpr: CprNumber) -> str:
    """What a person's lines are found by, among those written under that master key.

    :raises Unreadable: the key is missing
    """
    return keys.mac(municipality, PERSON, key_id, cpr.reveal().encode())[:_INDEX_LETTERS]


def persons_index(
    keys: KeyRing, municipality: str, key_id: str, persons: Collection[CprNumber]
) -> str:
    """The indexes of several, each once, parted by a space."""
    found = {person_index(keys, municipality, key_id, one) for one in persons}
    return " ".join(sorted(found))


def as_text(moment: datetime.datetime) -> str:
    """A moment as it is signed: the same from every database."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds")
