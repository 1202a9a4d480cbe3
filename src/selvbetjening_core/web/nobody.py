"""For a citizen who can choose nobody: a page of its own, not an empty question."""

from __future__ import annotations

import datetime

from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.definitions.model import Field, Step
from selvbetjening_core.forms.facts import asked_now, visible_fields
from selvbetjening_core.forms.kinds.person import SELF, chosen_person, person_choices
from selvbetjening_core.journey.progress import Progress
from selvbetjening_core.web.pages import notice_page

_PERSON = "person"


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
        is_asked = field.kind == _PERSON and asked_now(field, progress.facts).required
        if is_asked and not person_choices(field, progress.facts, today):
            return field
    return None


def _told(request: Request, progress: Progress, field: Field) -> Response:
    """403, with the reason: too young, or nobody they may act for."""
    citizen = chosen_person(SELF, progress.facts)
    limit = field.settings.get("self_from_age")
    too_young = (
        citizen is not None
        and isinstance(limit, int)
        and citizen.age_on(request.journey.today) < limit
    )
    return notice_page(
        request,
        "too_young" if too_young else "nobody",
        status=403,
        solution=progress.solution,
        age=limit,
    )
