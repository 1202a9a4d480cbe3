"""A form with files is read within limits, and what is not read leaves nothing behind."""

from __future__ import annotations

import io

import pytest

from selvbetjening_core.forms.parse import TooMuch
from selvbetjening_core.web.limits.multipart import (
    MOST_FILES,
    MultipartLimits,
    boundary_of,
    read_multipart,
)

LIMITS = MultipartLimits(form_bytes=100, form_fields=30, file_bytes=1000, upload_bytes=1500)
EDGE = b"edge"


class File:
    def __init__(self, name):
        self.id, self.key, self.content, self.state = name, "00", b"", "open"

    def write(self, data):
        self.content += data

    def finish(self):
        self.state = "finished"

    def give_up(self):
        self.state = "given up"


class Keeping:
    def __init__(self, *, allow=True):
        self.files, self.asked, self.allow = {}, [], allow

    def may_begin(self, pairs):
        self.asked.append(pairs)
        if not self.allow:
            raise PermissionError

    def new(self):
        file = File(str(len(self.files)))
        self.files[file.id] = file
        return file

    def discard(self, file_id):
        del self.files[file_id]


def part(head, content=b""):
    return b"--edge\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + content + b"\r\n"


def typed(name, text):
    return part(f'name="{name}"'.encode(), text.encode())


def a_file(name, content, field="proof"):
    return part(f'name="{field}"; filename="{name}"'.encode(), content)


def read(*parts, end=b"--edge--\r\n", most=10**6, keeping=None, piece=None):
    body = io.BytesIO(b"".join(parts) + end)
    if piece:
        whole = body.read
        body.read = lambda size: whole(min(size, piece))
    return read_multipart(body, most, EDGE, LIMITS, keeping or Keeping())


@pytest.mark.parametrize("piece", [None, 1, 7])
def test_it_is_read_however_it_comes_in_pieces(piece):
    keeping = Keeping()
    pairs, (file,) = read(
        typed("why", "æ\r\nø"),
        a_file('b%22"æ.pdf'.replace('"', ""), b"--edg\r\n--edge"[:9]),
        a_file("", b""),
        typed("do", "proof:upload"),
        keeping=keeping,
        piece=piece,
    )
    assert pairs == (("why", "æ\r\nø"), ("do", "proof:upload"))
    assert (file.field, file.name, file.size, file.is_whole) == ("proof", 'b"æ.pdf', 9, True)
    assert keeping.files["0"].content == b"--edg\r\n--"
    assert keeping.files["0"].state == "finished"
    assert keeping.asked == [(("why", "æ\r\nø"),)]


def test_a_file_that_is_too_long_is_known_and_not_kept_whole():
    keeping = Keeping()
    _, files = read(
        a_file("a", bytes(1001)), a_file("b", bytes(400)), a_file("c", bytes(400)), keeping=keeping
    )
    assert [one.is_whole for one in files] == [False, True, False]
    assert [one.size for one in files] == [1001, 400, 400]
    assert len(keeping.files["0"].content) <= 1000


TOO_MUCH = {
    "text": (typed("why", "x" * 101),),
    "text in several": tuple(typed("why", "x" * 30) for _ in range(4)),
    "fields": tuple(typed("f", "") for _ in range(31)),
    "files": tuple(a_file(f"{n}", b"x") for n in range(MOST_FILES + 1)),
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_there_is_a_limit_to_everything(case):
    keeping = Keeping()
    with pytest.raises(TooMuch):
        read(*TOO_MUCH[case], keeping=keeping)
    assert not keeping.files
    # The control: one less of them is read.
    read(*TOO_MUCH[case][:-1])


BROKEN = {
    "cut off": ((a_file("a", b"abc"),), b""),
    "cut off in the end": ((a_file("a", b"abc"),), b"--edge"),
    "no name": ((part(b'filename="a"', b"abc"),), b"--edge--\r\n"),
    "no disposition": ((b"--edge\r\nX: y\r\n\r\nabc\r\n",), b"--edge--\r\n"),
    "twice the same": (
        (b'--edge\r\nX: y\r\nx: z\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n',),
        b"--edge--\r\n",
    ),
    "a long header": ((b"--edge\r\nX: " + b"y" * 5000 + b"\r\n\r\n\r\n",), b"--edge--\r\n"),
    "many headers": ((b"--edge\r\n" + b"X: y\r\n" * 9 + b"\r\n\r\n",), b"--edge--\r\n"),
    "a file without a name": ((a_file("", b"abc"),), b"--edge--\r\n"),
    "no UTF-8": ((part(b'name="a"', b"\xff"),), b"--edge--\r\n"),
    "NUL": ((typed("a", "\0"),), b"--edge--\r\n"),
    "nothing": ((), b""),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_refused_and_leaves_nothing(case):
    parts, end = BROKEN[case]
    keeping = Keeping()
    with pytest.raises(ValueError, match=r"a form|a part|a file"):
        read(a_file("first", b"abc"), *parts, end=end, keeping=keeping)
    assert not keeping.files


def test_nothing_is_kept_before_it_may_be():
    keeping = Keeping(allow=False)
    with pytest.raises(PermissionError):
        read(typed("token", "x"), a_file("a", b"abc"), keeping=keeping)
    assert keeping.asked == [(("token", "x"),)]
    assert not keeping.files


def test_no_more_is_read_than_was_said():
    with pytest.raises(ValueError, match="breaks off"):
        read(a_file("a", bytes(500)), most=300)


@pytest.mark.parametrize("said", ["", f"; boundary={'x' * 71}"])
def test_a_form_says_what_stands_between_its_parts(said):
    with pytest.raises(ValueError, match="between its parts"):
        boundary_of(f"multipart/form-data{said}")
    assert boundary_of('multipart/form-data; boundary="edge"') == EDGE
