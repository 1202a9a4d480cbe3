"""Changing a key file while processes read it: one change at a time, whole or not at all."""

from __future__ import annotations

import contextlib
import datetime
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from selvbetjening_core.files.durable import sync_folder
from selvbetjening_core.store.key_file import (
    KeyFileError,
    MasterKeys,
    read_key_file,
    write_private,
)

NOTICED_WITHIN = datetime.timedelta(seconds=60)
"""A running process has seen a change of its own file by then, with much to spare."""


def add_key(path: Path) -> str:
    """A new random key, which nothing is sealed with until it is made current; its id.

    :raises KeyFileError: the file cannot be read or written
    """
    with _changing(path) as keys:
        key_id, new = keys.with_new()
        _put(path, new)
        return key_id


def use_key(path: Path, key_id: str, now: datetime.datetime) -> None:
    """From now on seal with this key.

    :raises KeyFileError: there is none, or it is that of the indexes
    """
    with _changing(path) as keys:
        if key_id not in keys.keys:
            raise KeyFileError(f"there is no key {key_id!r} in {path.name}")
        if key_id == keys.index and key_id != keys.current:
            raise KeyFileError(f"the key {key_id!r} is that of the indexes, and seals nothing")
        if key_id != keys.current:
            _put(path, replace(keys, current=key_id, since=now))


def add_and_use_key(path: Path, now: datetime.datetime) -> str:
    """A new random key, sealed with from now on; its id. One change of the file.

    :raises KeyFileError: the file cannot be read or written
    """
    with _changing(path) as keys:
        key_id, new = keys.with_new()
        _put(path, replace(new, current=key_id, since=now))
        return key_id


def remove_key(
    path: Path,
    key_id: str,
    now: datetime.datetime,
    refuse_if_needed: Callable[[MasterKeys], None],
    *,
    keep_copy: bool = True,
) -> Path | None:
    """Take a key out of the file.

    :param refuse_if_needed: given the keys as they are, raises KeyFileError where
        anything needs the key
    :param keep_copy: keep the file as it was beside it, with the same rights
    :returns: where that copy is
    :raises KeyFileError: there is none, it is in use, or was until a moment ago; or the
        copy cannot be written. Nothing was changed then.
    """
    with _changing(path) as keys:
        if key_id not in keys.keys:
            raise KeyFileError(f"there is no key {key_id!r} in {path.name}")
        if key_id == keys.current:
            raise KeyFileError(f"the key {key_id!r} is the current one: new values need it")
        if key_id == keys.index:
            raise KeyFileError(f"the key {key_id!r} is that of the indexes: rows are found by it")
        if keys.since is not None and now - keys.since < NOTICED_WITHIN:
            raise KeyFileError(
                f"{keys.current!r} became current less than {NOTICED_WITHIN.seconds} seconds ago:"
                f" a process may seal with {key_id!r} still; try again in a minute"
            )
        refuse_if_needed(keys)
        copy = _keep_copy(path, keys, key_id, now) if keep_copy else None
        left = {name: key for name, key in keys.keys.items() if name != key_id}
        _put(path, replace(keys, keys=left))
        return copy


def _keep_copy(path: Path, keys: MasterKeys, key_id: str, now: datetime.datetime) -> Path:
    moment = now.astimezone(datetime.UTC)
    copy = path.with_name(f"{path.name}.with-{key_id}-{moment:%Y%m%dT%H%M%SZ}")
    _write_for_owner_of(path, copy, keys)
    sync_folder(path.parent)
    return copy


@contextlib.contextmanager
def _changing(path: Path) -> Iterator[MasterKeys]:
    """The keys now, and nobody else changes them meanwhile: of two changes none is lost."""
    try:
        with _folder_to_oneself(path.parent):
            yield read_key_file(path)
    except OSError as error:
        raise KeyFileError(f"{path.name} cannot be changed: {error.strerror}") from None


@contextlib.contextmanager
def _folder_to_oneself(folder: Path) -> Iterator[None]:
    try:
        # Where there is no such lock, one person at a time has to see to it.
        import fcntl  # noqa: PLC0415
    except ModuleNotFoundError:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _put(path: Path, keys: MasterKeys) -> None:
    """In one step: whoever reads it meanwhile has the old file or the new one, whole."""
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write_for_owner_of(path, scratch, keys)
        scratch.replace(path)
        sync_folder(path.parent)
    finally:
        scratch.unlink(missing_ok=True)


def _write_for_owner_of(path: Path, new: Path, keys: MasterKeys) -> None:
    write_private(new, keys.as_text())
    owner = path.stat()
    if (os.getuid(), os.getgid()) != (owner.st_uid, owner.st_gid):
        # Whoever changes it as root leaves it to the account that serves.
        os.chown(new, owner.st_uid, owner.st_gid)
