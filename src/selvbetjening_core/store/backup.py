"""Backups of the embedded database: made while it is in use, put back while it is not."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from selvbetjening_core.errors import SelvbetjeningError
from selvbetjening_core.files.durable import sync_folder
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.upload_folder import UploadFolder

DATABASE = "database.sqlite"
FILES = "files"
MANIFEST = "manifest.json"
_FORMAT = 1
_MEANT_FOR = ("0000", "backup", "selvbetjening")


class BackupError(SelvbetjeningError):
    """A backup cannot be made or put back. Nothing was changed."""

    code = "backup"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is told beside a backup. Nothing personal, and no key.

    :param made_at: when it was made, ISO 8601 in UTC
    :param application: the version that made it, and ``schema`` that of the tables
    :param keys: the fingerprint of the index key, by which an installation knows its own
    :param rows: how many rows each table has
    :param sha256: of the database file
    """

    format: int
    made_at: str
    application: str
    schema: str
    keys: str
    rows: Mapping[str, int]
    sha256: str


def fingerprint(keys: KeyRing) -> str:
    """What an installation knows its backups by; tells nothing of the keys."""
    return keys.index_text(*_MEANT_FOR)


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up: the database's file, and the folder with what citizens sent along."""

    database: Path
    files: Path


def back_up(
    source: Source, target: Path, keys: KeyRing, application: str, now: datetime.datetime
) -> Manifest:
    """Copy ``source`` into the new folder ``target``, whole or not at all.

    By SQLite's own online backup: a snapshot of one moment, while others go on
    writing. The keys are not in it. The files are copied after it, so that all are
    there that the snapshot has rows of; what is in them is proved by their rows.

    :raises BackupError: there is something at ``target``, or it cannot be written
    """
    if target.exists():
        raise BackupError(f"there is something at {target} already; it was left alone")
    scratch = target.with_name(f".{target.name}.part")
    try:
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700, parents=True)
        copy = scratch / DATABASE
        _copy(source.database, copy)
        UploadFolder(source.files).copy_to(UploadFolder(scratch / FILES))
        manifest = _manifest(copy, keys, application, now)
        _write(scratch / MANIFEST, json.dumps(asdict(manifest), indent=2) + "\n")
        scratch.rename(target)
        sync_folder(target.parent)
    except (OSError, sqlite3.Error) as error:
        shutil.rmtree(scratch, ignore_errors=True)
        raise BackupError(f"the backup cannot be written: {_reason(error)}") from None
    return manifest


def read_backup(folder: Path) -> Manifest:
    """What the manifest says, once the database beside it was found to be as it says.

    :raises BackupError: it is no backup, or not whole, or was changed
    """
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text("utf-8")))
        found = _sha256(folder / DATABASE)
    except OSError as error:
        raise BackupError(f"{folder} is no backup: {_reason(error)}") from None
    except (ValueError, TypeError):
        raise BackupError(f"{folder / MANIFEST} is not the manifest of a backup") from None
    if manifest.format != _FORMAT:
        raise BackupError(f"the backup has the format {manifest.format}, and this is {_FORMAT}")
    if found != manifest.sha256:
        raise BackupError(f"{folder / DATABASE} is not as it was when the backup was made")
    return manifest


def put_back(
    folder: Path, into: Source, settle: Callable[[Path], None], now: datetime.datetime
) -> Path | None:
    """Put the backup in ``folder`` in the place of the database; where the old one is now.

    Files that are missing are put back before; none is replaced.

    Everything is made ready beside it first; then one rename puts it in place.

    :param settle: makes the copy ready: brings its tables up to date, puts in
        doubt what may have been delivered since
    :returns: the old database, kept aside; None: there was none
    :raises BackupError: something runs on the database, or it cannot be written
    """
    database = into.database
    scratch = database.with_name(f".{database.name}.restoring")
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        with _nobody_else_on(database) as is_there:
            _remove_with_side_files(scratch)
            shutil.copyfile(folder / DATABASE, scratch)
            scratch.chmod(0o600)
            settle(scratch)
            _into_one_file(scratch)
            _sync(scratch)
            UploadFolder(folder / FILES).copy_to(UploadFolder(into.files))
            aside = _keep_aside(database, now) if is_there else None
            scratch.replace(database)
            sync_folder(database.parent)
            return aside
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"the backup cannot be put back: {_reason(error)}") from None
    finally:
        _remove_with_side_files(scratch)


def _copy(source: Path, copy: Path) -> None:
    copy.touch(mode=0o600)
    with (
        contextlib.closing(_open(source, "ro")) as database,
        contextlib.closing(_open(copy, "rw")) as target,
    ):
        # All pages in one step: a reader of the write-ahead log holds up no writer.
        database.backup(target, pages=-1)
        target.execute("PRAGMA journal_mode=DELETE")
        (said,) = target.execute("PRAGMA integrity_check").fetchone()
    if said != "ok":
        raise BackupError("the database is damaged: PRAGMA integrity_check finds faults in it")
    _sync(copy)


def _manifest(copy: Path, keys: KeyRing, application: str, now: datetime.datetime) -> Manifest:
    with contextlib.closing(_open(copy, "ro")) as database:
        names = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            )
        ]
        rows = {name: _count(database, name) for name in names if name != "alembic_version"}
        (schema,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
    return Manifest(
        format=_FORMAT,
        made_at=now.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        application=application,
        schema=schema,
        keys=fingerprint(keys),
        rows=rows,
        sha256=_sha256(copy),
    )


def _count(database: sqlite3.Connection, table: str) -> int:
    found: int = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - a name of its own
    return found


@contextlib.contextmanager
def _nobody_else_on(database: Path) -> Iterator[bool]:
    """Hold the database, if there is one, so that nobody else can use it. Is there one?

    Leaving the write-ahead log needs the database to oneself, and brings all of
    it into one file.
    """
    if not database.exists():
        yield False
        return
    with contextlib.closing(_open(database, "rw")) as connection:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            mode = "in use"
        if mode != "delete":
            raise BackupError(f"something runs on {database}: stop it first")
        yield True


def _keep_aside(database: Path, now: datetime.datetime) -> Path:
    aside = database.with_name(f"{database.name}.before-{now:%Y%m%dT%H%M%S}")
    # A second name for the same file: at no moment is there no database.
    os.link(database, aside)
    return aside


def _into_one_file(path: Path) -> None:
    with contextlib.closing(_open(path, "rw")) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()


def _open(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=2.5, isolation_level=None)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_with_side_files(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
