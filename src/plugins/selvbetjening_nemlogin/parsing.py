"""Reading XML that anybody may have sent."""

from __future__ import annotations

import base64
import binascii
import datetime
from typing import TYPE_CHECKING

from selvbetjening_nemlogin.names import NS

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

LARGEST = 256 * 1024


class Refused(Exception):
    """What was sent is not taken. ``code`` names the rule; nothing of it is told."""

    def __init__(self, code: str, *, cancelled: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.cancelled = cancelled


def parsed(raw: bytes) -> Element:
    """The root of a document without a document type. Nothing is fetched or expanded.

    :raises Refused: it cannot be read, is too long, or has a document type
    """
    from lxml import etree  # noqa: PLC0415 - a start without a login needs no XML

    if len(raw) > LARGEST:
        raise Refused("too-long")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refused("unreadable") from None
    if root.getroottree().docinfo.doctype:
        raise Refused("document-type")
    return root


def as_bytes(element: Element) -> bytes:
    """An element as it is written, without what stands after it."""
    from lxml import etree  # noqa: PLC0415 - as above

    written: bytes = etree.tostring(element, with_tail=False)
    return written


def decoded(text: str) -> bytes:
    """What was sent in Base64, with or without breaks of lines.

    :raises Refused: it is no Base64
    """
    try:
        return base64.b64decode("".join(text.split()).encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("unreadable") from None


def text_of(element: Element | None) -> str:
    """The whole text of an element that has nothing but text; empty if there is none.

    A comment in the middle splits what other libraries read as the text.

    :raises Refused: there is something else in it
    """
    if element is None:
        return ""
    if len(element):
        raise Refused("text-with-markup")
    return (element.text or "").strip()


def moment(text: str | None, code: str) -> datetime.datetime:
    """A time of SAML, in UTC.

    :raises Refused: with ``code``, if it is missing or no time
    """
    try:
        found = datetime.datetime.fromisoformat(text or "")
    except ValueError:
        raise Refused(code) from None
    if found.tzinfo is None:
        raise Refused(code)
    return found.astimezone(datetime.UTC)


def the_one(parent: Element, path: str, code: str) -> Element:
    """The only element at ``path`` below ``parent``.

    :raises Refused: with ``code``, if there is none, or more than one
    """
    found = parent.findall(path, NS)
    if len(found) != 1:
        raise Refused(code)
    return found[0]
