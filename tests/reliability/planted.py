"""Faults that somebody might make one day, each of which a suite must find.

Planted by ``dying.py`` in the process that it becomes; nothing of it is in the application.
"""

from __future__ import annotations

import itertools
import threading

import sqlalchemy as sa
from pyramid.response import Response

from selvbetjening_core.delivery import calls
from selvbetjening_core.delivery.engine import EmbeddedEngine
from selvbetjening_core.store import store as store_module
from selvbetjening_core.store.ledger import SqlLedger
from selvbetjening_core.store.submissions import SqlSubmissions
from selvbetjening_core.values import ResolvesUnknown
from selvbetjening_core.web.views import summary

_UNDURABLE = {"sqlite": "PRAGMA synchronous=OFF", "postgresql": "SET synchronous_commit=off"}


def no_sync() -> None:
    """Somebody found that it is faster without."""

    def set_off(connection: sa.Connection) -> None:
        statement = _UNDURABLE[connection.dialect.name]
        cursor = connection.connection.driver_connection.cursor()
        cursor.execute(statement)
        cursor.close()

    commit = store_module._commit

    def committing(connection: sa.Connection, transaction: sa.Transaction) -> None:
        commit(connection, transaction)
        set_off(connection)

    store_module._commit = committing


def receipt_before_commit() -> None:
    """The receipt is shown from what is to be committed in a moment."""
    local = threading.local()
    add = SqlSubmissions.add

    def adding(self: SqlSubmissions, case: object, facts: object) -> bool:
        local.tell(case.receipt_number)
        return add(self, case, facts)

    SqlSubmissions.add = adding
    submit = summary.submit_free

    def accept(request: object) -> Response:
        told: list[str] = []
        has_number = threading.Event()
        sent = dict(request.form)
        acceptance = summary.Acceptance(
            draft_id=sent["draft"],
            identity=request.identity,
            seen=sent["seen"],
            seen_ore="0",
            locale=request.locale,
        )
        journey = request.journey

        def tell(number: str) -> None:
            told.append(number)
            has_number.set()
            threading.Event().wait(0.2)

        def submitting() -> None:
            local.tell = tell
            submit(journey, acceptance)

        threading.Thread(target=submitting).start()
        has_number.wait(5)
        return Response(f"<p>{told[0]}</p>")

    summary.accept = accept


def blind_repeat() -> None:
    """What nobody knows the end of is sent again, whatever the receiver can bear."""
    calls.resolves_unknown = lambda destination: ResolvesUnknown.SAFE_REPEAT  # noqa: ARG005


def row_after_commit() -> None:
    """The ledger's rows are written in a transaction of their own, a moment later."""
    waiting: list = []
    EmbeddedEngine.enqueue = lambda self, work, delivery: waiting.append(delivery)  # noqa: ARG005
    EmbeddedEngine.plan = lambda self, work, delivery_id, due_at: None  # noqa: ARG005
    submit = summary.submit_free

    def submitting(context: object, acceptance: object) -> str:
        found = submit(context, acceptance)
        with context.store.transaction(context.code) as work:
            while waiting:
                work.deliveries.add(waiting.pop(0))
        return found

    summary.submit_free = submitting


def lost_row() -> None:
    """Every second row is forgotten."""
    add, numbers = SqlLedger.add, itertools.count(1)

    def adding(self: SqlLedger, delivery: object) -> None:
        if next(numbers) % 2:
            add(self, delivery)

    SqlLedger.add = adding


def error_swallowed() -> None:
    """A commit that ends in an error is taken for one that went well."""
    commit = store_module._commit

    def committing(connection: sa.Connection, transaction: sa.Transaction) -> None:
        try:
            commit(connection, transaction)
        except store_module.CommitUnknown:
            return

    store_module._commit = committing


PLANT = {
    "no-sync": no_sync,
    "receipt-before-commit": receipt_before_commit,
    "blind-repeat": blind_repeat,
    "row-after-commit": row_after_commit,
    "lost-row": lost_row,
    "error-swallowed": error_swallowed,
}
