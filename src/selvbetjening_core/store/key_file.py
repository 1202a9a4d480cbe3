"""What master keys are kept as, and the file they are usually kept in.

JSON: ``{"current": "k1", "index": "i1", "keys": {"k1": "<base64, 32 bytes>", …}}``,
and after a change ``"since"``, the moment ``current`` began. It belongs outside the
database, its backups and the repository, and only its owner may read it.

``current`` names the key that is sealed with; the others open what is older.
``index`` names the key of the blind indexes, which never changes while rows exist.
"""

from __future__ import annotations

import base64
import datetime
import itertools
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from selvbetjening_core.errors import SelvbetjeningError

KEY_BYTES = 32
KEY_ID = re.compile(r"^[A-Za-z0-9_-]{1,40}$", re.ASCII)
_OWNER_ONLY = 0o600
_FIRST_KEY_ID = "k1"
_INDEX_KEY_ID = "i1"
_PRINTABLE = range(0x20, 0x7F)
# Of 32 random bytes about 30 differ; fewer than this never happens by chance.
_LEAST_DIFFERENT = 20


class KeyFileError(SelvbetjeningError):
    """The keys are missing, open to others, not understood, or no random ones."""

    code = "key-file"


@dataclass(frozen=True, slots=True, repr=False)
class MasterKeys:
    """Master keys and what each is for. Secret: has no readable form.

    :param since: when ``current`` began to be sealed with; None: from the first
    """

    keys: Mapping[str, bytes]
    current: str
    index: str
    since: datetime.datetime | None = None

    def check(self) -> None:
        """:raises ValueError: malformed; the message has no key"""
        for key_id, key in self.keys.items():
            if not KEY_ID.match(key_id):
                raise ValueError("a key id is 1 to 40 letters, digits, '-' or '_'")
            if len(key) != KEY_BYTES:
                raise ValueError(f"the key {key_id!r} is not {KEY_BYTES} bytes long")
        for role, key_id in (("current", self.current), ("index", self.index)):
            if key_id not in self.keys:
                raise ValueError(f"the {role} key {key_id!r} is not among the keys")

    def with_new(self) -> tuple[str, MasterKeys]:
        """These and a new random key that nothing is sealed with yet; its id."""
        numbers = (int(one[1:]) for one in self.keys if re.fullmatch(r"k[0-9]{1,9}", one))
        key_id = f"k{max(numbers, default=0) + 1}"
        return key_id, replace(self, keys={**self.keys, key_id: os.urandom(KEY_BYTES)})

    def as_text(self) -> str:
        """As it is kept. Secret."""
        keys = {name: base64.b64encode(key).decode() for name, key in self.keys.items()}
        data: dict[str, object] = {"current": self.current, "index": self.index}
        if self.since is not None:
            data["since"] = self.since.astimezone(datetime.UTC).isoformat(timespec="seconds")
        return json.dumps({**data, "keys": keys}, indent=2) + "\n"


def new_keys() -> MasterKeys:
    """A random key to seal with, and one for the indexes alone."""
    keys = {name: os.urandom(KEY_BYTES) for name in (_FIRST_KEY_ID, _INDEX_KEY_ID)}
    return MasterKeys(keys, _FIRST_KEY_ID, _INDEX_KEY_ID)


def create_key_file(path: Path) -> None:
    """Write a new file with random keys, readable by its owner alone.

    :raises KeyFileError: there is a file already. It is never overwritten:
        with a lost key everything sealed under it is lost.
    """
    try:
        write_private(path, new_keys().as_text())
    except FileExistsError:
        raise KeyFileError(f"there is a file {path.name} already; it was left alone") from None


def write_private(path: Path, text: str) -> None:
    """Write a new file that its owner alone can read, durably.

    :raises FileExistsError: there is one; it was left alone
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: Path) -> MasterKeys:
    """The keys in ``path``.

    :raises KeyFileError: it cannot be read, can be read by group or others, is not a
        key file, or a key in it is no random one. No message contains a key.
    """
    try:
        return keys_in(_read_private(path), path.name)
    except OSError as error:
        raise KeyFileError(f"the key file {path.name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise KeyFileError(_not_keys(path.name)) from None


def keys_in(text: str, told: str) -> MasterKeys:
    """The keys in the text of a key file, wherever it is kept.

    :param told: where that is, for messages
    :raises KeyFileError: as :func:`read_key_file`
    """
    try:
        found = _parse(text)
        found.check()
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyFileError(_not_keys(told)) from None
    _refuse_guessable(found.keys, told)
    return found


def _not_keys(told: str) -> str:
    return (
        f"{told} is not a key file: it needs current, index and keys, "
        f"each key {KEY_BYTES} bytes in base64"
    )


def _refuse_guessable(keys: Mapping[str, bytes], told: str) -> None:
    """Whoever copies a key from an example, types one or repeats one, has none."""
    for key_id, key in keys.items():
        if _is_guessable(key):
            raise KeyFileError(
                f"{told}: the key {key_id!r} is an example or was typed, not random: "
                'make one with "selvbetjening new-keys" or "selvbetjening keys add"'
            )
    if len(set(keys.values())) < len(keys):
        raise KeyFileError(f"{told}: two of the keys are the same")


def _is_guessable(key: bytes) -> bool:
    steps = {(after - before) % 256 for before, after in itertools.pairwise(key)}
    is_typed = all(byte in _PRINTABLE for byte in key)
    return len(set(key)) < _LEAST_DIFFERENT or len(steps) == 1 or is_typed


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
    since = datetime.datetime.fromisoformat(data["since"]) if "since" in data else None
    if since is not None and since.tzinfo is None:
        raise ValueError("a moment without a zone")
    return MasterKeys(keys, data["current"], data["index"], since)
