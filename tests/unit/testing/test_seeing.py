"""What the kits see of a plugin: what its modules remember, and what is said and left behind."""

from __future__ import annotations

import logging
import sys
import types

import pytest

from selvbetjening_core.testing.modules import changes, state_of
from selvbetjening_core.testing.watching import overhearing

PLUGIN = """
import collections, dataclasses, enum, functools
from urllib.parse import urlsplit

class Word(enum.StrEnum):
    YES = "yes"

@dataclasses.dataclass(slots=True)
class Last:
    seen: str = ""

class Kind:
    used = collections.deque()

    @staticmethod
    def plain(x):
        return x

    @classmethod
    def counted(cls, x, found=[]):
        found.append(x)

LAST = Last()
COUNT = collections.Counter()

@functools.lru_cache
def known(x):
    return x

def around():
    seen = {}
    def remember(x):
        seen[x] = x
    return remember

remember = around()
"""


@pytest.fixture
def plugin():
    module = types.ModuleType("acme_seen")
    sys.modules["acme_seen"] = module
    exec(PLUGIN, vars(module))  # noqa: S102 - a plugin of the test's own
    yield module
    del sys.modules["acme_seen"]


@pytest.mark.parametrize(
    ("use", "where"),
    [
        ("known('x')", "known"),
        ("remember('x')", "remember"),
        ("Kind.counted('x')", "Kind.counted"),
        ("Kind.used.append('x')", "Kind.used"),
        ("setattr(LAST, 'seen', 'x')", "LAST"),
        ("COUNT.update('x')", "COUNT"),
        ("setattr(Kind, 'last', 'x')", "Kind.last"),
        ("setattr(known, 'last', 'x')", None),
    ],
)
def test_a_memory_is_seen_wherever_it_is(plugin, use, where):
    before = state_of("acme_seen")
    eval(use, vars(plugin))  # noqa: S307 - as above
    changed = changes(before, state_of("acme_seen"))
    assert changed == ([] if where is None else [f"acme_seen.{where}"])


@pytest.mark.parametrize(
    "use", ["list(Word)", "Kind.plain('x')", "urlsplit('http://a')", "Last('x')"]
)
def test_use_without_memory_changes_nothing(plugin, use):
    before = state_of("acme_seen")
    eval(use, vars(plugin))  # noqa: S307 - as above
    assert changes(before, state_of("acme_seen")) == []


def test_a_log_is_heard_that_keeps_its_lines_to_itself():
    log = logging.getLogger("acme.alone")
    log.propagate = False
    with overhearing() as heard:
        log.warning("a %s", "secret")
    assert heard.found(["a secret"])
    with overhearing() as heard:
        pass
    assert not heard.found(["a secret"])


def test_fields_beside_a_line_are_heard():
    with overhearing() as heard:
        logging.getLogger("acme").info("sending", extra={"citizen": "a secret"})
    assert heard.found(["a secret"])


def test_a_file_left_behind_is_read_unless_it_is_the_components_own(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    with overhearing(own) as heard:
        (own / "journal").write_text("a secret")
    assert not heard.found(["a secret"])
    with overhearing(own) as heard:
        (tmp_path / "copy").write_text("a secret")
    assert heard.found(["a secret"])
