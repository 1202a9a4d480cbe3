"""A first look at a logo, without the typesetter: is it a whole picture of its kind?"""

from __future__ import annotations

from xml.parsers import expat

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"
_SVG = "http://www.w3.org/2000/svg}svg"


def fault_of_logo(name: str, content: bytes) -> str:
    """What is wrong with it, said of the file; empty: nothing that this look finds.

    :param name: ends in ``.svg`` or ``.png``
    """
    return _fault_of_png(content) if name.endswith(".png") else _fault_of_svg(content)


def _fault_of_png(content: bytes) -> str:
    is_whole = content.startswith(_PNG) and _PNG_END in content
    return "" if is_whole else "is no PNG picture, or not a whole one; save it as one"


def _fault_of_svg(content: bytes) -> str:
    names: list[str] = []
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = lambda name, _: names.append(name)
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat takes no names
    except expat.ExpatError as error:
        return f"is no XML (line {error.lineno}); save it as a plain SVG"
    return "" if names[0] == _SVG else "is no SVG picture; save it as one"
