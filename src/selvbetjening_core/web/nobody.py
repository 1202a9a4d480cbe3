"""For a citizen who can choose nobody: a page of its own, not an empty question."""

from __future__ import annotations

import datetime

from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.definitions.model import Field, Step
from selvbetjening_core.forms.facts import asked_now, visible_fields
from selvbetjening_core.forms.kinds.household import (
    PERSON_KINDS,
    SELF,
    Source,
    chosen_person,
    person_choices,
    source_of,
)
from selvbetjening_core.journey.progress import Progress
from selvbetjening_core.web.pages import front_page, notice_page


def nobody_to_choose(request: Request, progress: Progress, step: Step) -> Response | None:
    """The page that says why, where ``step`` asks for a person and there is nobody.

    None where the step can be answered. Personal data: the citizen's age.
    """
    field = without_choice(progress, step, request.journey.today)
    return None if field is None else _told(request, progress, field)


def without_choice(progress: Progress, step: Step, today: datetime.date) -> Field | None:
    """The question of ``step`` that asks for a person where there is nobody; else None.

    Personal data: the citizen's age.
    """
    for field in visible_fields(step, progress.facts):
        is_asked = field.kind in PERSON_KINDS and asked_now(field, progress.facts).required
        if is_asked and not person_choices(field, progress.facts, today):
            return field
    return None


def _told(request: Request, progress: Progress, field: Field) -> Response:
    """Why: the register is away, they are too young, or there is nobody they may act for."""
    source = source_of(field)
    if progress.draft.household is None and source is not Source.SELF:
        return _without_register(request, progress)
    citizen = chosen_person(SELF, progress.facts)
    limit = field.settings.get("self_from_age")
    too_young = (
        citizen is not None
        and isinstance(limit, int)
        and citizen.person.age_on(request.journey.today) < limit
    )
    name = "too_young" if too_young else _NOBODY.get(source, "nobody")
    return notice_page(request, name, status=403, solution=progress.solution, age=limit)


_NOBODY = {
    Source.HOUSEHOLD: "nobody_here",
    Source.HOUSEHOLD_CHILDREN: "no_child_here",
    Source.CUSTODY: "no_child",
}
"""What is told where nobody can be chosen, by who could be."""


def _without_register(request: Request, progress: Progress) -> Response:
    """503: try again, which asks the register anew, or take the other way in."""
    solution = progress.solution
    again = request.route_path("intro", solution=solution.name)
    return notice_page(
        request,
        "register_needed",
        status=503,
        actions=[(again, request.texts.t("common.try_again")), *front_page(request)],
        solution=solution,
        alternative=solution.text("alternative", request.locale),
    )
