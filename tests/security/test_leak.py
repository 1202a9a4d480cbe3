"""The item leak in a run of seconds, its search, and one of its planted faults."""

from __future__ import annotations

import base64
import hashlib

import pytest
import security_leak
import suite
from leak_search import Search, marked_citizens, numbers_of

NUMBER = "2512484916"


def test_no_number_is_left_behind():
    result = security_leak.run(suite.Options(small=True))
    assert result.missed == []
    assert result.figures["hits"] == 0
    assert result.figures["found where they are meant to be"] > 0


@pytest.mark.parametrize("fault", ["logged"])
def test_a_planted_fault_is_found(fault):
    assert suite.missed(security_leak.run, suite.Options(small=True, fault=fault))


@pytest.mark.parametrize(
    "written",
    [
        b"for 2512484916.",
        b"for 251248-4916.",
        *(base64.b64encode(before + NUMBER.encode() + b" x") for before in (b"", b"a", b"ab")),
        NUMBER.encode().hex().encode(),
        hashlib.sha256(b"251248-4916").digest(),
        hashlib.md5(NUMBER.encode(), usedforsecurity=False).hexdigest().encode(),
        base64.b64encode(hashlib.sha1(NUMBER.encode(), usedforsecurity=False).digest()),
    ],
)
def test_the_search_finds_it_however_it_is_written(written):
    search = Search([NUMBER])
    assert search.hits({"there": b"\0\xff" + written + b"\n"})
    assert search.hits({"there": b"\0\xff2512484917"}) == []


def test_what_was_found_does_not_tell_the_number():
    (hit,) = Search([NUMBER]).hits({"there": NUMBER.encode()})
    assert NUMBER not in str(hit)


def test_marked_numbers_are_nobodys():
    """The official test persons', and of people who are not born yet."""
    numbers = numbers_of(marked_citizens(200, 1).all)
    assert len(set(numbers)) == 200
    official = numbers_of(marked_citizens(5, 1).all)
    assert numbers[:5] == official
    generated = [one for one in numbers if one[4:6] in ("31", "32", "33", "34", "35", "36")]
    assert all(one[6] in "49" for one in generated[-150:])
