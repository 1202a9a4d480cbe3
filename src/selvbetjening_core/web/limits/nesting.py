"""How deep a message from outside is nested, before anything builds a tree of it."""

from __future__ import annotations

import re
from xml.parsers import expat

# Possessive: a text that has no end is read once, not once for each quote in it.
_JSON_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_OPENING, _CLOSING = frozenset(b"[{"), frozenset(b"]}")
_BLANK = b" \t\r\n"
# Marks of the order of bytes, and the halves of UTF-16 that ASCII leaves empty.
_UNWRITTEN = b"\0\xef\xbb\xbf\xfe\xff"


class TooDeep(ValueError):
    """It is nested too deep, or could grow when it is read."""


def check_depth(body: bytes, most: int) -> None:
    """Look at a message of JSON or XML, whatever its sender calls it. Takes linear time.

    What is neither, or broken, is left to the component that the message is for.

    :param most: how deep it may be nested
    :raises TooDeep: it is deeper; or it is XML with a document type, whose entities
        make a little text large, or read files
    """
    first = body.translate(None, _UNWRITTEN).lstrip(_BLANK)[:1]
    if first in (b"[", b"{"):
        _check_json(body, most)
    elif first == b"<":
        _check_xml(body, most)


def _check_json(body: bytes, most: int) -> None:
    depth = 0
    for byte in _JSON_TEXT.sub(b"", body):
        depth += (byte in _OPENING) - (byte in _CLOSING)
        if depth > most:
            raise TooDeep("a message is nested too deep")


def _check_xml(body: bytes, most: int) -> None:
    depth = 0

    def begin(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > most:
            raise TooDeep("a message is nested too deep")

    def end(_: object) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_: object) -> None:
        raise TooDeep("a message has no document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError:
        return
