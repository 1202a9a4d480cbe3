"""Reading the body of a form post, within limits.

Form bodies are read here and nowhere else, so that size, number of fields and
encoding are checked before anything else looks at them.
"""

from __future__ import annotations

import re
from binascii import a2b_qp

MAX_BYTES = 200_000
MAX_FIELDS = 500
# No form holds what stands here between its names and values.
_TO_QUOTED = bytes.maketrans(b"&=+%", b"\0\0 =")
_ALL_BUT_MARKS = bytes(range(256)).translate(None, b"&=")
_BROKEN_CODE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class TooMuch(ValueError):
    """The body has more bytes or fields than are read."""


def parse_form(
    body: bytes, *, max_bytes: int = MAX_BYTES, max_fields: int = MAX_FIELDS
) -> tuple[tuple[str, str], ...]:
    """The name and value pairs of an ``application/x-www-form-urlencoded`` body.

    In the order sent, repeated names kept. Personal data: the answers.

    :raises TooMuch: more than ``max_bytes`` or ``max_fields``
    :raises ValueError: not UTF-8, a broken ``%`` code, or a NUL character; the
        message never holds any of the body
    """
    if len(body) > max_bytes:
        raise TooMuch(f"a form may have at most {max_bytes} bytes")
    if body.count(b"&") >= max_fields:
        raise TooMuch(f"a form may have at most {max_fields} fields")
    if _BROKEN_CODE.search(body):
        raise ValueError("a percent sign in a form is followed by two hexadecimal digits")
    if b"%00" in body or b"\0" in body:
        raise ValueError("a form has no NUL characters")
    written = body if _is_as_browsers_write(body) else _as_browsers_write(body)
    if not written:
        return ()
    try:
        if not body.isascii():
            # What is sent without codes has to be whole by itself.
            body.decode("utf-8")
        # Quoted-printable has another sign for its codes, and is decoded all at once.
        sent = a2b_qp(written.translate(_TO_QUOTED)).decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("a form is in UTF-8") from None
    read = iter(sent.split("\0"))
    return tuple(zip(read, read, strict=True))


def _is_as_browsers_write(body: bytes) -> bool:
    """Is each name followed by ``=``, each value by ``&``, and is there no other of them?"""
    marks = body.translate(None, _ALL_BUT_MARKS)
    return len(marks) % 2 == 1 and marks == (b"=&" * len(marks))[: len(marks)]


def _as_browsers_write(body: bytes) -> bytes:
    parts = [part.partition(b"=") for part in body.split(b"&") if part]
    return b"&".join([name + b"=" + value.replace(b"=", b"%3D") for name, _, value in parts])
