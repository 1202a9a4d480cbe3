"""Compiled steps, for a journey."""

from __future__ import annotations

from selvbetjening_core.composition.stack import Municipality
from selvbetjening_core.definitions.model import Solution, Step
from selvbetjening_core.forms.facts import answer_facts, without_fields
from selvbetjening_core.interfaces import ICompiledStep, IFieldKind, IForm, ITheme
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.progress import known_facts
from selvbetjening_core.journey.records import Draft
from selvbetjening_core.values import FormState, StepRequest


def compile_step(
    municipality: Municipality, solution: Solution, step: Step, locale: str
) -> ICompiledStep:
    """The step, compiled by the form component in the municipality's theme."""
    themes: dict[str, ITheme] = dict(municipality.layer.getUtilitiesFor(ITheme))
    return municipality.named(IForm, "").compile(
        StepRequest(
            solution=solution,
            step=step,
            locale=locale,
            theme=themes[municipality.file.theme.name],
            themes=themes,
            kinds=dict(municipality.layer.getUtilitiesFor(IFieldKind)),
        )
    )


def still_accepted(context: JourneyContext, draft: Draft) -> dict[str, object]:
    """The answers of ``draft`` that the definition in force would accept, in page order."""
    offered = context.offered(draft.solution)
    kept: dict[str, object] = {}
    for step in offered.solution.steps:
        own = {field.name for field in step.fields}
        values = {name: value for name, value in draft.answers.items() if name in own}
        facts = answer_facts(
            offered.solution.steps,
            kept,
            context.kinds,
            known_facts(context, draft, offered),
            context.today,
        )
        compiled = compile_step(context.municipality, offered.solution, step, draft.locale)
        state = FormState(values, facts=without_fields(facts, own), today=context.today)
        kept.update(compiled.recheck(state).values)
    return kept
