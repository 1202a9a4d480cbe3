"""The built-in kinds of fields, as they are on the bench."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from selvbetjening_core.definitions.dates import DateRule
from selvbetjening_core.definitions.model import Option
from selvbetjening_core.forms.kinds.lookup import LOOKED_UP_FACT
from selvbetjening_core.testing import cases
from selvbetjening_core.testing.kinds import Accepted, FieldKindBench, Refused
from selvbetjening_core.testing.sample_steps import FACTS, both
from selvbetjening_core.testing.sent import Pairs
from selvbetjening_core.values import Child, Household, LookedUp, LookupMatch

PLUGIN = "selvbetjening_core.testing.own"
_LOST = Option("lost", both("Det er væk", "It is lost"))
_BROKEN = Option("broken", both("Det er ødelagt", "It is broken"), both("Knækket", "Snapped"))


def _typed(text: str) -> Pairs:
    return (("answer", text),)


def _right(text: str, value: object = None, shown: str = "") -> Accepted:
    return Accepted(_typed(text), text if value is None else value, shown or text)


def _wrong(text: str, code: str) -> Refused:
    return Refused(_typed(text), code)


def _day(day: str, month: str, year: str) -> Pairs:
    return (("answer.day", day), ("answer.month", month), ("answer.year", year))


def _text() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="text",
        keys={"max_length": 20},
        accepted=(_right("Æblegrød & <flæsk>"), _right("  Else  ", "Else", "Else")),
        refused=(_wrong("x" * 21, "too_long"), _wrong("a\x07b", "not_text")),
    )


def _long_text() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="long_text",
        accepted=(_right("På to\nlinjer"), _right("a\r\nb", "a\nb", "a\nb")),
        refused=(_wrong("x" * 4001, "too_long"), _wrong("a\x07b", "not_text")),
    )


def _number() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="number",
        keys={"min": 1, "max": 2026},
        accepted=(_right("1999", 1999), _right("007", 7, "7")),
        refused=(
            _wrong("mange", "not_a_number"),
            _wrong("0", "too_small"),
            _wrong("2027", "too_great"),
        ),
    )


def _email() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="email",
        accepted=(_right("kirsten@eksempel.dk"),),
        refused=(_wrong("kirsten", "not_an_email"), _wrong("a@b..dk", "not_an_email")),
    )


def _phone() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="phone",
        accepted=(
            _right("+45 99 70 70 00", "99707000", "99 70 70 00"),
            _right("+468123456"),
        ),
        refused=(_wrong("1", "not_a_phone_number"),),
    )


def _date() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="date",
        keys={
            "earliest": DateRule(datetime.date(2000, 1, 1)),
            "latest": DateRule(datetime.date(2030, 12, 31)),
        },
        accepted=(Accepted(_day("5", "03", "2026"), "2026-03-05", "5. marts 2026"),),
        refused=(
            Refused(_day("31", "2", "2026"), "not_a_date"),
            Refused(_day("5", "", "2026"), "date_incomplete"),
            Refused(_day("31", "12", "1999"), "too_early"),
            Refused(_day("1", "1", "2031"), "too_late"),
        ),
    )


def _amount() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="amount",
        keys={"max": 100_000},
        accepted=(
            _right("1.250,5 kr.", "1250.50", "1.250,50 kr."),
            _right("kr. 0,-", "0.00", "0,00 kr."),
        ),
        refused=(
            _wrong("mange", "not_an_amount"),
            _wrong("1,250", "not_an_amount"),
            _wrong("-1", "amount_too_small"),
            _wrong("100.000,01", "amount_too_great"),
        ),
    )


def _time() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="time",
        keys={"earliest": "08:00", "latest": "15:30"},
        accepted=(_right("kl. 14.30", "14:30", "14.30"), _right("0805", "08:05", "08.05")),
        refused=(
            _wrong("24.00", "not_a_time"),
            _wrong("7.59", "time_too_early"),
            _wrong("15.31", "time_too_late"),
        ),
    )


def _postcode() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="postcode",
        accepted=(_right("DK-7900", "7900", "7900"), _right("0800")),
        refused=(_wrong("0799", "not_a_postcode"), _wrong("790", "not_a_postcode")),
    )


def _cpr() -> FieldKindBench:
    number = cases.a_person().cpr.reveal()
    shown = f"{number[:6]}-{number[6:]}"
    return FieldKindBench(
        plugin=PLUGIN,
        kind="cpr",
        accepted=(_right(shown, number, shown), _right(number, shown=shown)),
        refused=(_wrong("320130-0000", "not_a_cpr_number"), _wrong("1", "not_a_cpr_number")),
    )


def _cvr() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="cvr",
        accepted=(_right("DK 12 34 56 74", "12345674", "12345674"),),
        refused=(_wrong("1234567", "not_a_cvr_number"), _wrong("12345678", "wrong_check_digit")),
    )


def _p_number() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="p_number",
        accepted=(_right("1 234 567 890", "1234567890", "1234567890"),),
        refused=(_wrong("123456789", "not_a_p_number"),),
    )


def _bank_account() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="bank_account",
        accepted=(
            Accepted(_account("123", "1234567"), "0123 0001234567", "0123 0001234567"),
            Accepted(_account("1234-1234567", ""), "1234 0001234567", "1234 0001234567"),
        ),
        refused=(
            Refused(_account("1234", ""), "account_incomplete"),
            Refused(_account("12345", "1"), "not_a_registration_number"),
            Refused(_account("1234", "12345678901"), "not_an_account_number"),
        ),
    )


def _account(registration: str, account: str) -> Pairs:
    return (("answer.registration", registration), ("answer.account", account))


def _choice() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="choice",
        options=(_LOST, _BROKEN),
        accepted=(_right("broken", shown="Det er ødelagt"),),
        refused=(_wrong("boredom", "not_an_option"),),
    )


def _choices() -> FieldKindBench:
    none = Option("none", both("Ingen af dem", "None of them"))
    return FieldKindBench(
        plugin=PLUGIN,
        kind="choices",
        keys={"at_most": 2, "none_of_these": "none"},
        options=(_LOST, _BROKEN, Option("old", both("Det er gammelt", "It is old")), none),
        accepted=(
            Accepted(_ticked("lost", "old"), ["lost", "old"], "Det er væk\nDet er gammelt"),
            Accepted(_ticked("none"), ["none"], "Ingen af dem"),
        ),
        refused=(
            Refused(_ticked("lost", "broken", "old"), "too_many"),
            Refused(_ticked("lost", "none"), "none_and_others"),
            Refused((("answer.lost", "boredom"),), "not_an_option"),
        ),
    )


def _ticked(*values: str) -> Pairs:
    return tuple((f"answer.{value}", value) for value in values)


def _matrix() -> FieldKindBench:
    card = Option("card", both("Kortet", "The card"))
    badge = Option("badge", both("Skiltet", "The badge"), both("På jakken", "On the jacket"))
    return FieldKindBench(
        plugin=PLUGIN,
        kind="matrix",
        options=(_LOST, Option("old", both("Det er gammelt", "It is old"))),
        rows=(card, badge),
        accepted=(
            Accepted(
                (("answer.card", "lost"), ("answer.badge", "old")),
                {"card": "lost", "badge": "old"},
                "Kortet: Det er væk\nSkiltet: Det er gammelt",
            ),
        ),
        refused=(
            Refused((("answer.badge", "old"),), "row_missing"),
            Refused((("answer.card", "x"), ("answer.badge", "old")), "not_an_option"),
        ),
    )


def _fixed() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="fixed",
        keys={"value": "A1", "shown": True, "text": both("Blanket A1", "Form A1")},
    )


def _computed() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="computed",
        keys={"operation": "sum", "of": ("seats", 2)},
        facts={"seats": 3},
    )


def _yes_no() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="yes_no",
        accepted=(
            Accepted(_typed("yes"), value=True, shown="Ja"),
            Accepted(_typed("no"), value=False, shown="Nej"),
        ),
        refused=(_wrong("perhaps", "not_an_option"),),
    )


def _consent() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="consent",
        accepted=(Accepted(_typed("true"), value=True, shown="Ja"),),
        refused=(_wrong("perhaps", "not_an_option"),),
    )


def _person() -> FieldKindBench:
    stranger = cases.another_person()
    children = (Child(cases.a_child(), custody=True), Child(stranger, custody=True))
    household = Household(cases.a_person(), children, "Folkeregisteret", cases.RECEIVED)
    return FieldKindBench(
        plugin=PLUGIN,
        kind="person",
        keys={"from": "custody_same_address"},
        facts={"household": household},
        # By age: the stranger, who is older, is the first of the children.
        accepted=(
            _right("self", shown=cases.a_person().name),
            _right("child-2", shown=cases.a_child().name),
        ),
        refused=(_wrong("child-1", "not_an_option"), _wrong("child-9", "not_an_option")),
    )


class _Everywhere(dict[str, object]):
    """The same for every field."""

    def __init__(self, found: LookedUp) -> None:
        super().__init__()
        self._found = found

    def get(self, _name: str, _default: object = None) -> LookedUp:
        """What was found."""
        return self._found


_TOLD = {"municipality": "0219", "postcode": "3400"}
_PLACES = (
    LookupMatch(
        "a-1", "Testpark Allé 48, 3400 Hillerød", {"municipality": "0219", "postcode": "3400"}
    ),
    LookupMatch("a-2", "Testpark Allé 50, 3400 Hillerød"),
)


def _looked_up(kind: str, **keys: object) -> FieldKindBench:
    first, second = ({"key": one.key, "text": one.text, "data": dict(one.data)} for one in _PLACES)
    chosen: Pairs = (("answer", "Testpark"), ("answer.key", "a-2"))
    return FieldKindBench(
        plugin=PLUGIN,
        kind=kind,
        keys=keys,
        facts={LOOKED_UP_FACT: _Everywhere(LookedUp(_PLACES))},
        accepted=(
            _right(_PLACES[0].text, first, _PLACES[0].text),
            Accepted(chosen, second, _PLACES[1].text),
        ),
        refused=(_wrong("Testpark", "choose_match"), _wrong("x" * 201, "too_long")),
    )


def _address() -> FieldKindBench:
    return _looked_up("address")


def _lookup() -> FieldKindBench:
    return _looked_up("lookup", role="plates", own=True)


def _people() -> FieldKindBench:
    others = (cases.another_person(),)
    children = (Child(cases.a_child(), custody=True),)
    household = Household(cases.a_person(), children, "Folkeregisteret", cases.RECEIVED, others)
    return FieldKindBench(
        plugin=PLUGIN,
        kind="people",
        keys={"from": "household"},
        facts={"household": household},
        accepted=(
            Accepted(
                (("answer.self", "self"), ("answer.child-1", "child-1")),
                ["self", "child-1"],
                f"{cases.a_person().name}\n{cases.a_child().name}",
            ),
        ),
        # The other lives elsewhere, so that the box is not there.
        refused=(Refused((("answer.self", "child-1"),), "not_an_option"),),
    )


def _files() -> FieldKindBench:
    return FieldKindBench(plugin=PLUGIN, kind="files", keys={"most": 2, "types": ("pdf", "docx")})


def _fact() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN, kind="fact", keys={"source": "holder.address"}, facts=FACTS
    )


def _message() -> FieldKindBench:
    return FieldKindBench(plugin=PLUGIN, kind="message")


def _section() -> FieldKindBench:
    return FieldKindBench(plugin=PLUGIN, kind="section")


OWN_KINDS: tuple[Callable[[], FieldKindBench], ...] = (
    _text,
    _long_text,
    _number,
    _amount,
    _email,
    _phone,
    _postcode,
    _cpr,
    _cvr,
    _p_number,
    _bank_account,
    _date,
    _time,
    _choice,
    _choices,
    _matrix,
    _yes_no,
    _consent,
    _person,
    _address,
    _lookup,
    _people,
    _files,
    _fixed,
    _computed,
    _fact,
    _message,
    _section,
)
"""What makes the bench of each built-in kind."""
