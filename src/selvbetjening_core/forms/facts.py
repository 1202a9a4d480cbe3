"""What conditions, prices and read-only fields may ask about, as flat names.

The journey supplies the base facts: ``household`` (a Household or None),
``actor`` (a Person) and ``parameter.NAME``. Every answer adds its own: its
value under the field's name, and what its kind derives from it under
``FIELD.NAME`` (``holder.age``). A hidden answer adds nothing: it does not count.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from selvbetjening_core.definitions.conditions import Condition
from selvbetjening_core.definitions.model import Field, Solution, Step
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import FactsRequest

Kinds = Mapping[str, IFieldKind]
Facts = Mapping[str, object]


def holds(condition: Condition | None, facts: Facts) -> bool:
    """Whether ``condition`` holds; no condition always does."""
    return condition is None or condition.holds(facts)


def answer_facts(
    steps: Iterable[Step],
    answers: Mapping[str, object],
    kinds: Kinds,
    base_facts: Facts,
    today: datetime.date,
) -> dict[str, object]:
    """The base facts and those of every answer that counts, in page order.

    Answers of steps and fields whose condition does not hold are left out.
    Personal data: the answers.
    """
    facts = dict(base_facts)
    for step in steps:
        if not holds(step.visible, facts):
            continue
        for field in step.fields:
            if holds(field.visible, facts):
                kind = kinds[field.kind]
                facts.update(field_facts(field, kind, answers.get(field.name), facts, today))
    return facts


def field_facts(
    field: Field, kind: IFieldKind, value: object, facts: Facts, today: datetime.date
) -> dict[str, object]:
    """The facts that one answer gives; none for an empty answer."""
    if value is None or not kind.declaration.takes_answer:
        return {}
    derived = kind.facts(FactsRequest(field, value, today, facts))
    return {f"{field.name}.{name}" if name else field.name: fact for name, fact in derived.items()}


def without_fields(facts: Facts, fields: Iterable[Field]) -> dict[str, object]:
    """``facts`` without those that ``fields`` gave."""
    names = {field.name for field in fields}
    return {name: fact for name, fact in facts.items() if name.split(".")[0] not in names}


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
    meaning (a child that has moved away) counts as none.
    """
    return tuple(
        field
        for step in visible_steps(solution, facts)
        for field in visible_fields(step, facts)
        if field.required and _lacks_answer(field, kinds[field.kind], answers, facts)
    )


def _lacks_answer(
    field: Field, kind: IFieldKind, answers: Mapping[str, object], facts: Facts
) -> bool:
    if not kind.declaration.takes_answer:
        return False
    if answers.get(field.name) is None:
        return True
    return "" in kind.declaration.offers and field.name not in facts
