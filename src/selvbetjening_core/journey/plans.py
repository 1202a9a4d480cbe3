"""A solution made ready for holding drafts against it: one pass over its fields."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from selvbetjening_core.bounded import Bounded
from selvbetjening_core.composition.stack import Municipality
from selvbetjening_core.definitions.dates import TODAY
from selvbetjening_core.definitions.model import Field, OfferedSolution, Step
from selvbetjening_core.forms.facts import Facts, Kinds, holds, is_withdrawn
from selvbetjening_core.forms.prepared import PreparedField, prepared
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.journey.telling_of_people import steps_that_tell_of_people

MOST_PLANS = 1000
"""How many plans a process keeps; one more than is needed is made again when asked for."""


@dataclass(frozen=True, slots=True)
class Held:
    """What comes of holding answers against a solution. Personal data: the answers.

    :param facts: as :func:`~selvbetjening_core.forms.facts.answer_facts` gives them
    :param steps: as :func:`~selvbetjening_core.forms.facts.visible_steps`
    :param missing: as :func:`~selvbetjening_core.forms.facts.unanswered`
    """

    facts: Mapping[str, object]
    steps: tuple[Step, ...]
    missing: tuple[Field, ...]


class JourneyPlan:
    """The fields of a solution, ready to be asked in page order. Holds nobody's data.

    A condition asks only about what comes before it, which the checker sees to. So what
    holds for a field when it is reached holds at the end, too, and one pass finds out
    what three over finished facts would.
    """

    def __init__(self, offered: OfferedSolution, kinds: Kinds) -> None:
        self.parameters: Mapping[str, object] = offered.parameter_facts()
        self._steps = tuple(
            (step, tuple(prepared(field, kinds) for field in step.fields))
            for step in offered.solution.steps
        )
        self._telling = steps_that_tell_of_people(offered.solution, kinds)

    def tells_of_people(self, step: str) -> bool:
        """Does the page of ``step`` depend on what the register of persons answered?"""
        return step in self._telling

    def held(
        self,
        answers: Mapping[str, object],
        base: Facts,
        today: datetime.date,
        *,
        opens: bool = True,
    ) -> Held:
        """Hold ``answers`` against the solution.

        :param base: what is known before any answer
        :param opens: the register's answer is in it; if not, answers that name people
            count as they are kept
        """
        facts = {**base, TODAY: today}
        steps: list[Step] = []
        missing: list[Field] = []
        for step, fields in self._steps:
            if not holds(step.visible, facts):
                continue
            is_shown = False
            for field in fields:
                answer = answers.get(field.name)
                if field.is_plain and answer is not None:
                    # Most fields: whatever is kept is the answer, and all it tells.
                    facts[field.name] = answer
                    is_shown = True
                    continue
                if not field.is_shown(facts):
                    continue
                is_shown = True
                answer = field.answer(answer, facts)
                tells = field.facts if opens else field.facts_unopened
                facts.update(tells(answer, facts, today))
                if _is_missing(field, answer, facts):
                    missing.append(field.field)
            if is_shown:
                steps.append(step)
        return Held(facts, tuple(steps), tuple(missing))


def plan_of(municipality: Municipality, offered: OfferedSolution) -> JourneyPlan:
    """The plan of ``offered``, made when it is first asked for.

    Municipalities that offer the same, with the same parameters, have the same plan.
    """
    # The plan is kept with its municipality, so that no other one can be given its id.
    key = (id(municipality), offered.solution.name)
    _, plan = _plans.made(key, lambda: (municipality, _shared(municipality, offered)))
    return plan


def _shared(municipality: Municipality, offered: OfferedSolution) -> JourneyPlan:
    """The plan that another municipality has already, if all that it is made of is the same."""
    kinds = dict(municipality.layer.getUtilitiesFor(IFieldKind))
    # By what they are and not by what they equal: a plan in use holds on to both.
    made_of = (id(offered.solution.steps), frozenset((n, id(kind)) for n, kind in kinds.items()))
    key = (made_of, repr(sorted(offered.parameters.items())))
    _, _, plan = _equal_plans.made(
        key, lambda: (offered.solution.steps, kinds, JourneyPlan(offered, kinds))
    )
    return plan


def _is_missing(field: PreparedField, answer: object, facts: Facts) -> bool:
    """Is the field, which is shown, without an answer that counts, and to be asked about?"""
    if not field.takes_answer:
        return False
    if answer is None:
        return field.is_required(facts)
    if field.has_conditional_options and is_withdrawn(field.field, answer, facts):
        return True
    return field.offers_value and field.name not in facts


_plans: Bounded[tuple[int, str], tuple[Municipality, JourneyPlan]] = Bounded(MOST_PLANS)
_equal_plans: Bounded[Hashable, tuple[tuple[Step, ...], Kinds, JourneyPlan]] = Bounded(MOST_PLANS)
