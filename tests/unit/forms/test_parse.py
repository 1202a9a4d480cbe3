from __future__ import annotations

from urllib.parse import unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selvbetjening_core.forms.parse import TooMuch, parse_form

words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))


@given(st.lists(st.tuples(words, words), max_size=20))
def test_reads_what_a_browser_writes(pairs):
    assert parse_form(urlencode(pairs).encode()) == tuple(pairs)


def one_by_one(body: bytes) -> tuple[tuple[str, str], ...]:
    """The same as slowly as it is defined, without limits."""
    parts = [part.partition("=") for part in body.decode().split("&") if part]
    return tuple((_plain(name), _plain(value)) for name, _, value in parts)


def _plain(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode()


@given(st.lists(st.sampled_from([*"a&=+\r\næ", "%26", "%3D", "%2b", "%25", "%C3%A6"]), max_size=12))
def test_whatever_is_sent_is_read_as_it_is_defined(pieces):
    body = "".join(pieces).encode()
    assert parse_form(body) == one_by_one(body)


@pytest.mark.parametrize("body", [b"a=1&b=x=y", b"a=1&b=2&", b"a", b"=", b"a=%3D3D&b==41"])
def test_a_form_that_no_browser_writes_is_read_all_the_same(body):
    assert parse_form(body) == one_by_one(body)


def test_halves_of_a_letter_are_not_put_together():
    with pytest.raises(ValueError, match="UTF-8"):
        parse_form(b"a=\xc3%A6")


def test_repeated_and_empty_names_are_kept_in_order():
    assert parse_form(b"a=1&b&a=2&&=x") == (("a", "1"), ("b", ""), ("a", "2"), ("", "x"))
    assert parse_form(b"") == ()


@pytest.mark.parametrize(
    "body", [b"a=%ff", b"a=\xe6", b"a=%c3", b"a=%00", b"a=\0", b"a=%zz", b"a=%4"]
)
def test_what_is_not_text_is_refused_without_repeating_it(body):
    with pytest.raises(ValueError, match="form") as refused:
        parse_form(b"cpr=0201609996&" + body)
    assert "0201609996" not in str(refused.value)
    assert not isinstance(refused.value, TooMuch)


def test_the_limits_are_exact():
    assert len(parse_form(b"a=1", max_bytes=3)) == 1
    with pytest.raises(TooMuch):
        parse_form(b"a=12", max_bytes=3)
    assert len(parse_form(b"a&b", max_fields=2)) == 2
    with pytest.raises(TooMuch):
        parse_form(b"a&b&c", max_fields=2)
    with pytest.raises(TooMuch):
        parse_form(b"&" * 600)
