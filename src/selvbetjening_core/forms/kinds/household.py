"""Who a citizen can choose among: the rules of the kinds ``person`` and ``people``.

A person is stored as an opaque key (``self``, ``child-2``, ``other-1``), never a CPR
number, and it is resolved against the register's answer every time it is used. Children
are numbered over *all* children the register tells of, oldest first, so that a birth or a
birthday gives no child another number; the others who live there likewise. Whoever is
among the children is not told of once more among the others.

Nobody with name and address protection can be chosen, but the citizen. That there is such
a person is told of the citizen's own child at the citizen's own address alone
(CPR-loven § 28: name and address of a protected person are not for private persons).
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selvbetjening_core.definitions.model import Field
from selvbetjening_core.forms.kinds.common import number_setting, text_setting
from selvbetjening_core.values import Basis, Child, Household, Person
from selvbetjening_core.values.personal import Personal

PERSON_KINDS = ("person", "people")
"""The kinds whose choices are those of this module."""
SELF = "self"
ADULT_AGE = 18


class Source(enum.StrEnum):
    """Who can be chosen. The words are those that a definition writes in ``from``."""

    SELF = "self"
    CUSTODY = "custody"
    CUSTODY_SAME_ADDRESS = "custody_same_address"
    HOUSEHOLD = "household"
    HOUSEHOLD_CHILDREN = "household_children"


_WITH_CUSTODY = frozenset({Source.CUSTODY, Source.CUSTODY_SAME_ADDRESS})


class Reason(enum.StrEnum):
    """Why somebody cannot be chosen. The words are names of texts."""

    PROTECTED = "protected"
    ELSEWHERE = "elsewhere"
    NO_CUSTODY = "no_custody"
    TOO_OLD = "too_old"
    TOO_YOUNG = "too_young"


@dataclass(frozen=True, slots=True, repr=False)
class PersonChoice(Personal):
    """A person who can be chosen, under the key that is stored. Personal data.

    ``lives_here`` is whether they share the citizen's address.
    """

    key: str
    person: Person
    basis: Basis
    lives_here: bool

    @property
    def is_self(self) -> bool:
        """Whether it is the citizen who is logged in."""
        return self.key == SELF


@dataclass(frozen=True, slots=True, repr=False)
class LeftOut(Personal):
    """Somebody who cannot be chosen, and why. Personal data.

    ``name`` is empty where it may not be told; ``limit`` is the age that a reason
    about age speaks of.
    """

    name: str
    reason: Reason
    limit: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class _Known(Personal):
    """Somebody the register tells of, with the fact that only a child has."""

    choice: PersonChoice
    child: Child | None = None

    @property
    def person(self) -> Person:
        return self.choice.person

    @property
    def has_custody(self) -> bool:
        return self.child is not None and self.child.custody


def source_of(field: Field) -> Source:
    """What the field's key ``from`` says; the citizen alone where it says nothing."""
    written = text_setting(field, "from")
    return Source(written) if written in tuple(Source) else Source.SELF


def chosen(value: object, facts: Mapping[str, object]) -> tuple[PersonChoice, ...]:
    """The people that the stored ``value``, a key or a list of keys, names. Personal data.

    Nobody with name and address protection is among them, but the citizen.
    """
    keys = value if isinstance(value, list | tuple) else (value,)
    return tuple(
        one.choice
        for one in _everybody(facts)
        if one.choice.key in keys and (one.choice.is_self or not one.person.protected)
    )


def chosen_person(value: object, facts: Mapping[str, object]) -> PersonChoice | None:
    """The one person that the stored ``value`` names, or None. Personal data."""
    return next(iter(chosen(value, facts)), None)


def person_choices(
    field: Field, facts: Mapping[str, object], today: datetime.date
) -> tuple[PersonChoice, ...]:
    """Everybody whom ``field`` lets this citizen choose. Personal data."""
    return tuple(
        one.choice
        for one in _everybody(facts)
        if _is_asked(field, one) and not _why(field, one, today)
    )


def left_out(
    field: Field, facts: Mapping[str, object], today: datetime.date
) -> tuple[LeftOut, ...]:
    """Whom the citizen may expect to find and cannot choose, each with the reason.

    Somebody in the citizen's custody or at the citizen's address; of all others it is not
    told that the register knows them. Personal data.
    """
    found = ((one, _why(field, one, today)) for one in _everybody(facts) if _is_asked(field, one))
    return tuple(_told(field, one, reason) for one, reason in found if reason and _may_be_told(one))


def origin(facts: Mapping[str, object]) -> dict[str, object]:
    """Which register told of the people, and when; nothing where none did."""
    household = facts.get("household")
    if not isinstance(household, Household):
        return {}
    return {"source": household.source, "retrieved_at": household.retrieved_at.isoformat()}


def _everybody(facts: Mapping[str, object]) -> Iterator[_Known]:
    actor = _actor(facts)
    if actor is not None:
        yield _Known(PersonChoice(SELF, actor, Basis.SELF, lives_here=True))
    household = facts.get("household")
    if not isinstance(household, Household):
        return
    children = {child.person.cpr: child for child in household.children}
    by_age = sorted((child.person for child in children.values()), key=_age_order)
    for number, person in enumerate(by_age, start=1):
        child = children[person.cpr]
        basis = Basis.CUSTODY if child.custody else Basis.HOUSEHOLD
        is_here = _same_address(person, actor)
        yield _Known(PersonChoice(f"child-{number}", person, basis, is_here), child)
    told = {household.person.cpr, *children}
    others = {other.cpr: other for other in household.others if other.cpr not in told}
    for number, person in enumerate(sorted(others.values(), key=_age_order), start=1):
        is_here = _same_address(person, actor)
        yield _Known(PersonChoice(f"other-{number}", person, Basis.HOUSEHOLD, is_here))


def _age_order(person: Person) -> tuple[datetime.date, str]:
    return person.cpr.birth_date, person.cpr.reveal()


def _actor(facts: Mapping[str, object]) -> Person | None:
    household = facts.get("household")
    if isinstance(household, Household):
        return household.person
    actor = facts.get("actor")
    return actor if isinstance(actor, Person) else None


def _is_asked(field: Field, one: _Known) -> bool:
    """Is the question about people like this one at all?"""
    source = source_of(field)
    if one.choice.is_self:
        return field.settings.get("with_self") is not False
    if one.child is None:
        return source is Source.HOUSEHOLD
    return source is not Source.SELF


def _why(field: Field, one: _Known, today: datetime.date) -> Reason | None:
    """Why they cannot be chosen; None: they can."""
    if one.choice.is_self:
        is_young = one.person.age_on(today) < (number_setting(field, "self_from_age") or 0)
        return Reason.TOO_YOUNG if is_young else None
    if one.person.protected:
        return Reason.PROTECTED
    source = source_of(field)
    if source is not Source.HOUSEHOLD and one.person.age_on(today) >= _limit(field):
        return Reason.TOO_OLD
    if source in _WITH_CUSTODY and not one.has_custody:
        return Reason.NO_CUSTODY
    if source is not Source.CUSTODY and not one.choice.lives_here:
        return Reason.ELSEWHERE
    return None


def _may_be_told(one: _Known) -> bool:
    if one.choice.is_self:
        return True
    if one.person.protected:
        return one.has_custody and one.choice.lives_here
    return one.has_custody or one.choice.lives_here


def _told(field: Field, one: _Known, reason: Reason) -> LeftOut:
    limit = number_setting(field, "self_from_age") or 0
    name = "" if reason is Reason.PROTECTED else one.person.name
    return LeftOut(name, reason, limit if reason is Reason.TOO_YOUNG else _limit(field))


def _limit(field: Field) -> int:
    limit = number_setting(field, "child_below_age")
    return ADULT_AGE if limit is None else limit


def _same_address(one: Person, actor: Person | None) -> bool:
    if actor is None or actor.address is None or one.address is None:
        return False
    return one.address.key != "" and one.address.key == actor.address.key
