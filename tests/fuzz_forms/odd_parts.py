"""Forms in parts, as a browser sends them with files, and as none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st
from odd_input import texts

from selvbetjening_core.testing.cases import PDF
from selvbetjening_core.testing.sent import Pairs

_CONTENTS = (
    PDF,
    b"",
    b"MZ" + bytes(64),
    b"PK\x03\x04" + b"\xff" * 40,
    b"\xff\xd8\xff\xe0" + bytes(20),
    b"<svg onload='x()'/>",
    b"\xe6\xf8\xe5",
    "æøå".encode("utf-16"),
    b"a\x00b",
    b"\r\n--x\r\n--x--\r\n",
    PDF * 20_000,
)
_FILE_NAMES = (
    *("skema.pdf", "skema.pdf", "skema.exe.pdf", "../../etc/passwd.pdf", "C:\\a\\b.pdf", ".pdf"),
    *("", ".", "..", "a" * 119 + ".pdf", "a" * 3000 + ".pdf", "x\u202efdp.pdf", "a%22b.pdf"),
    *("a%00.pdf", "\x00.pdf", "æøå.pdf", "{{ 7 * 7 }}.pdf", "<script>.pdf", "📄.pdf", "CON.pdf"),
)
_BOUNDARIES = (*("x",) * 12, "--x--", "=_?:'()+,-./", "a b", "b" * 70, "b" * 71, "", '"', "é")
_DISPOSITIONS = (
    'form-data; name="{name}"',
    'form-data; name="{name}"; name="another"',
    "form-data; name={name}",
    "form-data; name*=UTF-8''{name}",
    'FORM-DATA; NAME="{name}"',
    'attachment; name="{name}"',
    "form-data",
    'form-data; name=""',
    "form-data; name",
    "form-data;;; name = ",
    "form-data; name=\"{name}\"; filename*=UTF-8''a.pdf",
    'form-data; name="{name}"; filename',
    "",
    ";",
    "\xff",
)
_MORE = (
    (),
    (),
    ("Content-Type: text/plain; charset=utf-16",),
    ("Content-Type: text/plain; charset=utf-7",),
    ("Content-Type: multipart/mixed; boundary=y",),
    ("Content-Transfer-Encoding: base64",),
    ('Content-Disposition: form-data; name="other"',),
    ("Content-Length: 99999999999",),
    ("no colon here",),
    (": nothing",),
    tuple(f"X-{number}: 1" for number in range(40)),
    ("X: " + "a" * 9000,),
)
_SHAPES = (*("right",) * 8, "bare lines", "cut", "no end", "after", "before")


@dataclass(frozen=True)
class Parts:
    """A body in parts.

    :param kind: the type that it claims
    :param told: texts of it that may stand on a page as they are: names of files, answers
    """

    body: bytes
    kind: str
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    headers: tuple[str, ...]
    content: bytes
    file_name: str = ""


Some = tuple[_Part, ...]


def odd_parts(
    hidden: Pairs, right: Pairs, names: Sequence[str], file_names: Sequence[str]
) -> st.SearchStrategy[Parts]:
    """A form in parts with something odd.

    :param hidden: what the form has beside answers
    :param right: right answers, sent along
    :param names: the names of the inputs
    :param file_names: those among them that take files
    """
    first = tuple(_plain(name, text) for name, text in hidden)
    rest = tuple(_plain(name, text) for name, text in right)
    odd = st.lists(_part(names, file_names), max_size=4).map(tuple)
    order = st.sampled_from(_orders(first, rest))
    pressed = st.sampled_from(("", "", *(f"{name}:upload" for name in file_names), "x:y"))
    return st.builds(
        _put_together,
        order,
        odd,
        pressed,
        st.sampled_from(_BOUNDARIES),
        st.sampled_from(_SHAPES),
    )


def _orders(first: Some, rest: Some) -> tuple[tuple[Some, Some], ...]:
    whole = (first, rest)
    return (whole, whole, whole, whole, (first, ()), ((), ()), (rest, first))


def _part(names: Sequence[str], file_names: Sequence[str]) -> st.SearchStrategy[_Part]:
    file_name = st.one_of(st.sampled_from(_FILE_NAMES), st.text(max_size=20))
    content = st.one_of(st.sampled_from(_CONTENTS), st.binary(max_size=60))
    to = st.sampled_from((*file_names, *file_names, *names, "nobody", ""))
    more = st.sampled_from(_MORE)
    as_text = texts.map(lambda text: text.encode("utf-8", "surrogatepass"))
    return st.one_of(
        st.builds(_file, to, file_name, st.one_of(st.just(PDF), content), more),
        st.builds(_file, st.sampled_from(list(file_names)), file_name, st.just(PDF), st.just(())),
        st.builds(_odd, st.sampled_from(_DISPOSITIONS), to, st.one_of(content, as_text), more),
    )


def _plain(name: str, text: str) -> _Part:
    return _Part((f'Content-Disposition: form-data; name="{name}"',), text.encode())


def _file(name: str, file_name: str, content: bytes, more: tuple[str, ...]) -> _Part:
    said = f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"'
    return _Part((said, *more), content, file_name)


def _odd(disposition: str, name: str, content: bytes, more: tuple[str, ...]) -> _Part:
    said = f"Content-Disposition: {disposition.format(name=name)}"
    return _Part((said, *more), content)


def _put_together(
    order: tuple[Some, Some],
    odd: Some,
    pressed: str,
    boundary: str,
    shape: str,
) -> Parts:
    first, rest = order
    button = (_plain("do", pressed),) if pressed else ()
    parts = (*odd, *first, *rest) if shape == "before" else (*first, *rest, *button, *odd)
    between, end = boundary.encode(), b"\n" if shape == "bare lines" else b"\r\n"
    pieces = [b"--" + between + end + _encoded(part, end) + end for part in parts]
    body = b"".join(pieces) + (b"" if shape == "no end" else b"--" + between + b"--" + end)
    body = body[: len(body) // 2] if shape == "cut" else body
    body += b"junk after the end\r\n" * 3 if shape == "after" else b""
    told = tuple(
        one for part in odd for one in (part.file_name, part.content.decode("utf-8", "replace"))
    )
    # What no header can hold is not sent: a client's library would not send it either.
    claimed = boundary if boundary.isascii() else boundary.encode().decode("latin-1")
    return Parts(body, f'multipart/form-data; boundary="{claimed}"', told)


def _encoded(part: _Part, end: bytes) -> bytes:
    headers = end.join(one.encode("utf-8", "surrogatepass") for one in part.headers)
    return headers + end + end + part.content
