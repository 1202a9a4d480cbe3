"""The kit for plugins that offer a kind of field."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar

import colander
from zope.interface.exceptions import Invalid
from zope.interface.verify import verifyObject

from selvbetjening_core.errors import NeedsFacts
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.testing import kinds
from selvbetjening_core.testing.common import at_once, called
from selvbetjening_core.testing.conformance import (
    Conformance,
    broken,
    check,
    expect,
)
from selvbetjening_core.testing.kinds import FieldKindBench
from selvbetjening_core.testing.sample_steps import (
    TODAY,
    both,
)
from selvbetjening_core.testing.sent import HOSTILE, as_sent, is_json
from selvbetjening_core.testing.watching import overhearing
from selvbetjening_core.texts import LANGUAGES, texts_for
from selvbetjening_core.values import (
    Address,
    FactsRequest,
    FormState,
    NodeRequest,
    TextRequest,
)

_WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FACT_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "number": int,
    "text": str,
    "yes_no": bool,
    "date": datetime.date,
    "address": Address,
    "choices": tuple,
    "files": tuple,
    "people": tuple,
    "matrix": dict,
    "given": (str, int, bool),
}
_KEY_KINDS = frozenset(
    {
        "text",
        "translated",
        "number",
        "yes_no",
        "date",
        "date_rule",
        "fact",
        "option",
        "parameter",
        "several",
        "table",
        "terms",
        "value",
    }
)
_HOSTILE = ("\x00", HOSTILE, "x" * 20_000, "æ\ud800", "\u202e", "١٢٣", "-1", "1e999", "", " ")


class FieldKindConformance(Conformance):
    """What a plugin that offers an ``IFieldKind`` is held to."""

    contract: ClassVar = IFieldKind
    bench_type: ClassVar = FieldKindBench

    @check(
        "contract",
        "The kind provides its contract: every method, with the arguments it names.",
        da="Slagsen opfylder sin kontrakt: hver metode, med de argumenter, den nævner.",
    )
    def test_contract(self, bench: FieldKindBench) -> None:
        """zope.interface verifies it."""
        try:
            verifyObject(IFieldKind, bench.kind_object())
        except Invalid as wrong:
            broken(" ".join(str(wrong).split()))

    @check(
        "declaration",
        "The declaration is whole: name, help, keys with help, facts of known types, error codes.",
        da="Erklæringen er hel: navn, hjælp, nøgler med hjælp, oplysninger af kendte typer,"
        " fejlkoder.",
    )
    def test_declaration(self, bench: FieldKindBench) -> None:
        """A definition is checked against it, and the documentation made from it."""
        told = kinds.declaration_of(bench)
        expect(_WORD.fullmatch(told.name), "the name is no word in lower case")
        expect(told.help.strip().endswith("."), "help is no sentence")
        for key in told.keys:
            expect(_WORD.fullmatch(key.name), f'the key "{key.name}" is no word in lower case')
            expect(key.kind in _KEY_KINDS, f'the key "{key.name}" is of no known kind')
            expect(
                key.help.strip().endswith("."), f'the help of the key "{key.name}" is no sentence'
            )
        for name, kind in told.offers.items():
            expect(name == "" or _WORD.fullmatch(name), f'the fact "{name}" is no word')
            expect(kind in _FACT_TYPES, f'the fact "{name}" is of no known type')
        needed = {"required", "now_needed"} if told.takes_answer else set()
        missing = needed - set(told.errors)
        expect(not missing, f"errors lacks {', '.join(sorted(missing))}")

    @check(
        "errors-have-sentences",
        "Every error code has a sentence in each language: the core's, or one for definitions.",
        da="Hver fejlkode har en sætning på hvert sprog: kernens eller en til definitionerne.",
    )
    def test_errors_have_sentences(self, bench: FieldKindBench) -> None:
        """Otherwise a citizen is told no more than that the answer cannot be used."""
        told = kinds.declaration_of(bench)
        for locale in LANGUAGES:
            known = texts_for(locale).by_key
            for code in told.errors:
                keys = (f"field_error.{told.name}.{code}", f"field_error.{code}")
                is_told = code in bench.errors or any(key in known for key in keys)
                expect(
                    is_told,
                    f'"{code}" has no sentence in {locale}: say in errors of the bench what every'
                    " definition with this kind is to say",
                )

    @check(
        "accepted",
        "What is right becomes the value it should: JSON data, the same at every reading.",
        da="Det rigtige bliver til den værdi, det skal: JSON-data, den samme ved hver læsning.",
    )
    def test_accepted(self, bench: FieldKindBench) -> None:
        """As the core's forms read it."""
        kinds.takes_answers(bench)
        expect(bench.accepted, "the bench has no answer that is right")
        for one in bench.accepted:
            for _ in range(2):
                state = kinds.step_with(bench).read(kinds.sent(bench, one.typed))
                expect(
                    not state.errors,
                    f"an answer that is right was refused: {kinds.codes_of(bench, one)}",
                )
                value = state.values.get(kinds.NAME)
                expect(is_json(value), f"the value is {type(value).__name__}, not JSON data")
                same = value == one.value and type(value) is type(one.value)
                expect(same, "an answer became another value than it should")

    @check(
        "refused-by-code",
        "What is wrong is refused with the error code it should have, and every code is declared.",
        da="Det forkerte afvises med den fejlkode, det skal, og hver kode er erklæret.",
    )
    def test_refused_by_code(self, bench: FieldKindBench) -> None:
        """A code, never a sentence: the sentence is the definition's."""
        kinds.takes_answers(bench)
        for one in bench.refused:
            codes = kinds.codes_of(bench, one)
            expect(codes, f"a wrong answer was accepted, and should be refused as {one.code}")
            declared = set(kinds.declaration_of(bench).errors)
            expect(set(codes) <= declared, f"refused as {', '.join(codes)}, which is not declared")
            expect(one.code in codes, f"refused as {', '.join(codes)}, and should be {one.code}")

    @check(
        "required",
        "A missing answer is told as missing where it is required, and nothing where it is not.",
        da="Et manglende svar meldes, hvor det kræves, og er ingenting, hvor det ikke kræves.",
    )
    def test_required(self, bench: FieldKindBench) -> None:
        """Nothing sent, and nothing but white space."""
        kinds.takes_answers(bench)
        names = [name for name, _ in bench.accepted[0].typed] if bench.accepted else [kinds.NAME]
        for pairs in ((), tuple((name, "") for name in names)):
            codes = kinds.codes_of(bench, kinds.Refused(pairs, "required"))
            expect(codes == ["required"], "a missing answer is not refused as required")
            optional = replace(bench.field, required=False)
            state = kinds.step_with(bench, optional).read(kinds.sent(bench, pairs))
            is_nothing = not state.errors and state.values.get(kinds.NAME) is None
            expect(is_nothing, "a missing answer that is optional is no nothing")

    @check(
        "round-trip",
        "A value shown in the form is read back as the same value.",
        da="En værdi, der vises i formularen, læses tilbage som den samme værdi.",
    )
    def test_round_trip(self, bench: FieldKindBench) -> None:
        """When a citizen goes back a page and on again, nothing changes."""
        kinds.takes_answers(bench)
        step = kinds.step_with(bench)
        for one in bench.accepted:
            state = FormState({kinds.NAME: one.value}, facts=bench.facts, today=TODAY)
            sent = as_sent(step.render(state).html)
            again = step.read(kinds.sent(bench, sent)).values.get(kinds.NAME)
            expect(again == one.value, "a value shown and sent unchanged became another")
            kept = step.recheck(state).values.get(kinds.NAME)
            expect(kept == one.value, "a value that is right is not right when checked again")

    @check(
        "shown-in-words",
        "A value is shown in words, in every language, and nothing as nothing.",
        da="En værdi vises i ord på hvert sprog, og ingenting som ingenting.",
    )
    def test_shown_in_words(self, bench: FieldKindBench) -> None:
        """On the summary, on the receipt, in documents."""
        kind = bench.kind_object()
        for one in bench.accepted:
            shown = kind.text(TextRequest(bench.field, one.value, "da", bench.facts))
            expect(shown == one.shown, "a value is shown in other words than it should")
            for locale in LANGUAGES:
                text = kind.text(TextRequest(bench.field, one.value, locale, bench.facts))
                expect(isinstance(text, str) and text.strip(), f"nothing is shown in {locale}")
        if kinds.declaration_of(bench).takes_answer:
            nothing = called(lambda: kind.text(TextRequest(bench.field, None, "da", bench.facts)))
            expect(nothing.value == "", f"of no value, text {nothing.described}")

    @check(
        "facts-as-declared",
        "The facts it gives are those it declares, of the types it declares.",
        da="De oplysninger, den giver, er dem, den erklærer, og af de erklærede typer.",
    )
    def test_facts_as_declared(self, bench: FieldKindBench) -> None:
        """Conditions and prices rest on them."""
        kind = bench.kind_object()
        # Each row is offered under its own name, as the option chosen in it.
        rows = {row.value: "text" for row in bench.field.rows}
        offers = {**kinds.declaration_of(bench).offers, **rows}
        given: set[str] = set()
        for one in bench.accepted:
            request = FactsRequest(bench.field, one.value, TODAY, bench.facts)
            facts = kind.facts(request)
            given |= set(facts)
            for name, fact in facts.items():
                expect(name in offers, f'the fact "{name}" is not declared')
                right = isinstance(fact, _FACT_TYPES[offers[name]] | None)  # type: ignore[operator]
                is_bool = isinstance(fact, bool) and offers[name] != "yes_no"
                expect(right and not is_bool, f'the fact "{name}" is no {offers[name]}')
        missing = set(offers) - given if bench.accepted else set()
        expect(not missing, f"declared and never given: {', '.join(map(repr, sorted(missing)))}")

    @check(
        "node",
        "It can be compiled without a citizen, or says that it needs one, and asked with one.",
        da="Den kan oversættes uden en borger, eller siger, at den behøver en, og spørges med en.",
    )
    def test_node(self, bench: FieldKindBench) -> None:
        """The node has the field's name and a widget, in each language."""
        kind = bench.kind_object()
        for locale in LANGUAGES:
            for facts in (None, {}, bench.facts):
                request = NodeRequest(bench.field, locale, TODAY, facts)
                made = called(partial(kind.node, request))
                if facts is None and isinstance(made.error, NeedsFacts):
                    continue
                if not isinstance(made.value, colander.SchemaNode):
                    broken(f"node {made.described}")
                expect(made.value.name == kinds.NAME, "the node has not the field's name")
                expect(made.value.widget is not None, "the node has no widget")

    @check(
        "hostile-refused",
        "Whatever is sent is a value or an error code, and never raises anything else.",
        da="Hvad der end sendes, bliver til en værdi eller en fejlkode og giver aldrig andre fejl.",
    )
    def test_hostile_refused(self, bench: FieldKindBench) -> None:
        """Control characters, markup, digits of other scripts, very much."""
        kinds.takes_answers(bench)
        declared = set(kinds.declaration_of(bench).errors)
        names = [name for name, _ in bench.accepted[0].typed] if bench.accepted else [kinds.NAME]
        for text in _HOSTILE:
            pairs = tuple((name, text) for name in names)
            call = called(lambda sent=pairs: kinds.read(bench, sent))  # type: ignore[misc]
            if call.error is None:
                expect(is_json(call.value), "something hostile became no JSON data")
            elif isinstance(call.error, colander.Invalid):
                codes = set(kinds.messages(call.error)) - {"too_long"}
                expect(codes <= declared, "something hostile was refused by a code not declared")
            else:
                broken(f"something hostile {call.described}")

    @check(
        "page-rules",
        "Its field keeps every rule for pages: empty, filled in, and with a mistake.",
        da="Dens felt overholder alle sideregler: tomt, udfyldt og med fejl.",
    )
    def test_page_rules(self, bench: FieldKindBench) -> None:
        """In the theme ``plain``, in both languages."""
        samples = [one.typed for one in bench.accepted] + [one.typed for one in bench.refused]
        for locale in LANGUAGES:
            step = kinds.step_with(bench, locale=locale)
            states = [FormState(facts=bench.facts, today=TODAY)]
            states += [step.read(kinds.sent(bench, pairs)) for pairs in (*samples, ())]
            for state in states:
                rendered = step.render(state)
                found = kinds.breach_in(rendered, state, locale, bench)
                expect(not found, found)

    @check(
        "escaped",
        "Texts of the definition and what was typed are text on the page, never markup.",
        da="Definitionens tekster og det skrevne er tekst på siden, aldrig kode.",
    )
    def test_escaped(self, bench: FieldKindBench) -> None:
        """Label, hint and answer."""
        names = [name for one in bench.accepted[:1] for name, _ in one.typed] or [kinds.NAME]
        words = both(HOSTILE, HOSTILE)
        step = kinds.step_with(bench, replace(bench.field, label=words, hint=words))
        for pairs in ((), tuple((name, HOSTILE) for name in names)):
            html = step.render(step.read(kinds.sent(bench, pairs))).html
            expect("<script" not in html, "something hostile became markup")

    @check(
        "nobody-kept",
        "Nothing of one citizen comes out for the next, also in threads.",
        da="Intet fra den ene borger kommer ud for den næste, heller ikke i tråde.",
    )
    def test_nobody_kept(self, bench: FieldKindBench) -> None:
        """One object of the kind serves everybody."""
        step = kinds.step_with(bench)
        fresh = step.render(FormState(facts=bench.facts, today=TODAY)).html
        samples = [one.typed for one in bench.accepted] + [one.typed for one in bench.refused]
        alone = [step.read(kinds.sent(bench, pairs)) for pairs in samples]

        def again(number: int) -> bool:
            order = range(number, number + len(samples))
            places = [place % len(samples) for place in order]
            return all(step.read(kinds.sent(bench, samples[one])) == alone[one] for one in places)

        expect(all(at_once(again)), "in threads somebody got another's answer")
        html = step.render(FormState(facts=bench.facts, today=TODAY)).html
        expect(html == fresh, "somebody's answer is on the next page")

    @check(
        "answers-not-told",
        "Answers are in no log line.",
        da="Svar står ikke i nogen loglinje.",
    )
    def test_answers_not_told(self, bench: FieldKindBench) -> None:
        """Neither right ones nor wrong ones."""
        typed = [one.typed for one in bench.accepted] + [one.typed for one in bench.refused]
        with overhearing() as overheard:
            for pairs in typed:
                step = kinds.step_with(bench)
                step.render(step.read(kinds.sent(bench, pairs)))
        # Short answers ("yes", "2") stand in many a line by chance.
        words = [text for pairs in typed for _, text in pairs if len(text) > 5]
        expect(not overheard.found(words), "an answer was logged")
