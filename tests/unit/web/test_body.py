"""Reading a body: within limits, whether or not the server tells its length."""

from __future__ import annotations

import io

import pytest
from pyramid.httpexceptions import HTTPRequestEntityTooLarge

from selvbetjening_core.forms.parse import MAX_BYTES
from selvbetjening_core.web.security import InMemoryRequest, read_body


class Input(io.RawIOBase):
    """What a server hands on: as it arrives, in pieces, if its length is not known."""

    def __init__(self, size: int, piece: int) -> None:
        self.left = size
        self.piece = piece
        self.taken = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = min(self.left, self.piece, self.left if size < 0 else size)
        self.left -= size
        self.taken += size
        return b"x" * size


def request(size: int, *, told: bool) -> tuple[InMemoryRequest, Input]:
    found = InMemoryRequest.blank("/", method="POST")
    body = Input(size, size if told else 50_000)
    found.environ["wsgi.input"] = body
    if told:
        found.environ["CONTENT_LENGTH"] = str(size)
    else:
        # A chunked body, as production servers hand it on.
        found.environ.pop("CONTENT_LENGTH", None)
        found.environ["wsgi.input_terminated"] = True
    return found, body


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("size", [0, 1, MAX_BYTES])
def test_what_is_within_the_limit_is_read_whole(size, told):
    found, _ = request(size, told=told)
    assert read_body(found, MAX_BYTES) == b"x" * size


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("size", [MAX_BYTES + 1, 50_000_000])
def test_what_is_beyond_is_refused_without_reading_it(size, told):
    found, body = request(size, told=told)
    with pytest.raises(HTTPRequestEntityTooLarge):
        read_body(found, MAX_BYTES)
    assert body.taken <= (0 if told else MAX_BYTES + 1)


def test_a_body_is_never_kept_in_a_file():
    found, _ = request(MAX_BYTES, told=True)
    read_body(found, MAX_BYTES)
    assert isinstance(found.body_file_raw, io.BytesIO)
