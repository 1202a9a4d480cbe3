"""The built-in kinds of fields, as they are on the bench."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from selvbetjening_core.definitions.model import Option
from selvbetjening_core.testing import cases
from selvbetjening_core.testing.kinds import Accepted, FieldKindBench, Refused
from selvbetjening_core.testing.sample_steps import FACTS, both
from selvbetjening_core.testing.sent import Pairs
from selvbetjening_core.values import Child, Household

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
        keys={"min": datetime.date(2000, 1, 1), "max": "2030-12-31"},
        accepted=(Accepted(_day("5", "03", "2026"), "2026-03-05", "5. marts 2026"),),
        refused=(
            Refused(_day("31", "2", "2026"), "not_a_date"),
            Refused(_day("5", "", "2026"), "date_incomplete"),
            Refused(_day("31", "12", "1999"), "too_early"),
            Refused(_day("1", "1", "2031"), "too_late"),
        ),
    )


def _choice() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN,
        kind="choice",
        options=(_LOST, _BROKEN),
        accepted=(_right("broken", shown="Det er ødelagt"),),
        refused=(_wrong("boredom", "not_an_option"),),
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


def _fact() -> FieldKindBench:
    return FieldKindBench(
        plugin=PLUGIN, kind="fact", keys={"source": "holder.address"}, facts=FACTS
    )


def _message() -> FieldKindBench:
    return FieldKindBench(plugin=PLUGIN, kind="message")


OWN_KINDS: tuple[Callable[[], FieldKindBench], ...] = (
    _text,
    _long_text,
    _number,
    _email,
    _phone,
    _date,
    _choice,
    _yes_no,
    _consent,
    _person,
    _fact,
    _message,
)
"""What makes the bench of each built-in kind."""
