"""Reading JSON that anybody may have sent, and refusing it."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """What was sent is not taken. ``code`` names the rule; nothing of it is told."""

    def __init__(self, code: str, *, cancelled: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.cancelled = cancelled


def json_object(raw: bytes, code: str) -> dict[str, Any]:
    """The object that ``raw`` is, in UTF-8, each name in it once.

    :raises Refused: it is none, with this code
    """
    try:
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_never)
    except (ValueError, RecursionError):
        raise Refused(code) from None
    if not isinstance(found, dict):
        raise Refused(code)
    return found


def text_of(said: Mapping[str, Any], name: str) -> str:
    """The text under ``name``; empty where there is none, or something else."""
    found = said.get(name)
    return found if isinstance(found, str) else ""


def texts_of(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The texts under ``name``: a list of them, or words between spaces."""
    found = said.get(name)
    if isinstance(found, str):
        return tuple(found.split())
    if not isinstance(found, list):
        return ()
    return tuple(one for one in found if isinstance(one, str))


def moment_of(said: Mapping[str, Any], name: str) -> datetime.datetime:
    """The time under ``name``, in seconds since 1970; in UTC.

    :raises Refused: there is none
    """
    found = said.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Refused(f"time-{name}")
    try:
        return datetime.datetime.fromtimestamp(found, datetime.UTC)
    except (OverflowError, OSError, ValueError):
        raise Refused(f"time-{name}") from None


def url_text(raw: bytes) -> str:
    """Base64 for addresses, without its end."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str, code: str) -> bytes:
    """What a part of a token stands for: Base64 for addresses, without its end.

    :raises Refused: it is none, with this code
    """
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refused(code) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Of a name that is there twice, two readers may believe different ones.
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _never(_: str) -> None:
    raise ValueError("no number")
