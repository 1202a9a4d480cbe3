"""A first look at a logo, without the typesetter: is it a whole picture of its kind?"""

from __future__ import annotations

import base64
import struct
from xml.parsers import expat

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"
_SIZE_BEGINS, _SIZE_ENDS = 16, 24
_SVG = "http://www.w3.org/2000/svg}svg"


def fault_of_logo(ending: str, content: bytes) -> str:
    """What is wrong with it, said of the file; empty: nothing that this look finds.

    :param ending: ``.svg`` or ``.png``
    """
    return _fault_of_png(content) if ending == ".png" else _fault_of_svg(content)


def as_svg(png: bytes) -> bytes:
    """A PNG picture within an SVG one: Typst takes files that are text alone."""
    wide, high = _size(png)
    data = base64.b64encode(png).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}">'
        f'<image width="{wide}" height="{high}" href="data:image/png;base64,{data}"/></svg>'
    ).encode("ascii")


def _fault_of_png(content: bytes) -> str:
    is_whole = content.startswith(_PNG) and _PNG_END in content and all(_size(content))
    return "" if is_whole else "is no PNG picture, or not a whole one; save it as one"


def _size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, which stand first in the file."""
    wide, high = struct.unpack_from(">II", png.ljust(_SIZE_ENDS, b"\0"), _SIZE_BEGINS)
    return wide, high


def _fault_of_svg(content: bytes) -> str:
    names: list[str] = []
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = lambda name, _: names.append(name)
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat takes no names
    except expat.ExpatError as error:
        return f"is no XML (line {error.lineno}); save it as a plain SVG"
    return "" if names[0] == _SVG else "is no SVG picture; save it as one"
