"""The kit for plugins that compile steps into forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from bs4 import BeautifulSoup
from zope.interface.exceptions import Invalid
from zope.interface.verify import verifyObject

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.model import Option
from selvbetjening_core.errors import DefinitionError
from selvbetjening_core.interfaces import ICompiledStep, IForm
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.common import at_once, called
from selvbetjening_core.testing.conformance import Conformance, broken, check, expect
from selvbetjening_core.testing.pages import Expected, PageKind, breaches
from selvbetjening_core.testing.sample_steps import (
    FACTS,
    RIGHT,
    TODAY,
    WRONG,
    both,
    compiled_step,
    question,
    step_of,
)
from selvbetjening_core.testing.sent import HOSTILE, Pairs, as_sent, hostile_pairs, is_json
from selvbetjening_core.testing.watching import overhearing
from selvbetjening_core.texts import LANGUAGES
from selvbetjening_core.values import FormState, Rendered, Submitted

_ONES = 12
_CHILD_NAME = re.compile(r"children\.[0-9]\.name")


@dataclass(kw_only=True)
class FormBench(Bench):
    """A plugin that offers an ``IForm``. It needs no settings and no counterpart."""

    def form(self) -> Any:
        """What the plugin registers as the form component."""
        return self.claim(IForm).component


class FormConformance(Conformance):
    """What a plugin that implements ``IForm`` is held to."""

    contract: ClassVar = IForm
    bench_type: ClassVar = FormBench

    @check(
        "contract",
        "The component and its compiled steps provide their contracts.",
        da="Komponenten og dens trin opfylder deres kontrakter.",
    )
    def test_contract(self, bench: FormBench) -> None:
        """zope.interface verifies both."""
        form = bench.form()
        for contract, made in ((IForm, form), (ICompiledStep, compiled_step(form))):
            try:
                verifyObject(contract, made)
            except Invalid as wrong:
                broken(" ".join(str(wrong).split()))

    @check(
        "every-field-shown",
        "Every field whose condition holds is shown, with its label, in page order.",
        da="Hvert felt, hvis betingelse er opfyldt, vises med sin ledetekst i sidens rækkefølge.",
    )
    def test_every_field_shown(self, bench: FormBench) -> None:
        """In both languages; the field that depends on another only with it."""
        for locale in LANGUAGES:
            step = compiled_step(bench.form(), locale=locale)
            for state, hidden in ((_empty(), {"proof"}), (step.read(_sent(RIGHT)), set())):
                shown, place = _words(step.render(state).html), 0
                for field in step.step.fields:
                    label = field.label.in_language(locale)
                    if field.name in hidden:
                        expect(label not in shown, f'"{field.name}" is shown and should not be')
                        continue
                    found = shown.find(label, place)
                    expect(found >= 0, f'the label of "{field.name}" is not shown in its place')
                    place = found

    @check(
        "page-rules",
        "What it draws keeps every rule for pages, empty, filled in and with mistakes.",
        da="Det, den tegner, overholder alle sideregler: tomt, udfyldt og med fejl.",
    )
    def test_page_rules(self, bench: FormBench) -> None:
        """As a fragment of a page: labels, hints, errors, names, languages."""
        for locale in LANGUAGES:
            step = compiled_step(bench.form(), locale=locale)
            for pairs in ((), RIGHT, WRONG):
                state = step.read(_sent(pairs))
                expected = Expected(locale, quoted=("Testpark Allé 48", "3400 Hillerød"))
                html = step.render(state).html
                found = [
                    breach
                    for breach in breaches(html, PageKind.FRAGMENT, expected)
                    # The summary of mistakes is the page's.
                    if not breach.rule.startswith("SB-15")
                ]
                expect(not found, str(found[0]) if found else "")

    @check(
        "shown-is-read",
        "What it shows of a citizen's answers is read back as the same answers.",
        da="Det, den viser af borgerens svar, læses tilbage som de samme svar.",
    )
    def test_shown_is_read(self, bench: FormBench) -> None:
        """The page is sent as a browser sends it, unchanged."""
        step = compiled_step(bench.form())
        first = step.read(_sent(RIGHT))
        expect(not first.errors, f"right answers have errors: {', '.join(first.errors)}")
        again = step.read(_sent(as_sent(step.render(first).html)))
        expect(dict(again.values) == dict(first.values), "a page sent unchanged changes answers")
        expect(not again.errors, "a page sent unchanged has errors")

    @check(
        "buttons-keep",
        "A button of a field adds or removes a row; everything typed stays, and nothing is wrong.",
        da="En knap ved et felt tilføjer eller fjerner en række; alt det skrevne bliver stående,"
        " og intet er forkert.",
    )
    def test_buttons_keep(self, bench: FormBench) -> None:
        """A row is added at the end; the others stay themselves when one is removed."""
        step = compiled_step(bench.form())
        typed = (*RIGHT, ("copies", "mange"))
        for button, rows in (
            ("children:add", ["Bo Test", "Ea Test", ""]),
            ("children:remove:1", ["Ea Test"]),
            ("children:remove:9", ["Bo Test", "Ea Test"]),
            ("no_such_field:add", ["Bo Test", "Ea Test"]),
        ):
            pressed = called(partial(step.press, _sent(typed, copies="mange"), button))
            if not isinstance(pressed.value, FormState):
                broken(f"pressing a button {pressed.described}")
            rendered = step.render(pressed.value)
            expect(not rendered.error_links, "pressing a button finds mistakes")
            sent = dict(as_sent(rendered.html))
            there = [sent[name] for name in sorted(sent) if _CHILD_NAME.fullmatch(name)]
            expect(there == rows, f"after {button} the rows are not those that were to be there")
            expect(sent.get("copies") == "mange", "pressing a button loses what is typed")

    @check(
        "json-values",
        "Values are JSON data.",
        da="Værdier er JSON-data.",
    )
    def test_json_values(self, bench: FormBench) -> None:
        """Text, whole numbers, true and false, lists, objects."""
        values = compiled_step(bench.form()).read(_sent(RIGHT)).values
        for name, value in values.items():
            expect(is_json(value), f'the value of "{name}" is {type(value).__name__}, not JSON')

    @check(
        "mistakes-told",
        "Each field that is wrong or missing has one message, in page order, and a link to it.",
        da="Hvert felt, der er forkert eller mangler, har én besked i sidens rækkefølge og et"
        " link til den.",
    )
    def test_mistakes_told(self, bench: FormBench) -> None:
        """The message is a sentence in the citizen's language, never a code."""
        for locale in LANGUAGES:
            step = compiled_step(bench.form(), locale=locale)
            order = [field.name for field in step.step.fields]
            for pairs in ((), WRONG):
                state = step.read(_sent(pairs))
                wrong = list(state.errors)
                expect(wrong, "an answer that is missing has no message")
                places = [order.index(name.partition(".")[0]) for name in wrong]
                expect(places == sorted(places), "messages are not in page order")
                expect(not set(wrong) & set(state.values), "a field has a message and a value")
                _links_lead(step.render(state), state)

    @check(
        "typed-kept",
        "What was typed and could not be read is shown again as it was typed.",
        da="Det, der blev skrevet og ikke kunne læses, vises igen, som det blev skrevet.",
    )
    def test_typed_kept(self, bench: FormBench) -> None:
        """Nobody has to write anything twice."""
        step = compiled_step(bench.form())
        html = step.render(step.read(_sent(WRONG))).html
        sent = dict(as_sent(html))
        for name in ("email", "copies", "since.day"):
            expect(sent.get(name) == dict(WRONG)[name], f'what was typed in "{name}" is gone')

    @check(
        "read-never-raises",
        "Whatever a browser sends is read: it never raises.",
        da="Hvad en browser end sender, bliver det læst: det giver aldrig en fejl.",
    )
    def test_read_never_raises(self, bench: FormBench) -> None:
        """And what was read can be shown."""
        step = compiled_step(bench.form())
        for pairs in hostile_pairs():
            read = called(partial(step.read, _sent(pairs)))
            if not isinstance(read.value, FormState):
                broken(f"reading what somebody hostile sent {read.described}")
            shown = called(partial(step.render, read.value))
            if not isinstance(shown.value, Rendered):
                broken(f"showing what somebody hostile sent {shown.described}")

    @check(
        "hidden-left-out",
        "An answer to a field whose condition does not hold is left out, whatever was sent.",
        da="Et svar på et felt, hvis betingelse ikke er opfyldt, udelades, uanset hvad der sendes.",
    )
    def test_hidden_left_out(self, bench: FormBench) -> None:
        """By what was sent itself, and by what the server knows."""
        step = compiled_step(bench.form())
        pairs = tuple((k, "broken" if k == "cause" else v) for k, v in RIGHT)
        for more in ((), (("_shown", "proof"),), (("proof", "no"), ("proof", "yes"))):
            values = step.read(_sent((*pairs, *more))).values
            expect("proof" not in values, "a hidden field's answer was taken")
        control = step.read(_sent(RIGHT)).values
        expect("proof" in control, "a shown field's answer was not taken")

    @check(
        "unknown-ignored",
        "Names that belong to no field are ignored.",
        da="Navne, der ikke hører til noget felt, ignoreres.",
    )
    def test_unknown_ignored(self, bench: FormBench) -> None:
        """Also those of facts: a fact is never taken from a form."""
        step = compiled_step(bench.form())
        plain = step.read(_sent(RIGHT))
        more = (*RIGHT, ("nobody", "x"), ("holder.address", "x"), ("note", "x"), ("home", "x"))
        read = step.read(_sent(more))
        expect(dict(read.values) == dict(plain.values), "an unknown name changed the values")
        same_facts = dict(read.facts) == dict(FACTS)
        expect(same_facts, "what the server knows was changed by what was sent")

    @check(
        "escaped",
        "Whatever was typed, written in the definition or known is text on the page, never markup.",
        da="Det skrevne, definitionens tekster og kendte oplysninger er tekst, aldrig kode.",
    )
    def test_escaped(self, bench: FormBench) -> None:
        """In inputs, labels, hints, options, messages and facts."""
        options = (Option(HOSTILE, both(HOSTILE, HOSTILE), both(HOSTILE, HOSTILE)),)
        more = {"hint": both(HOSTILE, HOSTILE), "errors": {"required": both(HOSTILE, HOSTILE)}}
        step = step_of(
            question("text", "text", HOSTILE, HOSTILE, **more),
            question("lines", "long_text", HOSTILE, HOSTILE),
            question("pick", "choice", HOSTILE, HOSTILE, options=options, **more),
            question("known", "fact", HOSTILE, HOSTILE, settings={"source": "holder.name"}),
        )
        form = compiled_step(bench.form(), step)
        for pairs in ((), (("text", HOSTILE), ("lines", HOSTILE), ("pick", HOSTILE))):
            state = form.read(Submitted(pairs, TODAY, {"holder.name": HOSTILE}))
            soup = BeautifulSoup(form.render(state).html, "html.parser")
            expect(not soup.select("script"), "something hostile became markup")
            for tag in soup.select("*"):
                expect(
                    not any("<" in name or '"' in name for name in tag.attrs), "markup is broken"
                )

    @check(
        "nobody-kept",
        "Nothing of one citizen is on the page of the next.",
        da="Intet fra den ene borger står på den næstes side.",
    )
    def test_nobody_kept(self, bench: FormBench) -> None:
        """One compiled step serves everybody, one after another."""
        step = compiled_step(bench.form())
        fresh = step.render(_empty()).html
        for pairs in (RIGHT, WRONG, (("remarks", "Hemmeligt"), ("email", "kun@min.dk"))):
            state = step.read(_sent(pairs))
            step.render(state)
            step.recheck(state)
            expect(step.render(_empty()).html == fresh, "somebody's data is on the next page")
            expect(not step.read(_sent(())).values, "somebody's answers came out for the next")

    @check(
        "thread-safe",
        "Many citizens at once each get their own page and their own answers.",
        da="Mange borgere på én gang får hver deres egen side og deres egne svar.",
    )
    def test_thread_safe(self, bench: FormBench) -> None:
        """Reading and showing, interleaved."""
        step = compiled_step(bench.form())

        def fill_in(number: int) -> bool:
            mine, whole = f"Borger nummer {number}.", True
            for _ in range(_ONES):
                state = step.read(_sent((*RIGHT, ("x", "y")), remarks=mine))
                html = step.render(state).html
                others = html.count("Borger nummer") != 1
                whole = whole and state.values.get("remarks") == mine and not others
                whole = whole and mine in html
            return whole

        expect(all(at_once(fill_in)), "in threads somebody got another's answers")

    @check(
        "recheck",
        "Of earlier answers those that would be accepted today are kept, the others left out.",
        da="Af tidligere svar beholdes dem, der ville blive godtaget i dag; de andre udelades.",
    )
    def test_recheck(self, bench: FormBench) -> None:
        """Without a message, and never with an error."""
        step = compiled_step(bench.form())
        right = step.read(_sent(RIGHT))
        kept = step.recheck(right)
        expect(dict(kept.values) == dict(right.values), "an answer that is right was not kept")
        wrong: dict[str, object] = {"cause": "gone", "copies": "many", "since": [], "email": 7}
        for bad in ({name: value} for name, value in wrong.items()):
            state = replace(right, values={**right.values, **bad})
            again = called(partial(step.recheck, state))
            if not isinstance(again.value, FormState):
                broken(f"rechecking an answer that no longer fits {again.described}")
            expect(not set(bad) & set(again.value.values), "an answer that is wrong was kept")
            expect(not again.value.errors, "rechecking gave messages")

    @check(
        "conditions-of-the-server",
        "A condition on what the server knows is decided by that, not by what is sent.",
        da="En betingelse om det, serveren ved, afgøres af det og ikke af det, der sendes.",
    )
    def test_conditions_of_the_server(self, bench: FormBench) -> None:
        """``holder.age`` in the form changes nothing."""
        condition = Compare("holder.age", Operator.AT_LEAST, 18)
        step = step_of(question("vote", "text", "Svar", "Answer", visible=condition))
        form = compiled_step(bench.form(), step)
        pairs = (("vote", "Ja"), ("holder.age", "40"), ("_shown", "vote"))
        for age, taken in ((17, False), (18, True)):
            values = form.read(Submitted(pairs, TODAY, {"holder.age": age})).values
            expect(("vote" in values) is taken, "the condition was not decided by the server")

    @check(
        "unknown-kind",
        "A field of a kind that is not here is a DefinitionError when it is compiled.",
        da="Et felt af en slags, der ikke findes her, giver en definitionsfejl ved oversættelsen.",
    )
    def test_unknown_kind(self, bench: FormBench) -> None:
        """And no surprise for a citizen."""
        step = step_of(question("x", "no_such_kind", "X", "X"))
        made = called(partial(compiled_step, bench.form(), step))
        expect(isinstance(made.error, DefinitionError), f"an unknown kind {made.described}")

    @check(
        "answers-not-told",
        "Answers are in no log line.",
        da="Svar står ikke i nogen loglinje.",
    )
    def test_answers_not_told(self, bench: FormBench) -> None:
        """Neither right ones nor wrong ones."""
        with overhearing() as overheard:
            step = compiled_step(bench.form())
            for pairs in (RIGHT, WRONG, (("remarks", "Hemmeligt"), ("copies", "Hemmeligt"))):
                step.render(step.read(_sent(pairs)))
        told = overheard.found(("kirsten@eksempel.dk", "Hemmeligt"))
        expect(not told, "an answer was logged")


def _empty() -> FormState:
    return FormState(facts=FACTS, today=TODAY)


def _sent(pairs: Pairs, **instead: str) -> Submitted:
    changed = tuple((name, instead.get(name, value)) for name, value in pairs)
    return Submitted(changed, TODAY, FACTS)


def _words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def _links_lead(rendered: Rendered, state: FormState) -> None:
    soup = BeautifulSoup(rendered.html, "html.parser")
    messages = [message for _, message in rendered.error_links]
    expect(messages == list(state.errors.values()), "the links do not tell the messages")
    for target, message in rendered.error_links:
        expect(soup.find(id=target) is not None, "a link leads to nothing on the page")
        is_sentence = " " in message and message[:1].isupper()
        expect(is_sentence, f'"{message}" is no sentence')
