"""The kit for receipt components that print forms on paper, too."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from selvbetjening_core.interfaces import IPaperForm
from selvbetjening_core.paper import paper_words
from selvbetjening_core.testing.attempts import expect_as_promised, in_threads
from selvbetjening_core.testing.beside import BesideBench
from selvbetjening_core.testing.common import called
from selvbetjening_core.testing.conformance import Conformance, broken, check, expect
from selvbetjening_core.testing.documents import ReadDocument, read_document, words_of
from selvbetjening_core.values import (
    Contact,
    Document,
    PaperForm,
    PaperOption,
    PaperQuestion,
    PaperSpace,
    PaperStep,
)

_DAY = datetime.date(2026, 11, 2)
_MARKUP = "<b>5 < 7</b> & #strong[x] $x^2$ {{ 7 * 7 }}"
_LETTERS = "Þórður Ærø Åge Ščepanović Ελένη Ирина"
_COPIES = 3


@dataclass(kw_only=True)
class PaperFormBench(BesideBench):
    """A component that prints forms.

    :param read: how to read its documents; HTML, PDF and plain text are known
    """

    read: Callable[[Document], ReadDocument] = read_document


class PaperFormConformance(Conformance):
    """What a component that provides ``IPaperForm`` is held to.

    Beside the kit for receipts.
    """

    contract: ClassVar = IPaperForm
    bench_type: ClassVar = PaperFormBench

    @check(
        "paper-asks-everything",
        "Every question stands there, in order, with its hint, its condition and all answers.",
        da="Hvert spørgsmål står der med hjælp, betingelse og alle svar, i rækkefølge.",
    )
    def test_asks_everything(self, bench: PaperFormBench) -> None:
        """With room for an answer of every kind."""
        form = a_form()
        text = _text(bench, bench.make(), form)
        at = 0
        for told in _told(form):
            found = text.find(told, at)
            if found < 0:
                broken(f"{told!r} does not stand on the form where it is asked")
            at = found

    @check(
        "paper-copies",
        "The questions of a group stand there once for each copy.",
        da="En gruppes spørgsmål står der én gang for hvert eksemplar.",
    )
    def test_copies(self, bench: PaperFormBench) -> None:
        """Each under its number."""
        text = _text(bench, bench.make(), a_form())
        numbered = [f"Barn {number}" for number in range(1, _COPIES + 1)]
        expect(all(one in text for one in numbered), "a copy lacks its number")
        expect(text.count("Barnets navn") == _COPIES, "a copy lacks its question")

    @check(
        "paper-around",
        "Who asks, what it is for and costs, where to sign and send it, and which version it is.",
        da="Hvem der spørger, hvad det er til og koster, hvor man skriver under og sender det"
        " hen, og hvilken version det er.",
    )
    def test_around(self, bench: PaperFormBench) -> None:
        """And the box for the day on which the municipality receives it, which counts."""
        form = a_form()
        text = _text(bench, bench.make(), form)
        own = ("form", "declare", "sign_here", "deadline", "received_on", "version")
        told = (form.authority, form.title, form.purpose, form.contact.address, form.privacy)
        prices = tuple(word for row in form.prices for word in row)
        for one in (*told, *prices, *form.prepare, *form.laws, *(form.words[key] for key in own)):
            expect(one in text, f"{one!r} does not stand on the form")

    @check(
        "paper-language",
        "The words around the questions are those of the form's language.",
        da="Ordene omkring spørgsmålene er på blankettens sprog.",
    )
    def test_language(self, bench: PaperFormBench) -> None:
        """A form in English has no word in Danish of the component's own."""
        danish, english = a_form(), a_form("en")
        text = _text(bench, bench.make(), english)
        for name in ("declare", "deadline", "office"):
            expect(english.words[name] in text, "the form's own words are missing")
            expect(danish.words[name] not in text, "a form in English has words in Danish")

    @check(
        "paper-same-bytes",
        "The same form gives the same bytes, also from another component.",
        da="Den samme blanket giver de samme bytes, også fra en anden komponent.",
    )
    def test_same_bytes(self, bench: PaperFormBench) -> None:
        """Whatever was printed in between, and by whom at the same time."""
        component, form = bench.make(), a_form()
        first = _printed(component, form)
        _printed(component, a_form("en"))
        calls = [partial(_printed, one, form) for one in (component, component, bench.make())]
        for again in (found for group in in_threads(calls) for found in group):
            expect(again == first, "the same form gave other bytes")

    @check(
        "paper-letters",
        "What stands in a form is text, whatever is written in it, and never stops the printing.",
        da="Det, der står i en blanket, er tekst, uanset hvad der er skrevet, og standser aldrig"
        " udskriften.",
    )
    def test_letters(self, bench: PaperFormBench) -> None:
        """Markup, letters of Europe, and letters that no font has."""
        component = bench.make()
        form = a_form()
        step = replace(form.steps[0], title=_MARKUP, lead=_LETTERS)
        text = _text(bench, component, replace(form, steps=(step,)))
        for told in (_MARKUP, _LETTERS):
            expect(words_of(told) in text, f"{told!r} does not stand on the form")
        _printed(component, replace(form, title="\U0001f600 \ue000 \u202e x"))

    @check(
        "paper-still",
        "Nothing in the document runs, fetches or sends anything.",
        da="Intet i dokumentet kører, henter eller sender noget.",
    )
    def test_still(self, bench: PaperFormBench) -> None:
        """It is paper."""
        active = bench.read(_printed(bench.make(), a_form())).active
        expect(not active, f"the document has {', '.join(active)}")


def a_form(locale: str = "da") -> PaperForm:
    """A form with every kind of room, in one of the core's languages. Holds nobody's data."""
    words = paper_words(locale, "2026.1", _DAY)
    return PaperForm(
        solution="tilskud",
        version="2026.1",
        sha256="0" * 64,
        title="Tilskud til bolig",
        locale=locale,
        authority="Prøve Kommune",
        municipality_code="0999",
        contact=Contact("12 34 56 78", "", "10-14", "Prøvevej 1, 9999 Prøve"),
        printed_on=_DAY,
        purpose="Her søger man om tilskud.",
        prepare=("En huslejekontrakt",),
        steps=(_step(),),
        prices=(("For alle andre", "225,00 kr."),),
        is_free=False,
        privacy="Oplysningerne bruges til sagen.",
        laws=("Prøveloven § 1",),
        words=words,
    )


def _step() -> PaperStep:
    options = (PaperOption("Lejet", "Også fremlejet"), PaperOption("Ejet"))
    offered = {
        PaperSpace.ONE_OF: options,
        PaperSpace.SOME_OF: options,
        PaperSpace.TABLE: (PaperOption("Aldrig"), PaperOption("Ofte")),
    }
    kinds = (one for one in PaperSpace if one not in (PaperSpace.PARTS, PaperSpace.NOTHING))
    asked = tuple(
        PaperQuestion(
            label=f"Spørgsmål {number}",
            space=space,
            hint=f"Hjælp til {number}",
            when=f"Kun hvis {number} gælder.",
            options=offered.get(space, ()),
            rows=("Gas", "Vand") if space is PaperSpace.TABLE else (),
            unit="m²" if space is PaperSpace.LINE else "",
        )
        for number, space in enumerate(kinds, start=101)
    )
    name = PaperQuestion("Barnets navn", PaperSpace.LINE)
    children = PaperQuestion(
        "Børn", PaperSpace.PARTS, parts=(name,), each="Barn", copies=_COPIES, is_optional=True
    )
    return PaperStep("Din bolig", (*asked, children), "Vi spørger om boligen.", "Kun for lejere.")


def _told(form: PaperForm) -> Iterator[str]:
    for step in form.steps:
        yield from (step.title, step.when, step.lead)
        for question in step.questions:
            yield from (one for one in (question.when, question.label) if one)
            yield question.hint
            for option in question.options:
                yield from (option.label, option.hint)
            yield from (*question.rows, question.unit)


def _printed(component: Any, form: PaperForm) -> Document:
    expect(IPaperForm.providedBy(component), "the component does not provide IPaperForm")
    made = called(partial(component.print_out, form))
    found: Document = expect_as_promised(made, IPaperForm, "print_out", "for a form")
    return found


def _text(bench: PaperFormBench, component: Any, form: PaperForm) -> str:
    return words_of(bench.read(_printed(component, form)).shown)
