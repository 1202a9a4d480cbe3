"""Encryption of what is stored about people, and the index to find it by.

**Tokens.** A text is sealed with AES-256-GCM into ``v1.<key id>.<base64url of
nonce and ciphertext>``. Municipality, table, row and field are the associated
data: a token that was moved to any other place cannot be opened.

**Keys.** A *master key* never encrypts anything. The key for one municipality
and one purpose (a table) is derived from it with HKDF-SHA256. Tokens carry the
id of their master key, so that new tokens can be made under a new key while
the old ones can still be read.

**Index.** A CPR number is looked up by HMAC-SHA256 under a key of its own,
derived for each municipality from the *index key*: the master key that the key
file names under ``index``. Rotation changes ``current`` and never ``index``, so
that rows of all ages are found. To replace the index key, the index columns
have to be computed anew. (Without a key, all CPR numbers of a century can be
hashed in minutes: a plain hash protects nothing.)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from selvbetjening_core.errors import SelvbetjeningError
from selvbetjening_core.store.key_file import KEY_BYTES, KeyFileError, read_key_file
from selvbetjening_core.values import CprNumber

_NONCE_BYTES = 12
_VERSION = "v1"
_KEY_ID = re.compile(r"^[A-Za-z0-9_-]{1,40}$", re.ASCII)
_INDEX_PURPOSE = "index"


class Unreadable(SelvbetjeningError):
    """A stored token cannot be opened here: moved, changed, or its key is missing."""

    code = "unreadable"


@dataclass(frozen=True, slots=True)
class Cell:
    """The one place in the database that a token belongs to."""

    municipality: str
    table: str
    row: str
    field: str

    def associated_data(self) -> bytes:
        """The place as bytes; two places never give the same ones."""
        return json.dumps([self.municipality, self.table, self.row, self.field]).encode()


class KeyRing:
    """The master keys, and everything that is done with them.

    :param keys: master keys of 32 bytes by key id
    :param current: id of the key that new tokens are made under
    :param index: id of the key that the index is derived from; the first of
        ``keys`` if not given. It never changes while rows exist.
    :raises ValueError: if a key or an id is malformed or missing. The message
        never contains a key.

    Safe to share between threads.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str, index: str | None = None) -> None:
        self._keys = dict(keys)
        self._current = current
        self._index = next(iter(self._keys), "") if index is None else index
        self._check()
        self._ciphers: dict[tuple[str, str, str], AESGCM] = {}
        self._index_keys: dict[tuple[str, str], bytes] = {}

    @classmethod
    def from_file(cls, path: Path) -> KeyRing:
        """The keys in a file such as ``create_key_file`` makes.

        :raises KeyFileError: it cannot be read, can be read by group or others,
            or is not a key file.
        """
        found = read_key_file(path)
        try:
            return cls(found.keys, found.current, found.index)
        except ValueError as error:
            raise KeyFileError(f"{path.name} is not a key file: {error}") from None

    def _check(self) -> None:
        for key_id, key in self._keys.items():
            if not _KEY_ID.match(key_id):
                raise ValueError("a key id is 1 to 40 letters, digits, '-' or '_'")
            if len(key) != KEY_BYTES:
                raise ValueError(f"the key {key_id!r} is not {KEY_BYTES} bytes long")
        for role, key_id in (("current", self._current), ("index", self._index)):
            if key_id not in self._keys:
                raise ValueError(f"the {role} key {key_id!r} is not among the keys")

    def seal(self, cell: Cell, text: str) -> str:
        """``text`` as a token that can be opened at ``cell`` alone.

        Two calls never give the same token.
        """
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._cipher(cell.municipality, cell.table, self._current)
        sealed = nonce + cipher.encrypt(nonce, text.encode(), cell.associated_data())
        return f"{_VERSION}.{self._current}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, cell: Cell, token: str) -> str:
        """The text that was sealed at ``cell``.

        :raises Unreadable: it was not sealed there, was changed, or its master
            key is missing.
        """
        key_id, sealed = _parse(token)
        if key_id not in self._keys:
            raise Unreadable(f"a stored value needs the key {key_id!r}, which is missing")
        cipher = self._cipher(cell.municipality, cell.table, key_id)
        nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, ciphertext, cell.associated_data()).decode()
        except (InvalidTag, ValueError):
            raise Unreadable(
                f"a stored value of {cell.table}.{cell.field} was changed or moved"
            ) from None

    def index(self, municipality: str, cpr: CprNumber) -> str:
        """What ``cpr`` is looked up by in ``municipality``; different in every other."""
        return self._hidden(municipality, _INDEX_PURPOSE, cpr.reveal())

    def index_text(self, municipality: str, purpose: str, text: str) -> str:
        """What ``text`` is looked up by in ``municipality``; different for every purpose."""
        return self._hidden(municipality, f"{_INDEX_PURPOSE}:{purpose}", text)

    def _hidden(self, municipality: str, purpose: str, text: str) -> str:
        key = self._index_keys.get((municipality, purpose))
        if key is None:
            key = self._derive(municipality, purpose, self._index)
            self._index_keys[(municipality, purpose)] = key
        return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def _cipher(self, municipality: str, purpose: str, key_id: str) -> AESGCM:
        known = self._ciphers.get((municipality, purpose, key_id))
        if known is None:
            known = AESGCM(self._derive(municipality, purpose, key_id))
            self._ciphers[(municipality, purpose, key_id)] = known
        return known

    def _derive(self, municipality: str, purpose: str, key_id: str) -> bytes:
        info = f"{municipality}|{purpose}|{key_id}".encode()
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(self._keys[key_id])

    def __repr__(self) -> str:
        return f"KeyRing(current={self._current!r}, {len(self._keys)} keys)"


def _parse(token: str) -> tuple[str, bytes]:
    version, _, rest = token.partition(".")
    key_id, _, encoded = rest.partition(".")
    if version != _VERSION or not encoded:
        raise Unreadable("a stored value is not a token of a known version")
    try:
        return key_id, base64.b64decode(encoded, altchars=b"-_", validate=True)
    except binascii.Error:
        raise Unreadable("a stored value is not a whole token") from None
