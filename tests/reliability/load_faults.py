"""Faults that make it slow, each of which the suite ``load`` must find."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import load_deliveries
import load_queue
import sqlalchemy as sa
import sqlite_processes

from selvbetjening_core.delivery.engine import EmbeddedEngine
from selvbetjening_core.delivery.procrastinate_engine import ProcrastinateEngine
from selvbetjening_core.store import scope
from selvbetjening_core.store.crypto import KeyRing

FAULTS: Mapping[str, str] = {
    "built-anew": "statements are built, and keys derived, anew for every row",
    "polite": "a worker rests for a moment after every delivery",
    "nobody-is-told": "a commit wakes nobody: deliveries wait to be found by the sweep",
    "no-claim-index": "what is due is looked for in the whole ledger",
    "no-unfinished-index": "operators' pages look through all that was ever delivered",
    "no-receipt-index": "a receipt is looked for in all submissions",
    **sqlite_processes.FAULTS,
}
FOUND_BY: Mapping[str, tuple[str, ...]] = {
    "built-anew": ("submit",),
    "polite": ("deliveries",),
    "nobody-is-told": ("start",),
    "no-claim-index": ("queue",),
    "no-unfinished-index": ("grown",),
    "no-receipt-index": ("grown",),
    **dict.fromkeys(sqlite_processes.FAULTS, ("processes",)),
}
"""Which measurements a fault is looked for with; the others need not be made then."""
_DROPPED = {
    "no-unfinished-index": ("DROP INDEX ix_delivery_unfinished",),
    "no-receipt-index": (
        "ALTER TABLE submission DROP CONSTRAINT uq_submission_municipality_receipt_number",
        "DROP INDEX ix_submission_municipality_enquiry_code",
    ),
}
_REST_SECONDS = 0.5


@contextlib.contextmanager
def planted(fault: str) -> Iterator[None]:
    """With the fault in this process; it is taken out afterwards."""
    with contextlib.ExitStack() as stack:
        match fault:
            case "built-anew":
                for name in ("new_row", "new_row_if_free", "put_row"):
                    stack.enter_context(_in_place(scope, name, getattr(scope, name).__wrapped__))
                stack.enter_context(_in_place(KeyRing, "_cipher", _derived_anew))
            case "polite":
                stack.enter_context(_in_place(load_deliveries, "RESTS", _REST_SECONDS))
            case "nobody-is-told":
                stack.enter_context(_in_place(EmbeddedEngine, "wake", lambda _self: None))
                stack.enter_context(_in_place(ProcrastinateEngine, "plan", lambda *_: None))
            case "no-claim-index":
                stack.enter_context(_in_place(load_queue, "_copy", _copied_without_index))
        yield


def spoil(engine: sa.Engine, fault: str) -> None:
    """The faults that are in the database."""
    statements = _DROPPED.get(fault, ())
    if engine.dialect.name == "sqlite":
        # A constraint cannot be dropped there; PostgreSQL shows it.
        statements = tuple(one for one in statements if one.startswith("DROP"))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@contextlib.contextmanager
def _in_place(owner: Any, name: str, new: Any) -> Iterator[None]:
    old = getattr(owner, name)
    setattr(owner, name, new)
    try:
        yield
    finally:
        setattr(owner, name, old)


_cipher = KeyRing._cipher


def _derived_anew(self: KeyRing, municipality: str, purpose: str, key_id: str) -> Any:
    self._ciphers.clear()
    return _cipher(self, municipality, purpose, key_id)


_copy = load_queue._copy


def _copied_without_index(engine: sa.Engine, number: int) -> None:
    _copy(engine, number)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_delivery_claimable")
