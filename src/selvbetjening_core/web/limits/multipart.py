"""Reading a form that has files: piece by piece, within limits, nothing kept in clear."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import IO, Any, Protocol

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from selvbetjening_core.forms.parse import TooMuch
from selvbetjening_core.journey.ports import NewFile
from selvbetjening_core.journey.uploads import ReceivedFile

MULTIPART = "multipart/form-data"
MOST_FILES = 20
"""In one form: more than any field takes."""
_PIECE = 64 * 1024
_LONGEST_BOUNDARY = 70
_LONGEST_NAME = 1000
_HEADERS = 8
_HEADER_BYTES = 4096

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MultipartLimits:
    """How much is read.

    :param form_bytes: of all that is no file together, and ``form_fields`` of these
    :param file_bytes: of one file, and ``upload_bytes`` of all; what is beyond is
        passed over, and the file is known as one that is not whole
    """

    form_bytes: int
    form_fields: int
    file_bytes: int
    upload_bytes: int


class Keeping(Protocol):
    """What is done with files as they come."""

    def may_begin(self, pairs: Pairs) -> None:
        """Asked before the first file: may one be sent with what came before it? Raises if not."""

    def new(self) -> NewFile:
        """A file to write to."""

    def discard(self, file_id: str) -> None:
        """Remove what is not wanted."""


@dataclass
class _Part:
    """A part of the form, while it is read."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    name: str = ""
    file_name: str | None = None
    text: bytearray = field(default_factory=bytearray)
    file: NewFile | None = None
    size: int = 0
    is_whole: bool = True
    sha256: Any = field(default_factory=hashlib.sha256)


def boundary_of(content_type: str) -> bytes:
    """What stands between the parts.

    :raises ValueError: nothing is said that could
    """
    _, options = parse_options_header(content_type)
    found = options.get(b"boundary", b"")
    if not 0 < len(found) <= _LONGEST_BOUNDARY:
        raise ValueError("a form with files says what stands between its parts")
    return found


def read_multipart(
    body: IO[bytes], most: int, boundary: bytes, limits: MultipartLimits, keeping: Keeping
) -> tuple[Pairs, list[ReceivedFile]]:
    """The names and values in the order sent, and the files, which are kept already.

    Where it raises, nothing of the files is left. Personal data: all of it.

    :param most: how many bytes are read at all
    :raises TooMuch: there is more than ``limits`` says, files apart
    :raises ValueError: it is not such a form, or breaks off
    :raises OSError: a file cannot be kept
    """
    reader = _Reader(limits, keeping)
    try:
        reader.read(body, most, boundary)
    except BaseException:
        reader.discard_all()
        raise
    return tuple(reader.pairs), reader.files


class _Reader:
    def __init__(self, limits: MultipartLimits, keeping: Keeping) -> None:
        self.pairs: list[tuple[str, str]] = []
        self.files: list[ReceivedFile] = []
        self._limits = limits
        self._keeping = keeping
        self._part = _Part()
        self._begun: list[NewFile] = []
        self._text_bytes = self._file_bytes = self._parts = 0
        self._header = (bytearray(), bytearray())
        self._is_over = False

    def read(self, body: IO[bytes], most: int, boundary: bytes) -> None:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._end_headers,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._finish,
            },
            max_header_count=_HEADERS,
            max_header_size=_HEADER_BYTES,
        )
        left = most
        try:
            while left > 0 and (piece := body.read(min(_PIECE, left))):
                left -= len(piece)
                parser.write(piece)
            parser.finalize()
        except FormParserError:
            raise ValueError("a form with files cannot be read") from None
        if not self._is_over:
            raise ValueError("a form with files breaks off")

    def discard_all(self) -> None:
        for file in self._begun:
            file.give_up()
            self._keeping.discard(file.id)

    def _begin(self) -> None:
        self._part = _Part()
        self._parts += 1
        if self._parts > self._limits.form_fields:
            raise TooMuch(f"a form may have at most {self._limits.form_fields} fields")

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _end_header(self) -> None:
        name, value = (bytes(one) for one in self._header)
        self._header = (bytearray(), bytearray())
        if name.lower() in self._part.headers:
            raise ValueError("a part of a form says the same thing twice")
        self._part.headers[name.lower()] = value

    def _end_headers(self) -> None:
        kind, options = parse_options_header(self._part.headers.get(b"content-disposition"))
        if kind != b"form-data" or b"name" not in options:
            raise ValueError("a part of a form has no name")
        self._part.name = _text(options[b"name"])[:_LONGEST_NAME]
        if b"filename" in options:
            self._part.file_name = _text(options[b"filename"]).replace("%22", '"')
        if self._part.file_name:
            self._begin_file()

    def _begin_file(self) -> None:
        if not self._begun:
            self._keeping.may_begin(tuple(self.pairs))
        if len(self._begun) >= MOST_FILES:
            raise TooMuch(f"a form may have at most {MOST_FILES} files")
        self._part.file = self._keeping.new()
        self._begun.append(self._part.file)

    def _data(self, data: bytes, start: int, end: int) -> None:
        piece, part = data[start:end], self._part
        if part.file is not None:
            self._file_data(part, piece)
        elif part.file_name is None:
            self._text_bytes += len(piece)
            if self._text_bytes > self._limits.form_bytes:
                raise TooMuch(f"a form may have at most {self._limits.form_bytes} bytes")
            part.text += piece
        elif piece:
            raise ValueError("a file of a form has no name")

    def _file_data(self, part: _Part, piece: bytes) -> None:
        part.size += len(piece)
        self._file_bytes += len(piece)
        part.is_whole = part.is_whole and (
            part.size <= self._limits.file_bytes and self._file_bytes <= self._limits.upload_bytes
        )
        if part.is_whole and part.file is not None:
            part.sha256.update(piece)
            part.file.write(piece)

    def _end(self) -> None:
        part = self._part
        if part.file is not None:
            if part.is_whole:
                part.file.finish()
            else:
                part.file.give_up()
            self.files.append(
                ReceivedFile(
                    field=part.name,
                    name=part.file_name or "",
                    id=part.file.id,
                    key=part.file.key,
                    size=part.size,
                    sha256=part.sha256.hexdigest(),
                    is_whole=part.is_whole,
                )
            )
        elif part.file_name is None:
            self.pairs.append((part.name, _text(bytes(part.text))))

    def _finish(self) -> None:
        self._is_over = True


def _text(encoded: bytes) -> str:
    try:
        text = encoded.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("a form is in UTF-8") from None
    if "\0" in text:
        raise ValueError("a form has no NUL characters")
    return text
