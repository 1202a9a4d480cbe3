"""What comes in from outside systems, without any web framework."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from selvbetjening_core.values.delivery import Outcome
from selvbetjening_core.values.personal import Personal


@dataclass(frozen=True, slots=True, repr=False)
class Message(Personal):
    """A request from outside to one component, as it came.

    ``url`` is the address it came to, without the query; header names are in
    lower case, and cookies are left out; ``body`` is the raw bytes, since proofs
    are made over them.
    A message is an outsider's word: nothing in it is true until checked.
    """

    url: str
    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class LateReceipt:
    """What a receiver tells, later, of one delivery.

    ``key`` is our own idempotency key of the delivery.
    """

    key: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer the outside system, and what its message was about.

    ``keys`` are our own idempotency keys that the message concerns; the core
    then asks the component about each. ``receipts`` are for a receiver that
    cannot be asked: its message is itself the answer. A message that could not
    be proven names no keys and carries no receipts.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain"
    keys: tuple[str, ...] = ()
    receipts: tuple[LateReceipt, ...] = ()
