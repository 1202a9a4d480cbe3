"""The kind ``person``: the citizen, or a child in the citizen's household.

What is stored is an opaque key (``self``, ``child-2``), never a CPR number, and
it is resolved against the register's answer every time it is used. Children
are numbered over *all* children the register tells of, oldest first, so that a
birth or a birthday gives no child another number.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.model import Field
from selvbetjening_core.errors import NeedsFacts
from selvbetjening_core.forms.kinds.choice import one_of, radio_widget
from selvbetjening_core.forms.kinds.common import (
    COMMON_ERRORS,
    number_setting,
    schema_node,
    text_setting,
)
from selvbetjening_core.forms.types import Chosen
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.texts import texts_for
from selvbetjening_core.values import (
    Child,
    FactsRequest,
    Household,
    KeyDeclaration,
    KindDeclaration,
    NodeRequest,
    Person,
    TextRequest,
)

SELF = "self"
ADULT_AGE = 18


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """A person who can be chosen, under the key that is stored. Personal data."""

    key: str
    person: Person

    @property
    def is_self(self) -> bool:
        """Whether it is the citizen who is logged in."""
        return self.key == SELF


@implementer(IFieldKind)
class PersonKind:
    """Somebody in the citizen's household. Personal data: names and addresses."""

    declaration = KindDeclaration(
        name="person",
        needs_login=True,
        help="The citizen, or a child in the citizen's custody at the same address. Children "
        "with name and address protection are never shown.",
        keys=(
            KeyDeclaration(
                "from",
                "text",
                "Who can be chosen: only the citizen, or also children in the citizen's custody "
                "who live at the citizen's address.",
                required=True,
                choices=(SELF, "custody_same_address"),
            ),
            KeyDeclaration(
                "self_from_age", "number", "From what age citizens can choose themselves."
            ),
            KeyDeclaration(
                "child_below_age",
                "number",
                "Children below this age can be chosen; 18 if left out.",
            ),
        ),
        offers={
            "": "text",
            "age": "number",
            "name": "text",
            "address": "address",
            "is_self": "yes_no",
            "source": "text",
            "retrieved_at": "text",
        },
        errors=(*COMMON_ERRORS, "not_an_option"),
        # Who the case is about is one choice for the whole solution.
        in_group=False,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """Radio buttons, one for each person.

        :raises NeedsFacts: there are no facts yet
        """
        if request.facts is None:
            raise NeedsFacts("the choices depend on the citizen's household")
        choices = person_choices(request.field, request.facts, request.today)
        t = texts_for(request.locale).t
        values = tuple((c.key, _label(c, request.today, request.locale)) for c in choices)
        widget = radio_widget(values, empty=t("field.person.nobody"))
        return schema_node(request, Chosen(), widget, one_of(c.key for c in choices))

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """What is known of the person; nothing if that person cannot be chosen."""
        choices = person_choices(request.field, request.facts, request.today)
        chosen = next((c for c in choices if c.key == request.value), None)
        if chosen is None:
            return {}
        return {
            "": chosen.key,
            "age": chosen.person.age_on(request.today),
            "name": chosen.person.name,
            "address": chosen.person.address,
            "is_self": chosen.is_self,
            **_origin(request.facts),
        }

    def text(self, request: TextRequest) -> str:
        """The person's name."""
        people = _everybody(request.facts)
        return next((c.person.name for c, _ in people if c.key == request.value), "")


def chosen_person(value: object, facts: Mapping[str, object]) -> Person | None:
    """The person that the stored ``value`` names, or None. Personal data.

    For the journey, which needs the principal of a case.
    """
    return next((c.person for c, _ in _everybody(facts) if c.key == value), None)


def person_choices(
    field: Field, facts: Mapping[str, object], today: datetime.date
) -> tuple[PersonChoice, ...]:
    """Everybody whom ``field`` lets this citizen choose. Personal data."""
    actor = _actor(facts)
    with_children = text_setting(field, "from") == "custody_same_address"
    return tuple(
        choice
        for choice, child in _everybody(facts)
        if (_self_may(field, choice.person, today) if child is None else with_children)
        and (child is None or _child_may(field, child, actor, today))
    )


def _everybody(
    facts: Mapping[str, object],
) -> Iterator[tuple[PersonChoice, Child | None]]:
    actor = _actor(facts)
    if actor is not None:
        yield PersonChoice(SELF, actor), None
    household = facts.get("household")
    if not isinstance(household, Household):
        return
    oldest_first = sorted(
        household.children, key=lambda c: (c.person.cpr.birth_date, c.person.cpr.reveal())
    )
    for number, child in enumerate(oldest_first, start=1):
        if not child.person.protected:
            yield PersonChoice(f"child-{number}", child.person), child


def _actor(facts: Mapping[str, object]) -> Person | None:
    household = facts.get("household")
    if isinstance(household, Household):
        return household.person
    actor = facts.get("actor")
    return actor if isinstance(actor, Person) else None


def _self_may(field: Field, person: Person, today: datetime.date) -> bool:
    return person.age_on(today) >= (number_setting(field, "self_from_age") or 0)


def _child_may(field: Field, child: Child, parent: Person | None, today: datetime.date) -> bool:
    limit = number_setting(field, "child_below_age")
    young = child.person.age_on(today) < (ADULT_AGE if limit is None else limit)
    return child.custody and _same_address(child.person, parent) and young


def _same_address(child: Person, parent: Person | None) -> bool:
    if parent is None or parent.address is None or child.address is None:
        return False
    return child.address.key != "" and child.address.key == parent.address.key


def _origin(facts: Mapping[str, object]) -> dict[str, object]:
    household = facts.get("household")
    if not isinstance(household, Household):
        return {}
    return {"source": household.source, "retrieved_at": household.retrieved_at.isoformat()}


def _label(choice: PersonChoice, today: datetime.date, locale: str) -> str:
    t = texts_for(locale).t
    if choice.is_self:
        return t("field.person.self", name=choice.person.name)
    age = choice.person.age_on(today)
    return t("field.person.child", name=choice.person.name, age=age)
