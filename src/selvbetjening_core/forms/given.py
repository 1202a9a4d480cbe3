"""What a read-only field holds: a fact, whatever was sent or answered before."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from selvbetjening_core.definitions.dates import TODAY
from selvbetjening_core.definitions.model import VALUE_FROM, Field
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import Address, FactsRequest

Facts = Mapping[str, object]


def given_value(field: Field, kinds: Mapping[str, IFieldKind], facts: Facts) -> object:
    """The value of ``field`` as it is kept, if it is read-only now; else None.

    None as well where the fact is not known, or is none that the field could hold
    (a date outside its limits): the citizen is asked then. Personal data: the value.

    :param facts: what is known before the field, with ``today``
    """
    if not field.can_be_given or not _is_read_only(field, facts):
        return None
    value = _as_kept(facts.get(str(field.settings[VALUE_FROM])))
    today = facts.get(TODAY)
    if value is None or not isinstance(today, datetime.date):
        return None
    told = kinds[field.kind].facts(FactsRequest(field, value, today, facts, kinds))
    return value if "" in told else None


def answer_now(
    field: Field, kinds: Mapping[str, IFieldKind], answer: object, facts: Facts
) -> object:
    """What counts as the answer to ``field``: what is given, else ``answer``."""
    given = given_value(field, kinds, facts)
    return answer if given is None else given


def _is_read_only(field: Field, facts: Facts) -> bool:
    when = field.read_only_when
    return field.read_only or (when is not None and when.holds(facts))


def _as_kept(fact: object) -> object:
    if isinstance(fact, Address):
        return ", ".join(fact.lines) or None
    if isinstance(fact, datetime.date):
        return fact.isoformat()
    return None if fact == "" else fact
