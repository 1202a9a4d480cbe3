"""What conditions, prices and read-only fields may ask about, as flat names.

The journey supplies the base facts: ``household`` (a Household or None),
``actor`` (a Person) and ``parameter.NAME``. Every answer adds its own: its
value under the field's name, and what its kind derives from it under
``FIELD.NAME`` (``holder.age``). A hidden answer adds nothing: it does not count.
``today`` is the day itself, which date rules count from.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from selvbetjening_core.definitions.conditions import Condition
from selvbetjening_core.definitions.dates import TODAY
from selvbetjening_core.definitions.model import Field, Solution, Step
from selvbetjening_core.forms.given import answer_now
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import FactsRequest

Kinds = Mapping[str, IFieldKind]
Facts = Mapping[str, object]


def holds(condition: Condition | None, facts: Facts) -> bool:
    """Whether ``condition`` holds; no condition always does."""
    return condition is None or condition.holds(facts)


def asked_now(field: Field, facts: Facts) -> Field:
    """``field`` as it is asked when ``facts`` hold: required or not, the options offered."""
    if field.required_when is None and not has_conditional_options(field):
        return field
    return replace(
        field,
        required=field.required
        or (field.required_when is not None and field.required_when.holds(facts)),
        required_when=None,
        options=tuple(option for option in field.options if holds(option.when, facts)),
    )


def has_conditional_options(field: Field) -> bool:
    """Is any of the options offered to some citizens only?"""
    return any(option.when is not None for option in field.options)


def withdrawn_options(field: Field, facts: Facts) -> frozenset[str]:
    """The values of the options that are not offered when ``facts`` hold."""
    return frozenset(option.value for option in field.options if not holds(option.when, facts))


def is_withdrawn(field: Field, value: object, facts: Facts) -> bool:
    """Does the answer ``value`` hold an option that is not offered when ``facts`` hold?"""
    return not withdrawn_options(field, facts).isdisjoint(_chosen(value))


def _chosen(value: object) -> Iterator[str]:
    """The options in an answer: one, a list of them, or one in each row."""
    inner = value.values() if isinstance(value, Mapping) else value
    among = inner if isinstance(inner, Iterable) and not isinstance(inner, str) else (inner,)
    yield from (one for one in among if isinstance(one, str))


def answer_facts(
    steps: Iterable[Step],
    answers: Mapping[str, object],
    kinds: Kinds,
    base_facts: Facts,
    today: datetime.date,
) -> dict[str, object]:
    """The base facts, today, and those of every answer that counts, in page order.

    Answers of steps and fields whose condition does not hold are left out.
    Personal data: the answers.
    """
    facts = {**base_facts, TODAY: today}
    for step in steps:
        if not holds(step.visible, facts):
            continue
        for field in step.fields:
            if holds(field.visible, facts):
                facts.update(field_facts(field, kinds, answers.get(field.name), facts, today))
    return facts


def field_facts(
    field: Field, kinds: Kinds, value: object, facts: Facts, today: datetime.date
) -> dict[str, object]:
    """The facts that one answer gives; none for an empty answer.

    An answer whose option is no longer offered is none. Of a field that is read-only
    what is given counts, and not ``value``.

    A kind that derives its value is asked for it, whatever ``value`` is.
    """
    kind = kinds[field.kind]
    value = answer_now(field, kinds, value, facts)
    if kind.declaration.derives:
        value = None
    elif value is None or not kind.declaration.takes_answer or is_withdrawn(field, value, facts):
        return {}
    return named(field, kind.facts(FactsRequest(field, value, today, facts, kinds)))


def named(field: Field, derived: Facts) -> dict[str, object]:
    """What a kind tells of an answer, under the names that it is asked about by."""
    return {f"{field.name}.{name}" if name else field.name: fact for name, fact in derived.items()}


def without_fields(facts: Facts, names: AbstractSet[str]) -> dict[str, object]:
    """``facts`` without those that the fields called ``names`` gave."""
    return {name: fact for name, fact in facts.items() if name.partition(".")[0] not in names}


def visible_fields(step: Step, facts: Facts) -> tuple[Field, ...]:
    """The fields of ``step`` that are shown when ``facts`` hold."""
    return tuple(field for field in step.fields if holds(field.visible, facts))


def visible_steps(solution: Solution, facts: Facts) -> tuple[Step, ...]:
    """The steps that are shown when ``facts`` hold.

    A step none of whose fields would be shown is left out.
    """
    return tuple(
        step
        for step in solution.steps
        if holds(step.visible, facts) and visible_fields(step, facts)
    )


def unanswered(
    solution: Solution, answers: Mapping[str, object], kinds: Kinds, facts: Facts
) -> tuple[Field, ...]:
    """Required fields that are shown and have no answer that counts, in page order.

    ``facts`` are those of :func:`answer_facts`. An answer that has lost its
    meaning (a child that has moved away, a date outside its limits by now)
    counts as none, and is asked for again though it be optional: as it stands
    it would be sent.
    """
    return tuple(
        field
        for step in visible_steps(solution, facts)
        for field in visible_fields(step, facts)
        if lacks_answer(
            field,
            kinds[field.kind],
            answer_now(field, kinds, answers.get(field.name), facts),
            facts,
        )
    )


def lacks_answer(field: Field, kind: IFieldKind, value: object, facts: Facts) -> bool:
    """Is ``field``, which is shown, to be asked because it has no answer that counts?"""
    if value is None and not asked_now(field, facts).required:
        return False
    if not kind.declaration.takes_answer:
        return False
    if value is None or is_withdrawn(field, value, facts):
        return True
    return "" in kind.declaration.offers and field.name not in facts
