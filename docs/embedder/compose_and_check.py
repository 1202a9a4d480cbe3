"""What docs/embedder/compose-and-check.md shows."""

from __future__ import annotations

import datetime
from pathlib import Path

from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import Plan, read_plan
from selvbetjening_core.composition.why import why
from selvbetjening_core.errors import ConfigurationError

TODAY = datetime.datetime.now(tz=datetime.UTC).date()


def problems_of(installation: Path) -> list[str]:
    """Every problem of an installation, as lines for a person."""
    try:
        problems = read_plan(installation, register_core, TODAY).problems
    except ConfigurationError as error:
        problems = error.problems
    return [f"{one.place}: {one.severity}: {one.message}; {one.advice}" for one in problems]


def answering(plan: Plan) -> str:
    """The component that takes the money for health cards on Mors."""
    return why(plan, "payment", "0773", "sundhedskort").answers.component


def questions(plan: Plan) -> list[str]:
    """What citizens of Mors are asked, in Danish."""
    offered = plan.municipalities["0773"].solutions["sundhedskort"]
    return [field.label.in_language("da") for field in offered.solution.fields()]
