"""The file that master keys are kept in.

JSON: ``{"current": "k1", "index": "k1", "keys": {"k1": "<base64, 32 bytes>"}}``.
It belongs outside the database, its backups and the repository, and only its
owner may read it. To rotate, add a key and let ``current`` name it; keep the old
ones as long as anything sealed with them is kept, and leave ``index`` alone.
"""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core.errors import SelvbetjeningError

KEY_BYTES = 32
_OWNER_ONLY = 0o600
_FIRST_KEY_ID = "k1"


class KeyFileError(SelvbetjeningError):
    """The key file is missing, open to others, or not understood."""

    code = "key-file"


@dataclass(frozen=True, slots=True, repr=False)
class MasterKeys:
    """What a key file says. Secret: has no readable form."""

    keys: Mapping[str, bytes]
    current: str
    index: str


def create_key_file(path: Path) -> None:
    """Write a new file with one random key, readable by its owner alone.

    :raises KeyFileError: there is a file already. It is never overwritten:
        with a lost key everything sealed under it is lost.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except FileExistsError:
        raise KeyFileError(f"there is a file {path.name} already; it was left alone") from None
    key = base64.b64encode(os.urandom(KEY_BYTES)).decode()
    content = {"current": _FIRST_KEY_ID, "index": _FIRST_KEY_ID, "keys": {_FIRST_KEY_ID: key}}
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: Path) -> MasterKeys:
    """The keys in ``path``.

    :raises KeyFileError: it cannot be read, can be read by group or others, or
        is not a key file. No message contains a key.
    """
    try:
        return _parse(_read_private(path))
    except OSError as error:
        raise KeyFileError(f"the key file {path.name} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyFileError(
            f"{path.name} is not a key file: it needs current, index and keys, "
            f"each key {KEY_BYTES} bytes in base64"
        ) from None


def _read_private(path: Path) -> str:
    with path.open(encoding="ascii") as file:
        mode = os.fstat(file.fileno()).st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyFileError(
                f"{path.name} can be read by others than its owner: chmod 600 {path.name}"
            )
        return file.read()


def _parse(text: str) -> MasterKeys:
    data = json.loads(text)
    keys = {key_id: base64.b64decode(key, validate=True) for key_id, key in data["keys"].items()}
    return MasterKeys(keys, data["current"], data["index"])
