"""Encryption of what is stored about people, and the index to find it by.

**Tokens.** A text is sealed with AES-256-GCM into ``v1.<key id>.<base64url of
nonce and ciphertext>``. Municipality, table, row and field are the associated
data: a token that was moved to any other place cannot be opened.

**Keys.** A *master key* never encrypts anything. The key for one municipality
and one purpose (a table) is derived from it with HKDF-SHA256. Tokens carry the
id of their master key, so that new tokens can be made under a new key while
the old ones can still be read.

**Rotation.** A ring that was given a source looks at it again: at most once a
second when a transaction begins, and at once where a value needs a key it has not.
So a running process seals with the key that became current elsewhere.

**Index.** A CPR number is looked up by HMAC-SHA256 under a key of its own,
derived for each municipality from the *index key*: the master key that the key
file names under ``index``. Rotation changes ``current`` and never ``index``, so
that rows of all ages are found (docs/decisions/0036). (Without a key, all CPR
numbers of a century can be hashed in minutes: a plain hash protects nothing.)
"""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
import os
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from json.encoder import encode_basestring_ascii as _quoted
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from selvbetjening_core.errors import SelvbetjeningError
from selvbetjening_core.store.key_file import KEY_BYTES, KeyFileError, MasterKeys
from selvbetjening_core.store.key_source import KeysInFile, KeySource
from selvbetjening_core.store.remembered import Remembered
from selvbetjening_core.values import CprNumber

log = logging.getLogger(__name__)

_NONCE_BYTES = 12
_VERSION = "v1"
_INDEX_PURPOSE = "index"
_LOOK_EVERY_SECONDS = 1.0
# How long what was opened is remembered (to twice that), and how much of it.
_REMEMBER_SECONDS = 30.0
_REMEMBER_MOST = 2000
_FROM_URLSAFE = bytes.maketrans(b"-_", b"+/")

T = TypeVar("T")


class Unreadable(SelvbetjeningError):
    """A stored token cannot be opened here: moved, changed, or its key is missing."""

    code = "unreadable"


class Cell(NamedTuple):
    """The one place in the database that a token belongs to."""

    municipality: str
    table: str
    row: str
    field: str

    def associated_data(self) -> bytes:
        """The place as bytes; two places never give the same ones."""
        parts = (self.municipality, self.table, self.row, self.field)
        # A JSON list, without what json.dumps does besides.
        return f"[{', '.join(map(_quoted, parts))}]".encode()


class KeyRing:
    """The master keys, and everything that is done with them.

    :param keys: master keys of 32 bytes by key id
    :param current: id of the key that new tokens are made under
    :param index: id of the key that the index is derived from; the first of
        ``keys`` if not given. It never changes while rows exist.
    :param source: where to look whether they changed; None: they never do
    :raises ValueError: if a key or an id is malformed or missing. The message
        never contains a key.

    Safe to share between threads.
    """

    def __init__(
        self,
        keys: Mapping[str, bytes],
        current: str,
        index: str | None = None,
        source: KeySource | None = None,
    ) -> None:
        index = next(iter(keys), "") if index is None else index
        self._now = MasterKeys(dict(keys), current, index)
        self._now.check()
        self._source = source
        self._look_at = time.monotonic() + _LOOK_EVERY_SECONDS
        self._reading = threading.Lock()
        self._ciphers: dict[tuple[str, str, str], AESGCM] = {}
        self._index_keys: dict[tuple[str, str], bytes] = {}
        self._mac_keys: dict[tuple[str, str, str], bytes] = {}
        self._opened: Remembered[Hashable, Any] = Remembered(_REMEMBER_SECONDS, _REMEMBER_MOST)

    @classmethod
    def from_file(cls, path: Path) -> KeyRing:
        """The keys in a file such as ``create_key_file`` makes; follows its changes.

        :raises KeyFileError: it cannot be read, can be read by group or others,
            or is not a key file.
        """
        return cls.from_source(KeysInFile(path))

    @classmethod
    def from_source(cls, source: KeySource) -> KeyRing:
        """The keys kept there; follows their changes.

        :raises KeyFileError: they cannot be read or used
        """
        found = source.read()
        return cls(found.keys, found.current, found.index, source)

    @property
    def current(self) -> str:
        """The id of the key that new tokens and MACs are made under."""
        return self._now.current

    @property
    def index_id(self) -> str:
        """The id of the key that the index is derived from."""
        return self._now.index

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys."""
        return tuple(self._now.keys)

    def look(self) -> None:
        """See whether the keys changed, unless that was seen a moment ago. Never raises.

        Keys that cannot be read any more, or would lose rows, are told in the log;
        those at hand go on.
        """
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + _LOOK_EVERY_SECONDS
        self._opened.forget_old()
        if self._source is not None:
            self._read_if_changed(self._source)

    def refresh(self) -> None:
        """Read the keys again, wherever they are kept.

        :raises KeyFileError: they cannot be read or used; those at hand go on
        """
        if self._source is not None:
            with self._reading:
                self._take(self._source.read())

    def _read_if_changed(self, source: KeySource) -> None:
        with self._reading:
            try:
                if source.has_changed():
                    self._take(source.read())
            except KeyFileError as error:
                log.error("the keys were not read again: %s", error)  # noqa: TRY400 - says it all

    def _take(self, found: MasterKeys) -> None:
        old = self._now
        if found.index != old.index:
            raise KeyFileError("another index key is named: nothing that is stored would be found")
        if any(found.keys.get(name, key) != key for name, key in old.keys.items()):
            raise KeyFileError("a key was replaced by another one of the same id")
        if old.index not in found.keys:
            raise KeyFileError("the index key is missing: nothing that is stored would be found")
        self._now = found
        # What was sealed with a key that was taken out can no longer be read.
        self._opened.clear()

    def seal(self, cell: Cell, text: str) -> str:
        """``text`` as a token that can be opened at ``cell`` alone.

        Two calls never give the same token.
        """
        nonce, key_id = os.urandom(_NONCE_BYTES), self._now.current
        cipher = self._cipher(cell.municipality, cell.table, key_id)
        sealed = nonce + cipher.encrypt(nonce, text.encode(), cell.associated_data())
        return f"{_VERSION}.{key_id}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, cell: Cell, token: str) -> str:
        """The text that was sealed at ``cell``.

        :raises Unreadable: it was not sealed there, was changed, or its master
            key is missing.
        """
        key_id, sealed = _parse(token)
        if not self._has(key_id):
            raise Unreadable(f"a stored value needs the key {key_id!r}, which is missing")
        cipher = self._cipher(cell.municipality, cell.table, key_id)
        nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, ciphertext, cell.associated_data()).decode()
        except (InvalidTag, ValueError):
            raise Unreadable(
                f"a stored value of {cell.table}.{cell.field} was changed or moved"
            ) from None

    def open_as(self, cell: Cell, token: str, make: Callable[[str], T]) -> T:
        """What ``make`` makes of the text that was sealed at ``cell``.

        The same token at the same cell is always the same text, so what was made of it is
        remembered for up to a minute after it was last asked for (docs/decisions/0043).
        Whoever gets it must not change it.

        :param make: a function of a module, which depends on nothing but the text
        :raises Unreadable: as :meth:`open`
        """
        return self.remembered((cell, token, make), lambda: make(self.open(cell, token)))

    def seal_as(self, cell: Cell, text: str, make: Callable[[str], object]) -> str:
        """``text`` as :meth:`seal` does it; :meth:`open_as` will not have to open it."""
        token = self.seal(cell, text)
        self._opened.put((cell, token, make), make(text))
        return token

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` makes; or what it made of late, for the same ``key``.

        Forgotten as :meth:`open_as` says, and when the keys change.

        :param key: says all that the outcome depends on
        """
        found: T | None = self._opened.get(key)
        if found is None:
            found = make()
            self._opened.put(key, found)
        return found

    def recalled(self, key: Hashable) -> Any:
        """What :meth:`remember` or :meth:`remembered` kept of late for ``key``, or None."""
        return self._opened.get(key)

    def remember(self, key: Hashable, made: object) -> None:
        """Let :meth:`remembered` give ``made`` for ``key``, which says all it depends on."""
        self._opened.put(key, made)

    def _has(self, key_id: str) -> bool:
        if key_id not in self._now.keys and self._source is not None:
            # Another process seals with a key that was added a moment ago.
            self._read_if_changed(self._source)
        return key_id in self._now.keys

    def index(self, municipality: str, cpr: CprNumber) -> str:
        """What ``cpr`` is looked up by in ``municipality``; different in every other."""
        return self._hidden(municipality, _INDEX_PURPOSE, cpr.reveal())

    def index_text(self, municipality: str, purpose: str, text: str) -> str:
        """What ``text`` is looked up by in ``municipality``; different for every purpose."""
        return self._hidden(municipality, f"{_INDEX_PURPOSE}:{purpose}", text)

    def mac(self, municipality: str, purpose: str, key_id: str, content: bytes) -> str:
        """The HMAC-SHA256 of ``content``, under a key for that municipality and purpose.

        :raises Unreadable: the master key is missing
        """
        key = self._mac_keys.get((municipality, purpose, key_id))
        if key is None:
            if not self._has(key_id):
                raise Unreadable(f"a MAC needs the key {key_id!r}, which is missing")
            key = self._derive(municipality, f"mac:{purpose}", key_id)
            self._mac_keys[(municipality, purpose, key_id)] = key
        return hmac.digest(key, content, "sha256").hex()

    def _hidden(self, municipality: str, purpose: str, text: str) -> str:
        key = self._index_keys.get((municipality, purpose))
        if key is None:
            key = self._derive(municipality, purpose, self._now.index)
            self._index_keys[(municipality, purpose)] = key
        return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()

    def _cipher(self, municipality: str, purpose: str, key_id: str) -> AESGCM:
        known = self._ciphers.get((municipality, purpose, key_id))
        if known is None:
            known = AESGCM(self._derive(municipality, purpose, key_id))
            self._ciphers[(municipality, purpose, key_id)] = known
        return known

    def _derive(self, municipality: str, purpose: str, key_id: str) -> bytes:
        info = f"{municipality}|{purpose}|{key_id}".encode()
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(self._now.keys[key_id])

    def __repr__(self) -> str:
        return f"KeyRing(current={self._now.current!r}, {len(self._now.keys)} keys)"


def key_id_of(token: str) -> str:
    """The id of the key that a token was made under; opens nothing.

    :raises Unreadable: it is not a token
    """
    return _parse(token)[0]


def _parse(token: str) -> tuple[str, bytes]:
    version, _, rest = token.partition(".")
    key_id, _, encoded = rest.partition(".")
    if version != _VERSION or not encoded:
        raise Unreadable("a stored value is not a token of a known version")
    try:
        # As base64 does it, whose preparations take longer than the thing itself.
        plain = encoded.encode().translate(_FROM_URLSAFE)
        return key_id, binascii.a2b_base64(plain, strict_mode=True)
    except binascii.Error:
        raise Unreadable("a stored value is not a whole token") from None
