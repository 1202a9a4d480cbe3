"""The kit for plugins that make receipts."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from selvbetjening_core.interfaces import IReceipt
from selvbetjening_core.interfaces.versions import CONTRACTS
from selvbetjening_core.testing import cases, elsewhere, receipt_cases
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.common import GRACE, at_once, called
from selvbetjening_core.testing.conformance import broken, check, does_not_apply, expect
from selvbetjening_core.testing.documents import ReadDocument, read_document, words_of
from selvbetjening_core.testing.receipt_contents import ReceiptContentChecks
from selvbetjening_core.testing.watching import overhearing, personal_words_of, watching
from selvbetjening_core.values import (
    Basis,
    CaseSnapshot,
    Document,
    Verdict,
)

_SECONDS = CONTRACTS[IReceipt].calls["issue"].seconds + GRACE
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(; ?charset=utf-8)?")
_NAME = re.compile(r"[^\x00-\x1f/\\:*?\"<>|]{1,120}\.[a-z0-9]{1,5}")
_REACHING = frozenset({"connects", "looks up a host", "sends", "starts a process"})


@dataclass(kw_only=True)
class ReceiptBench(Bench):
    """A receipt plugin.

    Its ``other_settings`` make *another* issuer, whose receipts this one must not
    take for its own.

    :param read: how to read its documents; HTML, PDF and plain text are known
    :param earlier: receipts of earlier versions of the plugin, with these settings
    """

    read: Callable[[Document], ReadDocument] = read_document
    earlier: tuple[Document, ...] = ()


class ReceiptConformance(ReceiptContentChecks):
    """What a plugin that implements ``IReceipt`` is held to."""

    contract: ClassVar = IReceipt
    bench_type: ClassVar = ReceiptBench

    def use(self, bench: Any, component: Any, key: str) -> object:
        """A receipt is issued, and verified."""
        document = _issued(component, cases.a_case(receipt_number=f"MORS-{key.upper()}"))
        return document, _verified(component, document)

    @check(
        "same-case-same-bytes",
        "The same case gives the same bytes, also from another component with the same settings.",
        da="Samme sag giver de samme bytes, også fra en anden komponent med samme indstillinger.",
    )
    def test_same_case_same_bytes(self, bench: ReceiptBench) -> None:
        """Whatever was issued in between."""
        component, case = bench.make(), cases.a_case()
        first = _issued(component, case)
        _issued(component, receipt_cases.in_english(case))
        for again in (component, bench.make()):
            _same(first, _issued(again, replace(case)), "the same case gave other bytes")

    @check(
        "same-bytes-elsewhere",
        "The same case gives the same bytes in another process, time zone, language and year.",
        da="Samme sag giver de samme bytes i en anden proces, tidszone, sprogopsætning og et andet"
        " år.",
    )
    def test_same_bytes_elsewhere(self, bench: ReceiptBench) -> None:
        """A receipt is issued again years later to be compared."""
        case = cases.a_case()
        here = _issued(bench.make(), case)
        there = elsewhere.issue(bench, case)
        _same(here, there, "another process, time zone and year gave other bytes")

    @check(
        "another-case-another-receipt",
        "Two cases that differ in anything have different receipts.",
        da="To sager, der er forskellige i noget, har forskellige kvitteringer.",
    )
    def test_another_case_another_receipt(self, bench: ReceiptBench) -> None:
        """The id, the number, the time, an answer."""
        component, case = bench.make(), cases.a_case()
        moment = case.received_at + datetime.timedelta(seconds=60)
        for other in (
            replace(case, submission_id="1f8f7a6e-8f3e-4a0b-9a53-8f8f5b3b1c12"),
            replace(case, receipt_number="MORS-AAAA-BB"),
            replace(case, received_at=moment),
            receipt_cases.with_answer(case, "Noget andet"),
        ):
            same = _issued(component, other).content == _issued(component, case).content
            expect(not same, "two different cases have one receipt")

    @check(
        "recognises-its-own",
        "It recognises what it issued, also as another component with the same settings.",
        da="Den genkender det, den selv har udstedt, også som en ny komponent med samme"
        " indstillinger.",
    )
    def test_recognises_its_own(self, bench: ReceiptBench) -> None:
        """And gives no reasons against it."""
        document = _issued(bench.make(), cases.a_case())
        for component in (bench.make(), bench.make()):
            verdict = _verified(component, document)
            expect(_is_yes(verdict), "verify does not recognise the component's own receipt")

    @check(
        "every-change-found",
        "A receipt with one changed, added, lost or moved byte is refused, wherever it is.",
        da="En kvittering med én ændret, tilføjet, tabt eller flyttet byte afvises, uanset hvor.",
    )
    def test_every_change_found(self, bench: ReceiptBench) -> None:
        """Bits are flipped over all of the document, densest at both ends."""
        component = bench.make()
        document = _issued(component, cases.a_case())
        expect(_is_yes(_verified(component, document)), "the unchanged receipt is not recognised")
        for what, content in receipt_cases.changes(document.content):
            verdict = _verified(component, replace(document, content=content))
            expect(_is_no(verdict), f"a receipt {what} was not refused, with a reason")

    @check(
        "others-refused",
        "A receipt that another issuer made of the same case is refused.",
        da="En kvittering, som en anden udsteder har lavet af samme sag, afvises.",
    )
    def test_others_refused(self, bench: ReceiptBench) -> None:
        """The bench's ``other_settings``, in both directions."""
        expect(bench.other_settings, "the bench has no other_settings, of another issuer")
        ours, theirs = bench.make(), bench.make(**bench.other_settings)
        for one, another in ((ours, theirs), (theirs, ours)):
            verdict = _verified(one, _issued(another, cases.a_case()))
            expect(_is_no(verdict), "another issuer's receipt was not refused, with a reason")

    @check(
        "nonsense-refused",
        "Whatever else it is shown is refused, in time, and never raises.",
        da="Alt andet, den får vist, afvises inden for tiden og giver aldrig en fejl.",
    )
    def test_nonsense_refused(self, bench: ReceiptBench) -> None:
        """Nothing, noise, much too much, and its own receipt under a false type."""
        component = bench.make()
        own = _issued(component, cases.a_case())
        for what, content in receipt_cases.nonsense(own.content):
            for media_type in (own.media_type, "text/x-unknown", ""):
                document = Document("x", media_type, content)
                call = called(partial(component.verify, document))
                if call.error is not None:
                    broken(f"verify {call.described} for {what}")
                expect(_is_no(call.value), f"{what} was not refused, with a reason")
                expect(call.seconds <= _SECONDS, f"verify took {call.seconds:.1f} s for {what}")

    @check(
        "everything-in-order",
        "It tells number, authority, time, who acted for whom, the payment, and every answer in"
        " order.",
        da="Den viser nummer, myndighed, tidspunkt, hvem der handlede for hvem, betaling og alle"
        " svar i rækkefølge.",
    )
    def test_everything_in_order(self, bench: ReceiptBench) -> None:
        """What the receipt of a case must tell, in Danish and in English."""
        component = bench.make()
        for case in (cases.a_case(), receipt_cases.in_english(cases.a_case())):
            shown = words_of(bench.read(_issued(component, case)).shown)
            for what, told in receipt_cases.must_tell(case):
                expect(told in shown, f"the receipt does not show {what}")
            place = 0
            for group in case.groups:
                for answer in group.answers:
                    for text in (answer.label, *answer.text.splitlines()):
                        found = shown.find(words_of(text), place)
                        expect(found >= 0, f'"{text}" is missing, or stands before its place')
                        place = found

    @check(
        "both-languages",
        "A Danish case has a Danish receipt and an English one an English.",
        da="En dansk sag får en dansk kvittering og en engelsk en engelsk.",
    )
    def test_both_languages(self, bench: ReceiptBench) -> None:
        """Its own words; those of the case are as they are."""
        component, case = bench.make(), cases.a_case()
        danish, english = (
            words_of(bench.read(_issued(component, one)).shown).lower()
            for one in (case, receipt_cases.in_english(case))
        )
        expect("kvittering" in danish, "the Danish receipt does not call itself a kvittering")
        expect("receipt" in english, "the English receipt does not call itself a receipt")
        for word in ("kvittering", "myndighed", "modtaget", "betalt"):
            # Not within the name of an attached file.
            found = re.search(rf"\b{word}\b(?![-.])", english)
            expect(found is None, f'the English receipt says "{word}"')

    @check(
        "cpr-masked",
        "No CPR number is in it: not shown, not attached, not in the bytes.",
        da="Intet CPR-nummer er i den: ikke vist, ikke vedhæftet, ikke i dens bytes.",
    )
    def test_cpr_masked(self, bench: ReceiptBench) -> None:
        """Neither the whole number nor its last four digits beside the birthday."""
        case = cases.a_case()
        document = _issued(bench.make(), case)
        told = _everything(bench, document)
        for person in case.parties.persons():
            digits = person.cpr.reveal()
            for between in ("", "-", " ", "\u2011", "&#45;"):
                there = f"{digits[:6]}{between}{digits[6:]}" in told
                expect(not there, "a CPR number is in the receipt")
            expect(not re.search(rf"\b{digits[6:]}\b", told), "a CPR number's last digits are told")

    @check(
        "protected-not-named",
        "A person with name and address protection is named to nobody else, and to themselves.",
        da="En person med navne- og adressebeskyttelse nævnes ikke over for andre, men over for"
        " sig selv.",
    )
    def test_protected_not_named(self, bench: ReceiptBench) -> None:
        """Shown, attached or in the bytes; nor is an address known from a register."""
        component, case = bench.make(), replace(cases.a_case(), groups=())
        _, child = case.parties.persons()
        hidden = replace(child, protected=True, name=receipt_cases.HIDDEN_NAME)
        for_child = replace(case, parties=replace(case.parties, principal=hidden))
        told = words_of(_everything(bench, _issued(component, for_child)))
        expect(
            receipt_cases.HIDDEN_NAME not in told, "a protected person is named to somebody else"
        )
        address = hidden.address.lines[0] if hidden.address else receipt_cases.HIDDEN_NAME
        expect(address not in told, "a protected person's address is told")
        itself = replace(case.parties, actor=hidden, principal=hidden, basis=Basis.SELF)
        shown = bench.read(_issued(component, replace(case, parties=itself))).shown
        expect(
            receipt_cases.HIDDEN_NAME in words_of(shown),
            "a protected person is not named to themselves",
        )

    @check(
        "weird-texts-harmless",
        "Whatever is answered, there is a receipt, in time, that holds and does nothing by itself.",
        da="Uanset hvad der svares, kommer der en kvittering i tide, som holder og intet gør af"
        " sig selv.",
    )
    def test_weird_texts_harmless(self, bench: ReceiptBench) -> None:
        """Markup, right-to-left letters, emoji, control characters, very much text."""
        component, case = bench.make(), cases.a_case()
        for what, text in receipt_cases.WEIRD.items():
            weird = receipt_cases.with_answer(case, text)
            call = called(partial(component.issue, weird))
            if not isinstance(call.value, Document):
                broken(f"{what} in an answer {call.described}")
            expect(call.seconds <= _SECONDS, f"{what} took {call.seconds:.1f} s")
            expect(
                _is_yes(_verified(component, call.value)), f"{what}: its receipt does not verify"
            )
            _is_harmless(bench.read(call.value), what)
            shown = words_of(bench.read(call.value).shown)
            expect("Svaret bagefter" in shown, f"{what}: the answer after it is gone")

    @check(
        "passive",
        "Opening it runs nothing, fetches nothing and sends nothing.",
        da="At åbne den kører intet, henter intet og sender intet.",
    )
    def test_passive(self, bench: ReceiptBench) -> None:
        """No script, form, frame, or file from elsewhere."""
        _is_harmless(bench.read(_issued(bench.make(), cases.a_case())), "an ordinary case")

    @check(
        "name-and-type",
        "Its media type is one, and its file name is safe and tells nothing personal.",
        da="Den har en rigtig medietype, og dens filnavn er sikkert og fortæller intet personligt.",
    )
    def test_name_and_type(self, bench: ReceiptBench) -> None:
        """Also where the answers are hostile."""
        case = receipt_cases.with_answer(cases.a_case(), "../../../etc/passwd")
        document = _issued(bench.make(), case)
        kind = document.media_type
        expect(_MEDIA_TYPE.fullmatch(kind), f"{kind!r} is no media type in lower case")
        expect(_NAME.fullmatch(document.name), "the file name is not safe, or has no ending")
        people = case.parties.persons()
        for text in [word for one in people for word in (*one.name.split(), one.cpr.reveal()[:6])]:
            expect(text.lower() not in document.name.lower(), "the file name is personal")

    @check(
        "no-network",
        "It reaches for nobody by network: a receipt is made when all else is down.",
        da="Den bruger ikke nettet: en kvittering kan laves, når alt andet er nede.",
    )
    def test_no_network(self, bench: ReceiptBench) -> None:
        """Neither when it issues nor when it verifies."""
        component = bench.make()
        with watching() as effects:
            _verified(component, _issued(component, cases.a_case()))
        reached = [effect.what for effect in effects if effect.what in _REACHING]
        expect(not reached, f"making a receipt {', '.join(reached)}")

    @check(
        "thread-safe",
        "Many receipts at once are the same as one after another.",
        da="Mange kvitteringer på én gang er de samme som én ad gangen.",
    )
    def test_thread_safe(self, bench: ReceiptBench) -> None:
        """Nobody's answers on anybody else's receipt."""
        component = bench.make()
        many = [
            receipt_cases.with_answer(cases.a_case(), f"Svar nummer {number}")
            for number in range(8)
        ]
        alone = [_issued(component, case) for case in many]
        for number, document in enumerate(
            at_once(lambda one: _issued(component, many[one % 8]), 24)
        ):
            _same(alone[number % 8], document, "threads made another receipt")

    @check(
        "cpr-not-told",
        "CPR numbers and names are in no log line and no exception.",
        da="CPR-numre og navne står ikke i nogen loglinje eller fejl.",
    )
    def test_cpr_not_told(self, bench: ReceiptBench) -> None:
        """When it issues, when it refuses, and with every weird answer."""
        case = cases.a_case()
        with overhearing(bench.workplace) as overheard:
            component = bench.make()
            document = _issued(component, case)
            for text in receipt_cases.WEIRD.values():
                weird = receipt_cases.with_answer(case, text)
                overheard.note(called(partial(component.issue, weird)).error)
            overheard.note(component.verify(replace(document, content=document.content[:-1])))
        told = overheard.found(personal_words_of(case))
        expect(not told, "a CPR number, a name or an address was logged or told")

    @check(
        "earlier-receipts",
        "Receipts of earlier versions are still recognised.",
        da="Kvitteringer fra tidligere versioner genkendes stadig.",
        optional=True,
    )
    def test_earlier_receipts(self, bench: ReceiptBench) -> None:
        """The bench's ``earlier``: a receipt is kept longer than any version is."""
        if not bench.earlier:
            does_not_apply(
                "the bench has no receipts of earlier versions",
                da="prøven har ingen kvitteringer fra tidligere udgaver",
            )
        component = bench.make()
        for document in bench.earlier:
            expect(_is_yes(_verified(component, document)), f"{document.name} is not recognised")


def _issued(component: Any, case: CaseSnapshot) -> Document:
    call = called(partial(component.issue, case))
    if not isinstance(call.value, Document):
        broken(f"issue {call.described}")
    return call.value


def _verified(component: Any, document: Document) -> Verdict:
    call = called(partial(component.verify, document))
    if not isinstance(call.value, Verdict):
        broken(f"verify {call.described}")
    return call.value


def _same(one: Document, other: object, what: str) -> None:
    expect(one == other, what)


def _is_yes(verdict: object) -> bool:
    return isinstance(verdict, Verdict) and verdict.ok


def _is_no(verdict: object) -> bool:
    return isinstance(verdict, Verdict) and not verdict.ok and any(verdict.reasons)


def _is_harmless(found: ReadDocument, what: str) -> None:
    expect(not found.active, f"{what}: the receipt has {', '.join(found.active)}")


def _everything(bench: ReceiptBench, document: Document) -> str:
    raw = document.content.decode("latin-1")
    told = bench.read(document).all_text
    # Attached JSON may write letters by their numbers.
    return f"{told}\n{raw}\n{json.dumps(told, ensure_ascii=False)}"
