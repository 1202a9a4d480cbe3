"""What a text may hold, held against the rule as Unicode words it."""

from __future__ import annotations

import re
import unicodedata

import colander
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from selvbetjening_core.forms import types
from selvbetjening_core.forms.types import PlainText

NODE = colander.SchemaNode(PlainText())
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TEXTS = st.one_of(st.text(), st.text(st.characters(max_codepoint=0x2070), max_size=6))


def is_refused(character):
    return character in TURNS or (
        unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"
    )


def by_the_rule(text, *, lines=True):
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = (text if lines else re.sub(r"[\n\t]+", " ", text)).strip()
    if any(map(is_refused, text)):
        return "refused"
    return text if any(map(types._can_be_seen, text)) else colander.null


def read(text, *, lines=True):
    try:
        return PlainText(lines=lines).deserialize(NODE, text)
    except colander.Invalid:
        return "refused"


@settings(max_examples=500, deadline=None)
@given(text=TEXTS, lines=st.booleans())
@example(text=" svar ", lines=False)
@example(text="   ", lines=True)
@example(text="a\x7fb", lines=False)
@example(text="a\r\nb", lines=False)
def test_a_text_is_read_by_the_rule(text, lines):
    assert read(text, lines=lines) == by_the_rule(text, lines=lines)


def test_every_character_of_the_basic_plane_is_judged_by_the_rule():
    wrong = [c for c in map(chr, range(0x10000)) if read(f"a{c}b") != by_the_rule(f"a{c}b")]
    assert wrong == []


@pytest.mark.parametrize("character", ["\x00", "\x9f", "\u202e", "\u2069", "\udfff"])
def test_a_character_too_few_would_be_seen(character, monkeypatch):
    monkeypatch.setattr(types, "_REFUSED", re.compile("(?!)"))
    assert read(f"a{character}b") != by_the_rule(f"a{character}b")
