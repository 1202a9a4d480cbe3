"""What a citizen typed is no word of ours, and what of ours is left is judged as it stands."""

from __future__ import annotations

import pytest

from selvbetjening_core.testing.pages import Expected, PageKind, breaches

_PAGE = '<div class="form-group"><p>{}</p></div>'


def foreign(told, *quoted):
    found = breaches(_PAGE.format(told), PageKind.FRAGMENT, Expected("da", quoted=quoted))
    return [str(one) for one in found if "foreign-words" in str(one)]


@pytest.mark.parametrize(
    ("told", "quoted"),
    [
        ("Der er plads i filen", "n"),
        ("Det er noget", "ge"),
        ("Du skrev Please try again her", "Please try again"),
        ("Du skrev Please try again her", "  Please\ttry \n again "),
        ("Du skrev (file) her", "(file)"),
    ],
)
def test_what_is_quoted_is_not_judged_and_takes_no_letter_from_a_word(told, quoted):
    assert foreign(told, quoted) == []


@pytest.mark.parametrize(
    ("told", "quoted"), [("Vælg a file her", "a"), ("Please try again", "try"), ("Din file", "")]
)
def test_what_is_left_is_judged(told, quoted):
    assert foreign(told, quoted)
