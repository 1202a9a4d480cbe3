"""Backups of an installation's database, and settling one that was put back."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core import __version__
from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.errors import SelvbetjeningError
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.opening import open_store, store_file
from selvbetjening_core.store.backup import (
    BackupError,
    Manifest,
    Source,
    back_up,
    fingerprint,
    put_back,
    read_backup,
)
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import newest_revision, open_engine
from selvbetjening_core.store.restored import Settled
from selvbetjening_core.store.rotating import key_use
from selvbetjening_core.store.settling import open_backup, settle_restored
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.upkeep.erase_list import EraseList, erase_again


class OtherKeys(SelvbetjeningError):
    """The backup was made with other keys: it is of another installation, or its keys are lost."""

    code = "other-keys"


class InUse(SelvbetjeningError):
    """Something else uses the database, which has to be stopped first."""

    code = "database-in-use"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore.

    :param erased_again: how many records were on the erase list and in the backup
    :param aside: where the database before it is; None: there was none
    """

    settled: Settled
    erased_again: int
    manifest: Manifest
    aside: Path | None


def back_up_store(plan: Plan, target: Path, now: datetime.datetime, *, by: str = "") -> Manifest:
    """Copy the embedded database, and its files, into the new folder ``target``.

    While they are used.

    :param by: who does it, for the audit log of every municipality
    :raises BackupError: it cannot be made
    :raises ConfigurationError: the store's address or keys cannot be read
    """
    file, keys = _embedded(plan)
    if not file.is_file():
        raise BackupError(f"there is no database at {file} yet")
    source = Source(file, plan.installation.files)
    manifest = back_up(source, target, keys, __version__, now)
    _note_backup(file, keys, manifest, by)
    return manifest


def _note_backup(file: Path, keys: KeyRing, manifest: Manifest, by: str) -> None:
    """Tables of an older form are left as they are: a backup is made before they are changed."""
    if manifest.schema != newest_revision():
        return
    store = SqlStore(open_engine(f"sqlite:///{file}"), keys)
    try:
        for code in store.municipalities():
            with store.transaction(code) as work:
                told = f"sha256 {manifest.sha256}"
                work.audit.add(
                    "backup-made", "backup", work.now(), told, actor=by, way=AuditWay.COMMAND
                )
    finally:
        store.close()


def restore_backup(
    plan: Plan, folder: Path, now: datetime.datetime, *, even_so: bool = False, by: str = ""
) -> Restored:
    """Put the backup in ``folder`` in the place of the embedded database, settled.

    Whole or not at all: until the last step the old database is in its place.

    :param even_so: although it was made with other keys
    :param by: who does it, for the audit log
    :raises BackupError: it is no backup, or cannot be put back, or something runs
    :raises OtherKeys: it was made with other keys than the ones here
    :raises EraseListError: what was erased since cannot be read
    """
    file, keys = _embedded(plan)
    manifest = read_backup(folder)
    if manifest.keys != fingerprint(keys) and not even_so:
        raise OtherKeys(f"{folder} was made with other keys than the ones here")
    done: list[tuple[Settled, int]] = []

    def settle(copy: Path) -> None:
        done.append(_settled(copy, keys, plan, by))

    aside = put_back(folder, Source(file, plan.installation.files), settle, now)
    settled, erased_again = done[0]
    return Restored(settled, erased_again, manifest, aside)


def settle_store(plan: Plan, *, even_so: bool = False, by: str = "") -> tuple[Settled, int]:
    """Settle a database that other tools have put back; and what was erased again.

    :param even_so: although others are connected to it
    :param by: who does it, for the audit log
    :raises InUse: others are
    :raises OtherKeys: a key was taken out that something in it needs; nothing was changed
    """
    store = open_store(plan)
    try:
        others = store.connected_elsewhere()
        if others and not even_so:
            raise InUse(f"{others} others are connected to the database: stop them first")
        return _settle(store, plan, by)
    finally:
        store.close()


def _refuse_lost_keys(store: SqlStore) -> None:
    """:raises OtherKeys: a key was taken out that something in the backup needs"""
    use = key_use(store)
    lost = sorted({*use.sealed, *use.macs} - {*store.keys.ids})
    if lost:
        raise OtherKeys(
            f"the backup needs the key {', '.join(lost)}, which was taken out of the key file:"
            " put back the copy of the key file that was kept with the backup"
        )


def _settled(copy: Path, keys: KeyRing, plan: Plan, by: str) -> tuple[Settled, int]:
    store = open_backup(copy, keys)
    try:
        return _settle(store, plan, by)
    finally:
        store.close()


def _settle(store: SqlStore, plan: Plan, by: str) -> tuple[Settled, int]:
    """What every restore comes to, whoever put the database back."""
    _refuse_lost_keys(store)
    return settle_restored(store, by), _erased_again(store, plan)


def _erased_again(store: SqlStore, plan: Plan) -> int:
    return erase_again(store, EraseList(plan.installation.retention.erase_list))


def _embedded(plan: Plan) -> tuple[Path, KeyRing]:
    file, keys = store_file(plan)
    if file is None:
        raise BackupError(
            "the database is PostgreSQL, which has tools of its own: make backups with pg_dump,"
            ' and after a restore run "selvbetjening database restored"'
        )
    return file, keys
