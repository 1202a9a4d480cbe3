"""Looking how deep a message is."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selvbetjening_core.web.limits.nesting import TooDeep, check_depth

MOST = 50
DOCTYPE = '<!DOCTYPE x [<!ENTITY e "ha">]><x>&e;</x>'


@pytest.mark.parametrize("depth", [1, MOST])
def test_what_is_within_the_limit_passes(depth):
    check_depth(b"[" * depth + b"]" * depth, MOST)
    check_depth(b"<a>" * depth + b"</a>" * depth, MOST)
    check_depth(b'{"a":[' * (depth // 2) + b'"x"', MOST)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 51,
        b'{"a":' * 51,
        b"  \r\n[" + b"[" * 51,
        b"\xef\xbb\xbf" + b"[" * 51,
        ("[" * 51).encode("utf-16"),
        b"<a>" * 51,
        b"\xef\xbb\xbf" + b"<a>" * 51,
        ("<a>" * 51).encode("utf-16"),
        DOCTYPE.encode(),
        DOCTYPE.encode("utf-16"),
        b'<?xml version="1.0"?>' + DOCTYPE.encode(),
        b'<!DOCTYPE x SYSTEM "file:///etc/hostname"><x/>',
    ],
)
def test_what_is_deeper_or_could_grow_is_refused(body):
    with pytest.raises(TooDeep) as refused:
        check_depth(body, MOST)
    assert "hostname" not in str(refused.value)


@pytest.mark.parametrize(
    "body",
    [b"", b"a=1", b"<", b"<a", b"</a></a>", b"<a>&nope;</a>", b'"', b'["', b'["\\', b"]" * 99],
)
def test_what_is_broken_is_left_to_the_component(body):
    check_depth(body, MOST)


def test_brackets_in_a_text_are_no_depth():
    check_depth(json.dumps({"a": "[" * 100, "b": ['"' * 9 + "{" * 100]}).encode(), MOST)


trees = st.recursive(
    st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


def depth_of(value: object) -> int:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth_of, inner), default=0)
    return 0


@given(trees.filter(lambda tree: isinstance(tree, dict | list)))
def test_depth_is_what_a_parser_would_find(tree):
    body, depth = json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace"), depth_of(tree)
    check_depth(body, depth)
    with pytest.raises(TooDeep):
        check_depth(body, depth - 1)


@pytest.mark.parametrize(
    "body", [b'["' + b'\\"' * 500_000, b'["' + b"\\" * 1_000_000, b'["a",' * 1 + b'"a",' * 250_000]
)
def test_a_megabyte_takes_time_that_grows_as_it_does(body):
    begun = time.thread_time()
    check_depth(body, MOST)
    # A square of it would be hours.
    assert time.thread_time() - begun < 10
