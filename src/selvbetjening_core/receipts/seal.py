"""The seal of a receipt, and the check code that people can read."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field

from selvbetjening_core.values import CaseSnapshot
from selvbetjening_core.values.case_json import case_to_json

_SEAL = b"selvbetjening receipt, format 1\n"
_CODE = b"selvbetjening check code, format 1\n"
_NONE = b"0" * 64


@dataclass(frozen=True, slots=True)
class Seal:
    """An HMAC-SHA256 over all of a document, kept in the document itself.

    The document is written with :attr:`blank` in it, once or several times.
    The seal is made over the document as written and takes the place of each
    blank, byte for byte, so that nothing moves. Whoever checks puts the blanks
    back.

    ``before`` and ``after`` are what the seal stands between. They must be such
    that no answer of a citizen can hold them in the document's bytes, since an
    answer that looked like a blank would be changed.

    :raises ValueError: the key is empty, which would seal nothing
    """

    key: str = field(repr=False)
    before: bytes
    after: bytes = b""

    def __post_init__(self) -> None:
        if not self.key:
            raise ValueError("the setting seal_key is empty")

    @property
    def blank(self) -> str:
        """What a document is written with where the seal is to be."""
        return (self.before + _NONE + self.after).decode("ascii")

    def close(self, unsealed: bytes) -> bytes:
        """The document with its seal. As long as it was.

        :raises ValueError: there is no blank in it
        """
        blank = self._mark(_NONE)
        if blank not in unsealed:
            raise ValueError("the document has no place for a seal")
        mac = hmac.new(self.key.encode(), _SEAL + unsealed, hashlib.sha256).hexdigest()
        return unsealed.replace(blank, self._mark(mac.encode()))

    def is_closed(self, content: bytes) -> bool:
        """Whether ``content`` is exactly what :meth:`close` made. Never raises."""
        pattern = re.escape(self.before) + b"([0-9a-f]{64})" + re.escape(self.after)
        found = re.search(pattern, content)
        if found is None:
            return False
        unsealed = content.replace(found.group(), self._mark(_NONE))
        return hmac.compare_digest(self.close(unsealed), content)

    def _mark(self, mac: bytes) -> bytes:
        return self.before + mac + self.after


def check_code(key: str, case: CaseSnapshot) -> str:
    """A short code that fits this case and no other: ``K7QF-2M9X-4TPA``.

    Made from everything in the case with the key, so a print can be checked,
    too: issue the receipt of the case again and compare. It has 60 bits, and
    tells nothing of the case to those without the key.
    """
    told = json.dumps(case_to_json(case), sort_keys=True, separators=(",", ":"))
    mac = hmac.new(key.encode(), _CODE + told.encode("ascii"), hashlib.sha256).digest()
    letters = base64.b32encode(mac).decode("ascii")[:12]
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))
