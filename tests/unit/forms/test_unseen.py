"""Characters that show nothing, and characters that turn what stands beside them."""

from __future__ import annotations

import pytest

TURNING = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
UNSEEN = [
    chr(code)
    for code in (0xFEFF, 0x200B, 0x2060, 0xAD, 0x200C, 0x200D, 0x3164, 0x2800, 0xFE0F, 0x2028)
]
named = {"ids": lambda character: f"U+{ord(character):04X}"}


@pytest.mark.parametrize("kind", ["text", "long_text", "email"])
@pytest.mark.parametrize("character", TURNING, **named)
def test_what_turns_text_is_refused(form, field, kind, character):
    state = form(field("answer", kind, "Dit svar")).read(("answer", f"a{character}b@eksempel.dk"))
    assert state.values == {}
    assert "tegn, vi ikke kan læse" in state.errors["answer"]


@pytest.mark.parametrize("kind", ["text", "long_text", "email", "phone"])
@pytest.mark.parametrize("character", UNSEEN, **named)
def test_what_shows_nothing_is_no_answer(form, field, kind, character):
    for typed in (character, f" {character}{character} "):
        state = form(field("answer", kind, "Dit svar")).read(("answer", typed))
        assert state.values == {}
        assert state.errors["answer"].startswith("Udfyld")
        optional = form(field("answer", kind, required=False)).read(("answer", typed))
        assert (optional.values, optional.errors) == ({}, {})


@pytest.mark.parametrize(
    "typed",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: a non-joiner in a word
        "\U0001f469\u200d\U0001f467",  # a family: two emoji and a joiner
        "\u2764\ufe0f",
        "\u05e9\u05dc\u05d5\u05dd\u200f!",  # Hebrew with a mark, which turns nothing else
        "so\u00adning",
        "-",
        "\u00e6",
    ],
)
@pytest.mark.parametrize("kind", ["text", "long_text"])
def test_what_people_write_is_kept_as_it_is(form, field, kind, typed):
    """Control of both tests above: neither refuses or empties too much."""
    state = form(field("answer", kind)).read(("answer", typed))
    assert state.values == {"answer": typed}
    assert state.errors == {}
