"""A municipality's logo: an SVG or PNG file that is safe to show."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

SIZE_LIMIT = 500_000
"""Bytes. A logo is on every page, also on a phone far from the mast."""

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}svg"
_ACTIVE_ELEMENTS = frozenset({"script", "foreignobject", "iframe", "handler", "listener"})
_FOREIGN_ADDRESS = re.compile(
    r"\s*(?!data:image/(?:png|jpeg);)(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE
)
_HAS_SCRIPT = "holds script; save it as a plain SVG"


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
        content = file.read_bytes()
    except OSError:
        raise ValueError(f"{setting}: the file {file} cannot be read; put it there") from None
    if len(content) > SIZE_LIMIT:
        raise ValueError(f"{setting}: {file.name} is over {SIZE_LIMIT // 1000} kB; make it smaller")
    fault = _CHECKS[ending](content)
    if fault:
        raise ValueError(f"{setting}: {file.name} {fault}")
    return ending, content


def _fault_of_png(content: bytes) -> str:
    return "" if content.startswith(_PNG) else "is no PNG picture; save it as one"


def _fault_of_svg(content: bytes) -> str:
    if b"<!ENTITY" in content:
        return "declares entities; save it as a plain SVG"
    try:
        # What a hostile document does to this parser it does by entities.
        root = ElementTree.fromstring(content)  # noqa: S314
    except ElementTree.ParseError:
        return "is no SVG picture; save it as one"
    if root.tag != _SVG:
        return "is no SVG picture; save it as one"
    return next(filter(None, map(_fault_of_element, root.iter())), "")


def _fault_of_element(element: ElementTree.Element) -> str:
    if _local(element.tag) in _ACTIVE_ELEMENTS:
        return _HAS_SCRIPT
    for name, value in element.attrib.items():
        if _local(name).startswith("on"):
            return _HAS_SCRIPT
        if _local(name) == "href" and _FOREIGN_ADDRESS.match(value):
            return "takes something from elsewhere; put everything into the file"
    return ""


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


_CHECKS = {".svg": _fault_of_svg, ".png": _fault_of_png}
