"""How far a draft has come: what is asked, what is answered, what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selvbetjening_core.definitions.decision_tables import table_of
from selvbetjening_core.definitions.model import Field, OfferedSolution, PriceRow, Solution, Step
from selvbetjening_core.definitions.prices import price_of
from selvbetjening_core.errors import DefinitionError
from selvbetjening_core.forms.facts import visible_fields
from selvbetjening_core.forms.kinds.files import LIMITS_FACT
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.plans import Held, plan_of
from selvbetjening_core.journey.records import Draft
from selvbetjening_core.values import Channel, Guest, Money, Person

FREE = Money(0)


@dataclass(frozen=True, slots=True)
class Progress:
    """A draft held against its solution. Personal data: the answers.

    ``steps`` are those shown with the answers so far; ``missing`` the required
    fields without an answer that counts, in page order.
    """

    draft: Draft
    offered: OfferedSolution
    facts: Mapping[str, object]
    steps: tuple[Step, ...]
    missing: tuple[Field, ...]

    @property
    def solution(self) -> Solution:
        """The solution."""
        return self.offered.solution

    @property
    def is_current(self) -> bool:
        """Was the draft answered by the definition that is in force?"""
        return (
            self.draft.definition_version == self.solution.version
            and self.draft.definition_sha256 == self.solution.sha256
        )

    @property
    def is_complete(self) -> bool:
        """Is everything that is asked answered?"""
        return not self.missing

    def reachable(self, step: Step) -> bool:
        """May ``step`` be shown: is nothing missing on the steps before it?"""
        return not self.missing or self._position(step.name) <= self._position(self.missing[0].step)

    def after(self, step: Step) -> Step | None:
        """The step after ``step``; None when the summary comes next."""
        return next(iter(self.steps[self._position(step.name) + 1 :]), None)

    def before(self, step: Step) -> Step | None:
        """The step before ``step``; None at the first."""
        position = self._position(step.name)
        return self.steps[position - 1] if position > 0 else None

    def step(self, name: str) -> Step | None:
        """The step called ``name`` if it is shown, else None."""
        return next((step for step in self.steps if step.name == name), None)

    def position(self, step: Step) -> int:
        """Its number on the way, from 1."""
        return self._position(step.name) + 1

    def first_missing_step(self) -> Step | None:
        """The first step that lacks an answer; None when nothing is missing."""
        return self.step(self.missing[0].step) if self.missing else None

    def _position(self, name: str) -> int:
        return next(i for i, step in enumerate(self.steps) if step.name == name)


def progress_of(context: JourneyContext, draft: Draft, step: str = "") -> Progress:
    """Hold ``draft`` against its solution as offered here today.

    :param step: what is asked for is the page of this step alone: where that tells
        nothing of the register's answer, it is not opened, and an answer that names
        people counts as it is kept. Whether it still holds is seen before anything is
        sent, which is asked without a step
    """
    offered = context.offered(draft.solution)
    plan = plan_of(context.municipality, offered)
    opens = not step or plan.tells_of_people(step)
    today = context.today
    held = draft.noted.get((plan, today, opens))
    if not isinstance(held, Held):
        known = {**plan.parameters, **(_around if opens else _apart_from_people)(context, draft)}
        held = plan.held(draft.answers, known, today, opens=opens)
        draft.noted[plan, today, opens] = held
    return Progress(draft, offered, held.facts, held.steps, held.missing)


def known_facts(
    context: JourneyContext, draft: Draft, offered: OfferedSolution
) -> dict[str, object]:
    """What the server knows before any answer."""
    return {**offered.parameter_facts(), **_around(context, draft)}


def _around(context: JourneyContext, draft: Draft) -> dict[str, object]:
    """What does not stand in the solution: who asks, and what is taken in here."""
    return {
        "household": draft.people(),
        "actor": actor_of(draft),
        **_apart_from_people(context, draft),
    }


def _apart_from_people(context: JourneyContext, _draft: Draft) -> dict[str, object]:
    return {LIMITS_FACT: context.municipality.file.uploads}


def actor_of(draft: Draft) -> Person | None:
    """Who is logged in: as the register knows them, else by name alone. Nobody of a guest."""
    if isinstance(draft.identity, Guest):
        return None
    household = draft.people()
    if household is not None:
        return household.person
    return Person(draft.identity.cpr, draft.identity.name, None)


def price_now(context: JourneyContext, progress: Progress) -> tuple[Money, PriceRow | None]:
    """What it costs today. Free where the solution has no prices.

    :raises DefinitionError: no single row applies
    """
    rows = progress.solution.prices
    if not rows:
        return FREE, None
    row = price_of(rows, progress.facts, context.today, Channel.SELF_SERVICE)
    return row.amount, row


def check_decided(progress: Progress) -> None:
    """See to it that each decision table on the way decided its field. No effect.

    :raises DefinitionError: no row of a table applies, or several do. The checker finds
        such tables beforehand; nothing is sent that was decided by guesswork all the same
    """
    for step in progress.steps:
        for field in visible_fields(step, progress.facts):
            table = table_of(field)
            if table is not None and field.name not in progress.facts:
                raise DefinitionError(f'the table "{table.name}" does not decide "{field.name}"')
