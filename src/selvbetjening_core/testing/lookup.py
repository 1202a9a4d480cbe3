"""The kit for plugins that look things up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from selvbetjening_core.interfaces import ILookup
from selvbetjening_core.testing import cases
from selvbetjening_core.testing.attempts import (
    ABSURD,
    AWAY,
    expect_as_promised,
    expect_unavailable,
    in_threads,
)
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.common import called
from selvbetjening_core.testing.conformance import check, expect
from selvbetjening_core.testing.counterpart import Fault
from selvbetjening_core.testing.outside import OutsideChecks
from selvbetjening_core.testing.watching import overhearing, personal_words
from selvbetjening_core.values import LookupMatch, LookupQuery

_PLENTY = 20
_STRANGE = (
    "",
    " ",
    "%",
    "*",
    "_",
    "\x00",
    "((((",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "æøå ÆØÅ \u0301\u200b",
    "x" * 10_000,
)


@dataclass(kw_only=True)
class LookupBench(Bench):
    """A look-up plugin, and what can be found with it.

    :param known: what a citizen types that has at least two matches
    :param nothing: what a citizen types that has none
    :param unknown_key: a key that nothing has
    """

    known: str
    nothing: str = "qzqzqzqz"
    unknown_key: str = "no-such-key"


class LookupConformance(OutsideChecks):
    """What a plugin that implements ``ILookup`` is held to."""

    contract: ClassVar = ILookup
    bench_type: ClassVar = LookupBench

    def use(self, bench: LookupBench, component: Any, key: str) -> object:
        """Search for what is known, and find the first again."""
        matches = _known(bench, component)
        return matches, _find(component, matches[0].key)

    @check(
        "limit-kept",
        "There are never more matches than were asked for, and fewer are the best of more.",
        da="Der kommer aldrig flere forslag end ønsket, og færre er de bedste af flere.",
    )
    def test_limit_kept(self, bench: LookupBench) -> None:
        """For every limit up to the number there is."""
        component = bench.make()
        all_found = _known(bench, component)
        for limit in range(1, len(all_found) + 1):
            found = _search(component, bench.known, limit)
            expect(len(found) <= limit, f"{len(found)} matches where at most {limit} were wanted")
            expect(found == all_found[:limit], f"the best {limit} are not the first of all")

    @check(
        "best-first",
        "Who types a match to its end gets that match first.",
        da="Den, der skriver et forslag helt ud, får det først.",
    )
    def test_best_first(self, bench: LookupBench) -> None:
        """The text of each match, searched for."""
        component = bench.make()
        for match in _known(bench, component):
            found = _search(component, match.text)
            is_first = bool(found) and found[0].text == match.text
            expect(is_first, "the whole text of a match was searched, and another came first")

    @check(
        "same-answer-again",
        "The same question has the same answer, in the same order.",
        da="Samme spørgsmål får samme svar i samme rækkefølge.",
    )
    def test_same_answer_again(self, bench: LookupBench) -> None:
        """Asked of one component twice, and of another."""
        component = bench.make()
        first = _known(bench, component)
        expect(_known(bench, component) == first, "the second answer differs from the first")
        expect(_known(bench, bench.make()) == first, "another component answers differently")

    @check(
        "found-by-key",
        "What was found is found again by its key, the same in every part.",
        da="Det, der blev fundet, findes igen på sin nøgle, ens i alle dele.",
    )
    def test_found_by_key(self, bench: LookupBench) -> None:
        """By a component that has searched nothing, as after a restart."""
        matches = _known(bench, bench.make())
        component = bench.make()
        for match in matches:
            expect(_find(component, match.key) == match, "find gives another match for a key")

    @check(
        "keys-and-texts",
        "Each match has a key of its own, a text to choose by, and data that JSON can hold.",
        da="Hvert forslag har sin egen nøgle, en tekst at vælge efter og data, som JSON kan rumme.",
    )
    def test_keys_and_texts(self, bench: LookupBench) -> None:
        """Nothing is empty, and no key is there twice."""
        matches = _known(bench, bench.make())
        expect(all(m.key and m.text.strip() for m in matches), "a key or a text is empty")
        keys = [match.key for match in matches]
        expect(len(set(keys)) == len(keys), "two matches have one key")
        for match in matches:
            made = called(partial(json.dumps, dict(match.data)))
            expect(made.error is None, "the data of a match cannot be written as JSON")

    @check(
        "nothing-found",
        "Nothing found is an empty answer, and an unknown key is None.",
        da="Intet fundet er et tomt svar, og en ukendt nøgle giver intet.",
    )
    def test_nothing_found(self, bench: LookupBench) -> None:
        """Neither is an error."""
        component = bench.make()
        expect(_search(component, bench.nothing) == (), "something was found for nonsense")
        for key in (bench.unknown_key, *_STRANGE):
            expect(_find(component, key) is None, "an unknown key was found")

    @check(
        "anything-typed",
        "Whatever is typed is answered: empty, very long, wildcards, code.",
        da="Alt, hvad nogen kan skrive, besvares: tomt, meget langt, jokertegn, kode.",
    )
    def test_anything_typed(self, bench: LookupBench) -> None:
        """In either language."""
        component = bench.make()
        for text in _STRANGE:
            for locale in ("da", "en"):
                found = _search(component, text, 3, locale)
                expect(len(found) <= 3, "the limit was forgotten for something strange")

    @check(
        "away",
        "A register that cannot be reached, or answers nonsense, is Unavailable, in time.",
        da="Et register, der ikke kan nås eller svarer volapyk, meldes utilgængeligt i tide.",
        optional=True,
    )
    def test_away(self, bench: LookupBench) -> None:
        """Both methods, under every fault; afterwards it answers again."""
        component = bench.make()
        key = _known(bench, component)[0].key
        faults = (*AWAY, *ABSURD, Fault.HANG)
        ask = _query(bench.known)
        expect_unavailable(bench, faults, ILookup, "search", lambda: component.search(ask))
        expect_unavailable(bench, faults, ILookup, "find", lambda: component.find(key))
        _known(bench, component)

    @check(
        "typed-not-told",
        "What was typed is in no log line, exception, file name or print.",
        da="Det, der blev skrevet, står ikke i log, fejl, filnavne eller udskrift.",
    )
    def test_typed_not_told(self, bench: LookupBench) -> None:
        """CPR number, name and address, typed; also while the register is away."""
        person = cases.a_person()
        words = personal_words(person)
        with overhearing(bench.workplace) as heard:
            component = bench.make()
            for fault in (Fault.NONE, Fault.DOWN, Fault.GARBAGE):
                if bench.remote is not None:
                    bench.remote.behave(fault)
                for word in words:
                    heard.note(called(partial(component.search, _query(word))).error)
                    heard.note(called(partial(component.find, word)).error)
        found = heard.found(words)
        expect(not found, f"{len(found)} things that were typed were told elsewhere")

    @check(
        "thread-safe",
        "Many at once get each their own answer.",
        da="Mange på én gang får hver sit svar.",
    )
    def test_thread_safe(self, bench: LookupBench) -> None:
        """Searches and finds of one component, side by side."""
        component = bench.make()
        matches = _known(bench, component)
        calls = [partial(_search, component, m.text) for m in matches]
        alone = [call() for call in calls]
        for answers, expected in zip(in_threads(calls), alone, strict=True):
            expect(all(one == expected for one in answers), "an answer was another thread's")
        finds = [partial(_find, component, m.key) for m in matches]
        for matched, match in zip(in_threads(finds), matches, strict=True):
            expect(all(one == match for one in matched), "find gave another thread's match")


def _query(text: str, limit: int = _PLENTY, locale: str = "da") -> LookupQuery:
    return LookupQuery(text, limit, locale)


def _search(
    component: Any, text: str, limit: int = _PLENTY, locale: str = "da"
) -> tuple[LookupMatch, ...]:
    made = called(lambda: component.search(_query(text, limit, locale)))
    found: tuple[LookupMatch, ...] = expect_as_promised(made, ILookup, "search", "for a text")
    return found


def _find(component: Any, key: str) -> LookupMatch | None:
    made = called(lambda: component.find(key))
    found: LookupMatch | None = expect_as_promised(made, ILookup, "find", "for a key")
    return found


def _known(bench: LookupBench, component: Any) -> Sequence[LookupMatch]:
    matches = _search(component, bench.known)
    expect(len(matches) > 1, 'the bench\'s "known" has fewer than two matches')
    return matches
