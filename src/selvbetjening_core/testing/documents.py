"""What a finished document says, to people and to machines."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from selvbetjening_core.errors import NotInstalled
from selvbetjening_core.values import Document

_UNSEEN_ELEMENTS = frozenset({"script", "style", "template", "title"})
_FETCHING = frozenset({"src", "srcset", "data", "poster", "background", "action", "formaction"})
_ACTIVE_ELEMENTS = frozenset({"script", "iframe", "object", "embed", "form", "link", "base"})
_ACTIVE_IN_PDF = (b"/JavaScript", b"/Launch", b"/SubmitForm", b"/ImportData", b"/RichMedia")


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document that has been read.

    :param shown: what people read, in reading order
    :param kept: what is in it beside that: attached data, information, comments
    :param active: what would run, fetch or send something when it is opened
    """

    shown: str
    kept: str = ""
    active: tuple[str, ...] = ()

    @property
    def all_text(self) -> str:
        """Everything in words that is in the document, shown or not."""
        return f"{self.shown}\n{self.kept}"


def read_document(document: Document) -> ReadDocument:
    """Read a document of a kind that is known here: HTML, PDF or plain text.

    :raises NotInstalled: reading a PDF needs pypdfium2
    :raises LookupError: the media type is another
    """
    readers = {"text/html": _read_html, "text/plain": _read_text, "application/pdf": _read_pdf}
    kind = document.media_type.partition(";")[0].strip().lower()
    if kind not in readers:
        raise LookupError(f"no text can be read out of {kind}: tell the bench how, in read")
    return readers[kind](document.content)


def words_of(text: str) -> str:
    """The text with one space between words, however lines were broken.

    Zero-width spaces, which only allow a line to break, are left out.
    """
    return " ".join(text.replace("\u200b", "").replace("\ufffe", "").split())


def _read_text(content: bytes) -> ReadDocument:
    return ReadDocument(content.decode("utf-8", "replace"))


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.kept: list[str] = []
        self.active: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN_ELEMENTS:
            self._unseen.append(tag)
        if tag in _ACTIVE_ELEMENTS:
            self.active.append(tag)
        for name, value in attrs:
            self.kept.append(value or "")
            if _is_active(name, value or ""):
                self.active.append(f"{tag} {name}")
        self.shown.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and self._unseen[-1] == tag:
            self._unseen.pop()
        self.shown.append(" ")

    def handle_data(self, data: str) -> None:
        (self.kept if self._unseen else self.shown).append(data)

    def handle_comment(self, data: str) -> None:
        self.kept.append(data)


def _is_active(name: str, value: str) -> bool:
    if name in _FETCHING:
        return not value.startswith("data:")
    is_script = value.strip().lower().startswith("javascript:")
    return name.startswith("on") or is_script or (name == "style" and "url(" in value)


def _read_html(content: bytes) -> ReadDocument:
    html = _Html()
    html.feed(content.decode("utf-8", "replace"))
    html.close()
    active = list(html.active)
    if b"url(" in content and b"url(data:" not in content:
        active.append("url() in a style sheet")
    return ReadDocument("".join(html.shown), "\n".join(html.kept), tuple(active))


def _read_pdf(content: bytes) -> ReadDocument:
    try:
        pdfium: Any = importlib.import_module("pypdfium2")
    except ImportError:
        raise NotInstalled("Reading a PDF", "testing") from None
    pdf = pdfium.PdfDocument(content)
    try:
        shown = "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
        kept = [*pdf.get_metadata_dict().values(), *_attached(pdf)]
    finally:
        pdf.close()
    active = tuple(mark.decode() for mark in _ACTIVE_IN_PDF if mark in content)
    return ReadDocument(shown, "\n".join(kept), active)


def _attached(pdf: Any) -> list[str]:
    found = [pdf.get_attachment(number) for number in range(pdf.count_attachments())]
    return [
        text
        for one in found
        for text in (one.get_name(), bytes(one.get_data()).decode("utf-8", "replace"))
    ]
