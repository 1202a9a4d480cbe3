"""Typst, as far as a receipt needs it: files and data in, a PDF out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selvbetjening_core.errors import NotInstalled

if TYPE_CHECKING:
    import typst

SHIPPED = Path(__file__).parent / "template"
FONTS = Path(__file__).parent / "fonts"

STANDARDS: tuple[typst.PDFStandard, ...] = ("ua-1", "a-3a")
"""Accessible (ISO 14289-1), and made to be kept with data attached (ISO 19005-3)."""

_FAMILIES = ("IBM Plex Sans", "DejaVu Sans", "Libertinus Serif", "DejaVu Sans Mono")
"""In this order. The last two are within Typst and serve where the others are missing."""

# What Typst says of a text that no font has, or that a PDF to be kept may not hold.
_NO_LETTERS = re.compile(
    r"""(?:the\ text\ `"(?P<text>.*?)"`\ could\ not\ be\ displayed
       |codepoint\ `"(?P<code>.*?)"`)""",
    re.VERBOSE | re.DOTALL,
)
_NO_TEXT = "a file beside it is not text; save pictures as SVG"
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_PLACE = re.compile(r"┌─ (?P<file>.+):(?P<line>\d+):\d+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that one PDF is made from.

    ``receipt`` is the data the template sees, ``attached`` the bytes that go
    with the PDF as a file, and ``at`` its date in seconds since 1970.
    """

    receipt: Mapping[str, Any]
    attached: str
    at: int


class BadTemplate(Exception):
    """Typst cannot make a PDF: of the template, a picture or a font. Holds no data.

    ``reason`` is in Typst's own words, which may quote the data.
    """

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}")
        self.file = file
        self.line = line
        self.reason = reason


class LettersMissing(Exception):
    """No font has these texts."""

    def __init__(self, texts: frozenset[str]) -> None:
        super().__init__(f"{len(texts)} texts cannot be shown")
        self.texts = texts


class Typesetter:
    """Makes PDFs by one template. Safe to use from several threads.

    Files are those of ``files`` and the shipped template's folder; nothing else
    can be read. A text in the data is a text, whatever is written in it: it
    reaches the template as JSON, never as code.

    Typst and the fonts are loaded when the first PDF is made: they take some 30 MB,
    which a process that shows forms alone does without.

    :param template: the name of the file that has the ``layout``
    :param files: more files by name: an own template and what it uses
    :param fonts: a folder with more fonts, if any
    """

    def __init__(self, template: str, files: Mapping[str, bytes], fonts: Path | None) -> None:
        """:raises NotInstalled: Typst is not here"""
        _require_typst()
        self._template = template
        self._files = {"main.typ": _shipped_main(), **files}
        self._more_fonts = fonts

    @cached_property
    def families(self) -> list[str]:
        """The fonts that there are, the first choice first."""
        there = self._fonts.families()
        return [name for name in _FAMILIES if name in there]

    @property
    def _fonts(self) -> Any:
        return _fonts(self._more_fonts)

    def pdf(self, sheet: Sheet) -> bytes:
        """The PDF. The same sheet gives the same bytes.

        :raises LettersMissing: a text cannot be shown
        :raises BadTemplate: anything else that Typst does not like
        """
        try:
            return self._compile(sheet)
        except _typst().TypstError as error:
            missing = _missing(error.diagnostic)
            if missing:
                raise LettersMissing(missing) from None
            raise _bad_template(error) from None
        except RuntimeError:
            # What it says then is of the call, and not of the template.
            raise BadTemplate("", 0, _NO_TEXT) from None

    def _compile(self, sheet: Sheet) -> bytes:
        # A compiler is cheap and keeps what it was given: one for each receipt.
        compile_pdf: Callable[..., Any] = (
            _typst()
            .Compiler(
                self._files,
                root=SHIPPED,
                font_paths=self._fonts,
                ignore_system_fonts=True,
                sys_inputs={
                    "receipt": json.dumps(sheet.receipt, ensure_ascii=False),
                    "data": sheet.attached,
                    "template": self._template,
                },
            )
            .compile
        )
        return bytes(compile_pdf(format="pdf", pdf_standards=list(STANDARDS), timestamp=sheet.at))


@cache
def _shipped_main() -> bytes:
    return (SHIPPED / "main.typ").read_bytes()


@cache
def _require_typst() -> None:
    """Is it here? Asked at the start, which is when somebody can still put it here.

    :raises NotInstalled: it is not
    """
    if find_spec("typst") is None:
        raise NotInstalled("The PDF receipt", "receipt")


def _typst() -> Any:
    """Only when a receipt is made: plugin sets are checked where Typst is not installed.

    :raises NotInstalled: it is not here
    """
    try:
        import typst  # noqa: PLC0415 - see above
    except ImportError:
        raise NotInstalled("The PDF receipt", "receipt") from None
    return typst


@cache
def _fonts(more: Path | None) -> Any:
    folders = [folder for folder in (FONTS, more) if folder is not None and folder.is_dir()]
    # The machine's own fonts would give other bytes on another machine.
    return _typst().Fonts(include_system_fonts=False, font_paths=folders)


def _missing(diagnostic: str) -> frozenset[str]:
    found = (match["text"] or match["code"] for match in _NO_LETTERS.finditer(diagnostic))
    return frozenset(_ESCAPE.sub(lambda code: chr(int(code[1], 16)), text) for text in found)


def _bad_template(error: typst.TypstError) -> BadTemplate:
    place = _PLACE.search(error.diagnostic)
    if place is None:
        return BadTemplate("", 0, error.message)
    return BadTemplate(Path(place["file"]).name, int(place["line"]), error.message)
