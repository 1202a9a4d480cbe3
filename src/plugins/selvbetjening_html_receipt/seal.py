"""The seal of a receipt: an HMAC-SHA256 over all of it.

The document is written with two blank places, one for the seal and one for the
check code that people can read. The seal is made over the document with blank
places and then put into them. Whoever checks takes it out again.

A citizen's answer cannot look like a blank place: both hold angle brackets,
which are escaped in every answer.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from markupsafe import Markup

_PURPOSE = b"selvbetjening receipt, format 1\n"
_META = '<meta name="selvbetjening-seal" content="%s">'
_CODE = '<strong class="check-code">%s</strong>'
_SEALED = re.compile((_META % "([0-9a-f]{64})").encode())

BLANK_META = Markup(_META % "")  # noqa: S704 - a constant
BLANK_CODE = Markup(_CODE % "")  # noqa: S704 - a constant


def seal(key: str, unsealed: bytes) -> bytes:
    """Fill the blank places of a document."""
    mac = hmac.new(key.encode(), _PURPOSE + unsealed, hashlib.sha256).hexdigest()
    filled = unsealed.replace(BLANK_META.encode(), _meta(mac), 1)
    return filled.replace(BLANK_CODE.encode(), _code(mac), 1)


def is_sealed(key: str, content: bytes) -> bool:
    """Whether ``content`` is exactly what :func:`seal` made with ``key``. Never raises."""
    found = _SEALED.search(content)
    if found is None:
        return False
    mac = found.group(1).decode()
    unsealed = content.replace(_meta(mac), BLANK_META.encode(), 1)
    unsealed = unsealed.replace(_code(mac), BLANK_CODE.encode(), 1)
    return hmac.compare_digest(seal(key, unsealed), content)


def _meta(mac: str) -> bytes:
    return (_META % mac).encode()


def _code(mac: str) -> bytes:
    digits = mac[:12].upper()
    return (_CODE % f"{digits[:4]}-{digits[4:8]}-{digits[8:]}").encode()
