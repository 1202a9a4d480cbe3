"""What of a field does not depend on the citizen, worked out once for every request."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from selvbetjening_core.definitions.conditions import Condition
from selvbetjening_core.definitions.model import Field
from selvbetjening_core.forms.facts import Facts, Kinds, field_facts, has_conditional_options, named
from selvbetjening_core.forms.given import answer_now
from selvbetjening_core.forms.kinds.common import ValueItself
from selvbetjening_core.values import FactsRequest

_NOTHING: Mapping[str, object] = {}

FactsOf = Callable[[object, Facts, datetime.date], Mapping[str, object]]
"""The facts that an answer gives, from the answer, what is known before it, and today."""


@dataclass(frozen=True, slots=True)
class PreparedField:
    """A field with what is asked of it at each request.

    :param facts: as :func:`~selvbetjening_core.forms.facts.field_facts` gives them
    :param always_required: it is required whatever is known
    :param is_plain: it is always shown, and any answer is a fact of the field's own name
        and no other
    :param facts_unopened: the same where what the register of persons answered is not
        opened: an answer that names people counts as it is kept
    """

    field: Field
    name: str
    visible: Condition | None
    facts: FactsOf
    takes_answer: bool
    derives: bool
    offers_value: bool
    has_conditional_options: bool
    always_required: bool
    is_plain: bool
    facts_unopened: FactsOf
    kinds: Kinds

    def answer(self, kept: object, facts: Facts) -> object:
        """What counts as its answer when ``facts`` hold: what is given, else what is kept."""
        return answer_now(self.field, self.kinds, kept, facts)

    def is_shown(self, facts: Facts) -> bool:
        """Is it asked or told when ``facts`` hold?"""
        return self.visible is None or self.visible.holds(facts)

    def is_required(self, facts: Facts) -> bool:
        """Must it be answered when ``facts`` hold?"""
        when = self.field.required_when
        return self.always_required or (when is not None and when.holds(facts))


def prepared(field: Field, kinds: Kinds) -> PreparedField:
    """``field``, made ready."""
    declaration, facts = kinds[field.kind].declaration, facts_of(field, kinds)
    return PreparedField(
        field=field,
        name=field.name,
        visible=field.visible,
        facts=facts,
        takes_answer=declaration.takes_answer,
        derives=declaration.derives,
        offers_value="" in declaration.offers,
        has_conditional_options=has_conditional_options(field),
        always_required=field.required,
        is_plain=field.visible is None and _tells_itself(field, kinds),
        facts_unopened=_as_kept(field.name) if declaration.asks_register else facts,
        kinds=kinds,
    )


def _as_kept(name: str) -> FactsOf:
    return lambda value, _facts, _today: _NOTHING if value is None else {name: value}


def facts_of(field: Field, kinds: Kinds) -> FactsOf:
    """``field_facts`` of this field: the same facts, without asking what is known already."""
    name, kind = field.name, kinds[field.kind]
    declaration = kind.declaration
    if not declaration.has_value:
        return lambda _value, _facts, _today: _NOTHING
    if _tells_itself(field, kinds):
        return _as_kept(name)
    if declaration.derives or not declaration.takes_answer or has_conditional_options(field):
        return lambda value, facts, today: field_facts(field, kinds, value, facts, today)
    return _derived(field, kinds)


def _derived(field: Field, kinds: Kinds) -> FactsOf:
    """Of a field whose kind tells something else, and whose answers all count."""
    kind = kinds[field.kind]

    def facts_of_answer(value: object, facts: Facts, today: datetime.date) -> Mapping[str, object]:
        if value is None:
            return _NOTHING
        return named(field, kind.facts(FactsRequest(field, value, today, facts, kinds)))

    return facts_of_answer


def _tells_itself(field: Field, kinds: Kinds) -> bool:
    """Is any answer to the field the one fact that it gives?"""
    kind = kinds[field.kind]
    is_itself = getattr(type(kind), "facts", None) is ValueItself.facts
    takes = kind.declaration.has_value and kind.declaration.takes_answer
    return is_itself and takes and not field.can_be_given and not has_conditional_options(field)
