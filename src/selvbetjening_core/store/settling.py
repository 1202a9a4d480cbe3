"""Settling a database that was put back from a backup, before anybody is served."""

from __future__ import annotations

from pathlib import Path

from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_core.store.backup import BackupError
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import NewerTables, open_engine, upgrade
from selvbetjening_core.store.restored import Settled
from selvbetjening_core.store.store import SqlStore

_AT_ONCE = 500


def open_backup(copy: Path, keys: KeyRing) -> SqlStore:
    """The store in a copy of a backup, its tables brought up to date.

    :raises BackupError: its tables are of a later version
    """
    engine = open_engine(f"sqlite:///{copy}")
    try:
        upgrade(engine)
    except NewerTables:
        engine.dispose()
        raise BackupError("the backup was made by a later version of selvbetjening") from None
    return SqlStore(engine, keys)


def settle_restored(store: SqlStore, by: str = "") -> Settled:
    """Put in doubt whatever may have been delivered since the backup; how much it was.

    For all municipalities that anything is kept of. Nothing may run on the
    database meanwhile. Done twice, it does no harm.

    :param by: who put it back, for the audit log
    :raises StoreUnavailable: the database cannot be used
    """
    return sum((_settle(store, code, by) for code in store.municipalities()), Settled())


def _settle(store: SqlStore, code: str, by: str) -> Settled:
    with store.transaction(code) as work:
        awaited = work.restored.look_at_awaited(work.now())
        payments = work.restored.hold_payments()
        work.restored.log_everybody_out()
    settled = Settled(
        in_doubt=sum(
            _doubt(store, code, one) for one in (DeliveryState.SENDING, DeliveryState.WAITING)
        ),
        parked=_doubt(store, code, DeliveryState.PARKED),
        awaited=awaited,
        payments=payments,
    )
    with store.transaction(code) as work:
        told = f"{settled.in_doubt} in doubt, {settled.parked} parked, {payments} payments"
        work.audit.add("restored", "restored", work.now(), told, actor=by, way=AuditWay.COMMAND)
    return settled


def _doubt(store: SqlStore, code: str, state: DeliveryState) -> int:
    count, last = 0, ""
    while True:
        with store.transaction(code) as work:
            ids = work.restored.doubt(state, work.now(), last, _AT_ONCE)
        count += len(ids)
        if len(ids) < _AT_ONCE:
            return count
        last = ids[-1]
