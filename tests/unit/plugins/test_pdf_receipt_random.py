"""Any submission: every value is in the PDF's text, in order, and nothing leaves the page.

The same 200 submissions each time; with SELVBETJENING_LONG=1, 200 others.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selvbetjening_core.values import Answer, AnswerGroup
from selvbetjening_pdf_receipt.plugin import PdfReceipt

EXAMPLES = 200
MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 22 * MM, (210 - 22) * MM, (297 - 12) * MM, 12 * MM
ROUNDING = 1.0

# What carries a text but is no letter: spaces, joiners, marks of direction, variants.
UNSEEN = re.compile(
    r"[\s\x1c-\x1f\u00ad\u061c\u200b-\u200f\u2060\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
NUMBER = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")
FURNITURE = re.compile(r"MorsøKommune·KvitteringMORS-4F7K-2QSide\d+af\d+|OplysningSvar")


@pytest.fixture
def receipt(make_context):
    return PdfReceipt(make_context(seal_key="a key for seals"))


def letters(text):
    """A text as it is compared: numbers turned back into characters, spaces left out."""
    shown = NUMBER.sub(lambda found: chr(int(found[1], 16)), text)
    return UNSEEN.sub("", unicodedata.normalize("NFKC", UNSEEN.sub("", shown)))


def read(content):
    """The text of all pages, without what is repeated on each."""
    pdf = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_range() for page in pdf]
    pdf.close()
    # A hyphen at the end of a line has a character of its own in pdfium.
    squeezed = "".join(UNSEEN.sub("", page.replace("\ufffe", "-")) for page in pages)
    return letters(FURNITURE.sub("", squeezed))


def outside(content):
    """The characters that are not within the margins, with page and box."""
    pdf = pypdfium2.PdfDocument(content)
    found = []
    for number, page in enumerate(pdf, 1):
        text = page.get_textpage()
        for place in range(text.count_chars()):
            char = chr(pdfium.FPDFText_GetUnicode(text, place))
            box = text.get_charbox(place)
            # The space at which a line was broken may hang over its end.
            if not UNSEEN.match(char) and not is_within(box):
                found.append((number, char, box))
    pdf.close()
    return found


def is_within(box):
    left, bottom, right, top = box
    return left >= LEFT - ROUNDING and right <= RIGHT + ROUNDING and bottom >= BOTTOM and top <= TOP


def is_right_to_left(text):
    return any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text)


def missing(text, values):
    """The values that are not in the text one after the other.

    Readers disagree about the order of letters that run from right to left, and
    which way a bracket beside them opens. Of those it is only asked that all
    letters are there.
    """
    place, lost, wanted = 0, [], Counter()
    for value in values:
        if is_right_to_left(value):
            wanted += Counter(char for char in letters(value) if not unicodedata.mirrored(char))
            continue
        found = text.find(letters(value), place)
        if found < 0:
            lost.append(value)
        else:
            place = found
    return lost + sorted((wanted - Counter(text)).keys())


def submission(case, labels, answers):
    """Groups of at most five answers."""
    lines = [
        Answer(f"field{number}", label, text, text)
        for number, (label, text) in enumerate(zip(labels, answers, strict=False))
    ]
    groups = [
        AnswerGroup(f"step{start}", f"Trin {start}", tuple(lines[start : start + 5]))
        for start in range(0, len(lines), 5)
    ]
    return replace(case, groups=tuple(groups))


# pdfium, not the PDF, drops U+FFFD at the end of a line, and a repeated sign from
# beyond U+FFFF at the start of one. Those have tests of their own.
ANYTHING = st.characters(max_codepoint=0xFFFC, exclude_categories=["Cs"])
VISIBLE = st.characters(max_codepoint=0xFFFC, categories=("L", "M", "N", "P", "S"))
WORD = st.text(VISIBLE, min_size=1, max_size=30)
NAME = st.text(st.characters(categories=("L", "Mn")), min_size=1, max_size=25)
LATIN = st.text(st.sampled_from("aåæøbcdefghijklmnopqrstuvwxyzÆØÅWM éüößłžţñ-'."), max_size=60)
ANY = st.text(ANYTHING, max_size=60)
LONG = st.builds(lambda word, count: (word + " ") * count, LATIN, st.integers(1, 150))
UNBROKEN = st.builds(lambda word, count: word * count, WORD, st.integers(1, 40))
VALUE = st.one_of(NAME, LATIN, ANY, LONG, UNBROKEN)
# Two lines at most: where a label and a long answer go on on the next page, the
# tags are in order, but pdfium reads page by page.
LABEL = st.one_of(
    LATIN.map(lambda text: text[:30]),
    st.sampled_from(["Forældremyndighedsindehaverens underskrift", "W" * 30]),
)


@pytest.mark.fetched
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not os.environ.get("SELVBETJENING_LONG"),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_every_value_is_in_the_text_and_nothing_leaves_the_page(receipt, case, data):
    answers = data.draw(st.lists(VALUE, min_size=1, max_size=40))
    labels = data.draw(st.lists(LABEL, min_size=len(answers), max_size=len(answers)))
    document = receipt.issue(submission(case, labels, answers))
    assert missing(read(document.content), answers) == []
    assert outside(document.content) == []
    assert receipt.verify(document).ok


def test_sixty_answers_on_several_pages_are_all_there_and_within_the_margins(receipt, case):
    answers = [f"Svar {number}: " + "ord " * (number * 3) for number in range(60)]
    labels = [f"Spørgsmål {number}" for number in range(60)]
    content = receipt.issue(submission(case, labels, answers)).content
    in_order = [one for pair in zip(labels, answers, strict=True) for one in pair]
    assert missing(read(content), in_order) == []
    assert outside(content) == []


def test_a_very_long_label_stays_within_its_column(receipt, case):
    content = receipt.issue(submission(case, ["Œ" * 300, "Q"], ["first", "second"])).content
    text = read(content)
    assert missing(text, ["first", "second"]) == []
    assert text.count("Œ") == 300
    assert outside(content) == []


def test_a_value_that_is_left_out_or_out_of_order_is_seen(receipt, case):
    """Negative controls of the tests above."""
    text = read(receipt.issue(submission(case, "AB", ["first", "second"])).content)
    assert missing(text, ["first", "second"]) == []
    assert missing(text, ["first", "third"]) == ["third"]
    assert missing(text, ["second", "first"]) == ["first"]
    assert missing(text, ["שלום"]) != []


def test_what_leaves_the_page_is_seen(case, make_context, tmp_path):
    """Negative control: a layout that does not break long words."""
    template = tmp_path / "wide.typ"
    template.write_text(
        '#let layout(r) = { set page(paper: "a4", margin: 22mm)\n'
        "[= H]\nfor g in r.case.groups { for l in g.lines { par(l.text) } } }",
        "utf-8",
    )
    receipt = PdfReceipt(make_context(seal_key="k", template=str(template)))
    content = receipt.issue(submission(case, "A", ["W" * 200])).content
    assert outside(content) != []
