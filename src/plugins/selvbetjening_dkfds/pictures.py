"""A municipality's logo: an SVG or PNG file that is safe to show.

What is looked for here is told to the municipality in words. It is not the only
wall: a browser runs and fetches nothing for a picture, and the pages' content
security policy goes with the file where somebody opens it by itself.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.parsers import expat

SIZE_LIMIT = 500_000
"""Bytes. A logo is on every page, also on a phone far from the mast."""

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "http://www.w3.org/2000/svg}svg"
_ACTIVE_ELEMENTS = frozenset(
    {"script", "foreignobject", "iframe", "object", "embed", "handler", "listener"}
)
_ADDRESSES = frozenset({"href", "src"})
_FOREIGN_ADDRESS = re.compile(
    r"(?!data:image/(?:png|jpeg);)(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE
)
_ADDRESS_IN_STYLE = re.compile(r"(?:url\(|@import)([^)]*)", re.IGNORECASE)
# A browser reads an address as if these were not there.
_IGNORED = re.compile(r"[\x00-\x20]")
# Every address and every style that fetches has one of these; nearly no number has.
_OF_NOTE = re.compile("[:/(@]")
_HAS_SCRIPT = "holds script; save it as a plain SVG"
_FROM_ELSEWHERE = "takes something from elsewhere; put everything into the file"


def read_picture(setting: str, path: str) -> tuple[str, bytes]:
    """The file's ending and its bytes.

    :param setting: the name of the setting that names the file, for the sentences
    :raises ValueError: it is not there, too large, neither SVG nor PNG, or holds
        script or something from elsewhere
    """
    file = Path(path)
    ending = file.suffix.lower()
    if ending not in _CHECKS:
        raise ValueError(f'{setting} = "{file.name}" must be an SVG or a PNG file')
    try:
        with file.open("rb") as opened:
            content = opened.read(SIZE_LIMIT + 1)
    except OSError:
        raise ValueError(f"{setting}: the file {file} cannot be read; put it there") from None
    if len(content) > SIZE_LIMIT:
        raise ValueError(f"{setting}: {file.name} is over {SIZE_LIMIT // 1000} kB; make it smaller")
    fault = _CHECKS[ending](content)
    if fault:
        raise ValueError(f"{setting}: {file.name} {fault}")
    return ending, content


def _fault_of_png(content: bytes) -> str:
    kinds = list(_chunks(content)) if content.startswith(_PNG) else []
    is_whole = kinds[:1] == [b"IHDR"] and b"IDAT" in kinds and kinds[-1:] == [b"IEND"]
    return "" if is_whole else "is no PNG picture, or not a whole one; save it as one"


def _chunks(content: bytes) -> Iterator[bytes]:
    """The kinds of a PNG's parts, as far as their checksums are right."""
    at = len(_PNG)
    while at + 12 <= len(content):
        (size,) = struct.unpack_from(">I", content, at)
        told = content[at + 4 : at + 8 + size]
        if content[at + 8 + size : at + 12 + size] != struct.pack(">I", zlib.crc32(told)):
            return
        yield told[:4]
        at += 12 + size


class _Fault(Exception):
    """What is wrong with an SVG file, said of the file."""


class _SvgReader:
    """Reads an SVG file and stops at the first fault. No entity is ever replaced."""

    def __init__(self) -> None:
        self._is_empty = True
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.StartElementHandler = self._element
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._entity
        self._parser.ProcessingInstructionHandler = self._instruction
        # A text comes whole, however it is written.
        self._parser.buffer_text = True
        self._parser.buffer_size = SIZE_LIMIT

    def read(self, content: bytes) -> None:
        """Read the whole file.

        :raises _Fault: it must not be shown
        :raises expat.ExpatError: it is no XML
        :raises LookupError, ValueError: it is in an encoding that nobody knows
        """
        self._parser.Parse(content, True)  # noqa: FBT003 - the parser's own signature

    def _element(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._is_empty and name != _SVG:
            raise _Fault("is no SVG picture; save it as one")
        self._is_empty = False
        if _local(name) in _ACTIVE_ELEMENTS:
            raise _Fault(_HAS_SCRIPT)
        for attribute, value in attributes.items():
            _check_attribute(_local(attribute), value)

    def _text(self, text: str) -> None:
        _check_style(_IGNORED.sub("", text))

    def _entity(self, *_: object) -> None:
        raise _Fault("declares entities; save it as a plain SVG")

    def _instruction(self, target: str, _: str) -> None:
        if target == "xml-stylesheet":
            raise _Fault(_FROM_ELSEWHERE)


def _fault_of_svg(content: bytes) -> str:
    try:
        _SvgReader().read(content)
    except _Fault as fault:
        return str(fault)
    except (expat.ExpatError, LookupError, ValueError):
        return "is no SVG picture; save it as one"
    return ""


def _check_attribute(name: str, written: str) -> None:
    if name.startswith("on"):
        raise _Fault(_HAS_SCRIPT)
    if not _OF_NOTE.search(written):
        return
    value = _IGNORED.sub("", written)
    if name in _ADDRESSES and _FOREIGN_ADDRESS.match(value):
        raise _Fault(_FROM_ELSEWHERE)
    if "javascript:" in value.lower():
        # An animation can put it into an address.
        raise _Fault(_HAS_SCRIPT)
    _check_style(value)


def _check_style(text: str) -> None:
    for address in _ADDRESS_IN_STYLE.findall(text):
        if _FOREIGN_ADDRESS.match(address.removeprefix("url(").strip("\"'")):
            raise _Fault(_FROM_ELSEWHERE)


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


_CHECKS = {".svg": _fault_of_svg, ".png": _fault_of_png}
