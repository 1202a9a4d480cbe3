"""What the front reads of a request. Whatever is not written as usual is left to the router."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Mapping
from typing import Any

from selvbetjening_core.composition.limits import SizeLimits
from selvbetjening_core.forms.parse import parse_form

FORM_TYPE = "application/x-www-form-urlencoded"
_DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)
_MOST_NAMES = 256

Pairs = tuple[tuple[str, str], ...]


def sent_token(environ: Mapping[str, Any], name: str) -> str:
    """The token in the cookie called ``name``; empty: none, or one cannot be sure.

    Where a cookie is quoted, or the name comes twice, the router decides which counts.
    """
    cookies: str = environ.get("HTTP_COOKIE", "")
    if '"' in cookies or cookies.count(name) != 1:
        return ""
    found = _token_pattern(name).search(cookies)
    return found.group(1) if found else ""


@functools.lru_cache(_MOST_NAMES)
def _token_pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|; ){re.escape(name)}=([A-Za-z0-9_-]{{43}})(?:; |$)", re.ASCII)


def sent_form(environ: dict[str, Any], sizes: SizeLimits) -> Pairs | None:
    """The form that was sent; None where the router has to look at it.

    Whatever comes of it, the router can read it again. Personal data: the answers.
    """
    length = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE") != FORM_TYPE or not _DIGITS.fullmatch(length):
        return None
    if int(length) > sizes.form_bytes:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    if len(body) != int(length):
        return None
    try:
        return parse_form(body, max_bytes=sizes.form_bytes, max_fields=sizes.form_fields)
    except ValueError:
        return None
