"""How the texts are written: one kind of quotes, short sentences, no stock phrases."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import selvbetjening_demo
import selvbetjening_solutions
from selvbetjening_core.texts import LANGUAGES, texts_for

LONGEST_SENTENCE = 20
HIGHEST_LIX = 45
LONG_WORD = 6
SAMPLE = 25
"""LIX says something of texts from about this many words on."""

QUOTES = {  # opening, closing, and those of other languages
    "da": ("»", "«", '\u201c\u201d\u201e"\u2018\u2019'),
    "en": ("\u201c", "\u201d", '»«\u201e"\u2018\u2019'),
}
DASHES = re.compile("[\u2013\u2014]| - ")
STOCK = {
    "da": ("påkrævet", "ugyldig", "obligatorisk", "indtast", "venligst", "fejlkode", "felt"),
    "en": ("required", "invalid", "mandatory", "not valid", "error code", "field"),
}
BUREAUCRATIC = (
    "såfremt",
    "ovenstående",
    "nedenstående",
    "pågældende",
    "vedrørende",
    "i henhold til",
    "fremsende",
    "påføre",
    "rette henvendelse",
    "bemærk venligst",
    "§",
)

_ABBREVIATION = re.compile(r"\b(kl|nr|ca|tlf)\. ")
_SENTENCE_END = re.compile(r"[.!?:](?=\s|$|[«”])")
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")


def sentences(text):
    """Its sentences, as lists of words. A placeholder counts as a word."""
    whole = _ABBREVIATION.sub(r"\1 ", text.replace("{", "").replace("}", ""))
    found = [_WORD.findall(part) for part in _SENTENCE_END.split(whole)]
    return [words for words in found if words]


def lix(text):
    """Björnsson's readability index: words per sentence plus the share of long words."""
    parts = sentences(text)
    words = [word for part in parts for word in part]
    long_words = sum(len(word) > LONG_WORD for word in words)
    return len(words) / len(parts) + 100 * long_words / len(words)


def too_long(texts):
    """The sentences over the limit, by key."""
    return {
        key: f"{len(words)} words"
        for key, text in texts.items()
        for words in sentences(text)
        if len(words) > LONGEST_SENTENCE
    }


def too_hard(texts):
    """Texts read together (a notice, a solution's text) with too high a LIX, by name."""
    found = {name: round(lix(text)) for name, text in texts.items() if _is_sample(text)}
    return {name: value for name, value in found.items() if value > HIGHEST_LIX}


def _is_sample(text):
    return sum(len(part) for part in sentences(text)) >= SAMPLE


def badly_quoted(locale, text):
    """What is wrong with its quotes and dashes; empty when nothing is."""
    opening, closing, foreign = QUOTES[locale]
    faults = [one for one in foreign if one in text]
    if text.count(opening) != text.count(closing):
        faults.append(f"{opening}{closing} do not pair")
    return faults + DASHES.findall(text)


def stock_phrases(locale, text):
    words = STOCK[locale] + (BUREAUCRATIC if locale == "da" else ())
    return [one for one in words if re.search(rf"(?<!\w){re.escape(one)}", text.lower())]


def own_texts(locale):
    """The core's texts."""
    return dict(texts_for(locale).by_key)


def together(texts):
    """The parts of a notice, and of a page's explanation, are read as one."""
    joined = {}
    for key, text in texts.items():
        owner = key.rpartition(".")[0] if key.startswith("notice.") else key
        end = "" if text.endswith((".", "?", "!", ":")) else "."
        joined[owner] = f"{joined.get(owner, '')} {text}{end}".strip()
    return joined


def solution_texts(locale):
    """The texts of the shipped solutions, by file and path."""
    folder = Path(selvbetjening_solutions.__file__).parent
    return {
        f"{file.parent.name}:{path}": text
        for file in sorted(folder.glob("*/solution.toml"))
        for path, text in _translated(tomllib.loads(file.read_text("utf-8")), locale, "")
    }


def municipality_texts(locale):
    """The demo municipalities' own texts."""
    folder = Path(selvbetjening_demo.__file__).parent
    return {
        f"{file.name}:{path}": text
        for file in sorted(folder.glob("installation/municipalities/*.toml"))
        for path, text in _translated(tomllib.loads(file.read_text("utf-8")), locale, "")
    }


def _translated(value, locale, path):
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _translated(one, locale, f"{path}[{number}]")
    if isinstance(value, dict):
        for key, one in value.items():
            if key == locale and isinstance(one, str):
                yield path, one
            else:
                yield from _translated(one, locale, f"{path}.{key}")


def every_text(locale):
    return {**own_texts(locale), **solution_texts(locale), **municipality_texts(locale)}


def test_the_texts_of_solutions_and_municipalities_are_found():
    assert "sundhedskort:.text.purpose" in solution_texts("da")
    assert "0751.toml:.solutions.sundhedskort.text.after" in municipality_texts("en")


@pytest.mark.parametrize("locale", LANGUAGES)
def test_quotes_and_dashes_are_written_in_one_way(locale):
    faults = {key: badly_quoted(locale, text) for key, text in every_text(locale).items()}
    assert {key: fault for key, fault in faults.items() if fault} == {}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_stock_or_bureaucratic_phrase(locale):
    found = {key: stock_phrases(locale, text) for key, text in every_text(locale).items()}
    assert {key: words for key, words in found.items() if words} == {}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_sentence_has_more_than_twenty_words(locale):
    assert too_long(every_text(locale)) == {}


def test_danish_texts_are_easy_to_read():
    danish = together(every_text("da"))
    assert sum(_is_sample(text) for text in danish.values()) > 10
    assert too_hard(danish) == {}
    assert lix(" ".join(danish.values())) < 35


def test_every_text_has_ink_and_none_around_it():
    for locale in LANGUAGES:
        for key, text in every_text(locale).items():
            # A line each where a text is a list of things.
            lines = text.split("\n")
            assert all(lines), key
            assert lines == [" ".join(line.split()) for line in lines], key


@pytest.mark.parametrize(
    ("locale", "planted"),
    [
        ("da", "Vælg “Næste”"),
        ("da", "Vælg »Næste"),
        ("da", 'Vælg "Næste"'),
        ("da", "Vælg - så går du videre"),
        ("en", "Choose »Next«"),
        ("en", "Choose “Next"),
        ("en", "Choose — then go on"),
    ],
)
def test_planted_quotes_are_found(locale, planted):
    """Negative control."""
    assert badly_quoted(locale, planted)


def test_planted_phrases_and_sentences_are_found():
    """Negative control."""
    assert stock_phrases("da", "Feltet er påkrævet") == ["påkrævet", "felt"]
    assert stock_phrases("da", "Ugyldig værdi")
    assert stock_phrases("en", "Required")
    assert stock_phrases("en", "Invalid date")
    assert not stock_phrases("da", "Udfyld »Navn«")
    hard = (
        "Såfremt ansøgningsberettigede borgere undlader fremsendelse af dokumentation, "
        "bortfalder ansøgningens opsættende virkning efter forvaltningslovens bestemmelser, "
        "medmindre kommunalbestyrelsen efter en konkret vurdering undtagelsesvis dispenserer "
        "herfra på baggrund af sagens oplysninger."
    )
    assert too_hard({"planted": hard})
    assert too_long({"planted": "Og så " + "videre " * 20 + "."})
    assert not too_long({"planted": "Du bliver logget af kl. 14. " + "Og så " * 9 + "."})


def test_lix_by_hand():
    """Eight words, two sentences, two long ones: 4 + 25."""
    assert lix("Katten sover her. Kommunen behandler det ret snart.") == pytest.approx(29)
