"""What may be accepted of the health card, and what it costs: written down once more.

By hand, from the law and the page, and not from the definition that is tested: two who
agree on a mistake would find nothing. The citizen is Kirsten, in Mors.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

_FEE = 22500
_AGE_OF_FEE = 15
# In her custody, at her address; the third of her children lives with a guardian.
_BORN = {
    "self": datetime.date(1982, 11, 29),
    "child-1": datetime.date(2010, 5, 5),
    "child-2": datetime.date(2015, 5, 5),
    "child-4": datetime.date(2023, 5, 5),
}
_PAID_CAUSES = ("lost", "new_doctor", "new_name")
_CAUSES = (
    *_PAID_CAUSES,
    "damaged",
    "magnetic_stripe",
    "first_card",
    "moved",
    "doctor_closed",
    "turned_15",
    "married",
    "new_cpr",
)
_AGES = ("under_4_years", "4_years_or_more")
_OF_DOCTOR = ("new_doctor", "doctor_closed", "turned_15")
_LONGEST_DOCTOR = 100


def steps_of(answers: Mapping[str, object]) -> list[str]:
    """The steps that these answers lead through."""
    more = ["card"] if answers.get("cause") == "damaged" else []
    more += ["doctor"] if answers.get("cause") in _OF_DOCTOR else []
    return ["person", "reason", *more, "sending", "consent"]


def wrong(answers: Mapping[str, object]) -> list[str]:
    """The fields with an answer that nobody may give."""
    good = {
        "holder": lambda value: value in _BORN,
        "cause": lambda value: value in _CAUSES,
        "card_age": lambda value: value in _AGES,
        "doctor": _is_name,
        "proof": lambda value: isinstance(value, bool),
        "email": lambda value: value is None or _is_email(value),
        "cancel_old_card": lambda value: value is True,
    }
    return [
        name
        for name, value in answers.items()
        if name not in good or not (value is None or good[name](value))
    ]


def missing(answers: Mapping[str, object]) -> list[str]:
    """The fields that must have an answer, and have none."""
    needed = ["holder", "cause", "proof", "cancel_old_card"]
    needed += ["card_age"] if "card" in steps_of(answers) else []
    needed += ["doctor"] if "doctor" in steps_of(answers) else []
    return [name for name in needed if answers.get(name) in (None, "")]


def fee(answers: Mapping[str, object]) -> int:
    """What it costs, in øre: nothing below 15 years, as Mors has decided."""
    born = _BORN.get(str(answers.get("holder")))
    if (
        born is not None
        and _years(born, datetime.datetime.now(tz=datetime.UTC).date()) < _AGE_OF_FEE
    ):
        return 0
    is_young_card = answers.get("cause") == "damaged" and answers.get("card_age") == _AGES[0]
    return _FEE if answers.get("cause") in _PAID_CAUSES or is_young_card else 0


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= len(value) <= _LONGEST_DOCTOR


def _is_email(value: object) -> bool:
    return isinstance(value, str) and value.count("@") == 1 and not any(c.isspace() for c in value)


def _years(born: datetime.date, today: datetime.date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
