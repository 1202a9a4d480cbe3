"""Reading the body of a form post, within limits.

Form bodies are read here and nowhere else, so that size, number of fields and
encoding are checked before anything else looks at them.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

MAX_BYTES = 200_000
MAX_FIELDS = 500
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
    if not body:
        return ()
    parts = body.split(b"&", max_fields)
    if len(parts) > max_fields:
        raise TooMuch(f"a form may have at most {max_fields} fields")
    if _BROKEN_CODE.search(body):
        raise ValueError("a percent sign in a form is followed by two hexadecimal digits")
    if b"%00" in body or b"\0" in body:
        raise ValueError("a form has no NUL characters")
    try:
        # What is said in a code of three bytes is in one part: none holds & or =.
        sent = body.replace(b"+", b" ").decode("utf-8")
        return tuple([_pair(part) for part in sent.split("&") if part])
    except UnicodeDecodeError:
        raise ValueError("a form is in UTF-8") from None


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return (_text(name), _text(value)) if "%" in part else (name, value)


def _text(encoded: str) -> str:
    return unquote_to_bytes(encoded).decode("utf-8") if "%" in encoded else encoded
