"""Walking through a solution as the citizen of a test case does.

Each step is shown by the real compiled step, filled in from its HTML as a
browser without script would do it, and read by the same compiled step.
Conditions, prices and the case are those of the journey. Nothing is stored.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from selvbetjening_core.composition.stack import Municipality
from selvbetjening_core.definitions.model import Field, OfferedSolution, Solution, Step
from selvbetjening_core.errors import DefinitionError
from selvbetjening_core.forms.facts import visible_fields
from selvbetjening_core.interfaces import ICompiledStep
from selvbetjening_core.journey.case import case_of, shown_of
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.drafts import new_id
from selvbetjening_core.journey.forms import compile_step
from selvbetjening_core.journey.progress import Progress, progress_of
from selvbetjening_core.journey.records import Draft
from selvbetjening_core.owner_tests.model import OwnerTest
from selvbetjening_core.owner_tests.page import FilledPage, as_values
from selvbetjening_core.owner_tests.people import household_of
from selvbetjening_core.values import (
    CaseSnapshot,
    Citizen,
    FormState,
    Guest,
    GuestId,
    Household,
    Identity,
    Submitted,
)

# A test case reads and writes no draft and delivers nothing.
_UNTOUCHED: Any = None
_NOON = datetime.time(12, tzinfo=datetime.UTC)


@dataclass(slots=True)
class Walk:
    """What came of a test case.

    ``refused`` are answers that the page did not let one give, with what it
    offered instead; ``case`` is None unless everything was accepted; ``fault``
    says why there is no price.
    """

    steps: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    offered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refused: dict[str, tuple[str, ...]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    case: CaseSnapshot | None = None
    fault: str = ""


class CompiledSteps:
    """The steps of a solution in one municipality, each compiled once for all its cases."""

    def __init__(self, municipality: Municipality, solution: Solution) -> None:
        self.municipality = municipality
        self.solution = solution
        self._compiled: dict[tuple[str, str], ICompiledStep] = {}

    def get(self, step: Step, locale: str) -> ICompiledStep:
        """The step in one language."""
        key = step.name, locale
        if key not in self._compiled:
            self._compiled[key] = compile_step(self.municipality, self.solution, step, locale)
        return self._compiled[key]


def walk(test: OwnerTest, steps: CompiledSteps, parameters: Mapping[str, object]) -> Walk:
    """Fill in the form as ``test`` says, and go as far as one comes.

    :param parameters: what the municipality of the case has decided
    """
    file, solution = steps.municipality.file, steps.solution
    solutions = {**file.solutions, solution.name: OfferedSolution(solution, parameters)}
    offering = dataclasses.replace(file, solutions=solutions)
    here = dataclasses.replace(steps.municipality, file=offering)
    now = datetime.datetime.combine(test.on, _NOON)
    context = JourneyContext(here, _UNTOUCHED, lambda: now, _UNTOUCHED)
    return _Walker(test, context, _draft(test, solution, now), steps).walk()


def _draft(test: OwnerTest, solution: Solution, now: datetime.datetime) -> Draft:
    identity, household = _citizen(test, solution, now)
    return Draft(
        id=new_id(),
        solution=solution.name,
        definition_version=solution.version,
        definition_sha256=solution.sha256,
        locale=test.language,
        identity=identity,
        household=household,
        created_at=now,
        updated_at=now,
    )


def _citizen(
    test: OwnerTest, solution: Solution, now: datetime.datetime
) -> tuple[Citizen, Household | None]:
    """Who is logged in, and what the register says; nobody where no one logs in."""
    if solution.level is None:
        return Guest(GuestId(new_id())), None
    household = household_of(test.citizen, now)
    person = household.person
    identity = Identity(person.cpr, person.name, solution.level, "", "", now)
    return identity, household if test.citizen.in_register else None


class _Walker:
    def __init__(
        self, test: OwnerTest, context: JourneyContext, draft: Draft, steps: CompiledSteps
    ) -> None:
        self._answers = as_values(test.answers)
        self._context = context
        self._draft = draft
        self._steps = steps
        self._came = Walk()

    def walk(self) -> Walk:
        """Step by step, until one is wrong or all are answered."""
        step = self._next_step()
        while step is not None:
            self._answer(step)
            if self._came.errors:
                return self._came
            step = self._next_step()
        self._conclude()
        return self._came

    def _progress(self, more: Mapping[str, object] | None = None) -> Progress:
        answers = {**self._draft.answers, **(more or {})}
        return progress_of(self._context, dataclasses.replace(self._draft, answers=answers))

    def _next_step(self) -> Step | None:
        steps = self._progress().steps
        return next((step for step in steps if step.name not in self._came.steps), None)

    def _answer(self, step: Step) -> None:
        asked = {one.name for one in step.fields}
        own = {name: value for name, value in self._answers.items() if name in asked}
        facts, today = self._progress().facts, self._context.today
        compiled = self._steps.get(step, self._draft.locale)
        page = FilledPage(compiled.render(FormState(own, facts=facts, today=today)).html)
        visible = visible_fields(step, self._progress(own).facts)
        shown = [one.name for one in visible]
        self._came.steps.append(step.name)
        self._came.fields.extend(shown)
        self._came.offered.update({name: page.offered(name) for name in shown})
        for one in visible:
            for name, value in answers_in(one, own.get(one.name)):
                if not _fill_in(page, name, value):
                    self._came.refused[name] = page.offered(name)
        state = compiled.read(Submitted(page.pairs(), today, facts, self._draft.answers))
        self._came.errors.update(state.errors)
        kept = {n: v for n, v in self._draft.answers.items() if n not in asked}
        self._draft = dataclasses.replace(
            self._draft, answers={**kept, **state.set_aside, **state.values}
        )

    def _conclude(self) -> None:
        progress = self._progress()
        if not progress.is_complete:
            return
        try:
            shown = shown_of(self._context, progress)
        except DefinitionError as error:
            self._came.fault = str(error)
            return
        self._came.case = case_of(self._context, progress, shown)


def answers_in(asked: Field, value: object) -> Iterator[tuple[str, object]]:
    """The answer with the name of its inputs; of a group and of rows each answer in it."""
    if asked.parts and isinstance(value, Mapping):
        for part, inner in value.items():
            yield f"{asked.name}.{part}", inner
    elif asked.parts and isinstance(value, list):
        for number, row in enumerate(value, start=1):
            yield from answers_in(replace(asked, name=f"{asked.name}.{number}"), row)
    elif value is not None:
        yield asked.name, value


def _fill_in(page: FilledPage, name: str, value: object) -> bool:
    """Is the answer in the page, as far as there is one?"""
    if value in (False, "") or value == [] or page.is_answered(name):
        return True
    return isinstance(value, str) and page.write(name, value)
