"""The questions, one step a page."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import Conflict, NotFound
from selvbetjening_core.forms.kinds.lookup import LOOKED_UP_FACT
from selvbetjening_core.interfaces import ICompiledStep
from selvbetjening_core.journey.drafts import Overtaken, save_answers
from selvbetjening_core.journey.lookups import looked_up, looks_up
from selvbetjening_core.journey.overtaken import differences, is_unreadable
from selvbetjening_core.journey.progress import Progress
from selvbetjening_core.values import FormState, Submitted
from selvbetjening_core.web.address import progress_url, saved_url, step_url, summary_url
from selvbetjening_core.web.draft import open_progress
from selvbetjening_core.web.going import see_other
from selvbetjening_core.web.nobody import nobody_to_choose
from selvbetjening_core.web.pages import Looks, show
from selvbetjening_core.web.policy import CITIZEN, LevelOf
from selvbetjening_core.web.step_page import (
    BUTTON,
    LEAVE,
    RETURN,
    SAVED,
    following,
    form_problem,
    is_overtaken,
    step_page,
    takes_files,
    times_saved,
)
from selvbetjening_core.web.views.saved import code_page
from selvbetjening_core.web.views.step_files import act_on_files

if TYPE_CHECKING:
    from selvbetjening_core.definitions.model import Step

_MOST_OVERTAKEN = 10
"""How many windows may save the same step in the time of one look, and nobody is told."""


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("step", "/{solution}/trin/{step}")
    of_draft = {"route_name": "step", "permission": CITIZEN, "level": LevelOf.STEP}
    config.add_view(show_step, request_method="GET", **of_draft)
    config.add_view(answer_step, request_method="POST", takes_files=True, **of_draft)


def show_step(request: Request) -> Response:
    """The step with the answers so far. One that cannot be reached yet leads back."""
    progress = open_progress(request, request.matchdict["step"])
    step = progress.step(request.matchdict["step"])
    if step is None and progress.solution.step(request.matchdict["step"]) is None:
        raise NotFound("no such step")
    if step is None or not progress.reachable(step):
        return see_other(progress_url(request, progress))
    state = FormState(
        values=progress.draft.answers, facts=progress.facts, today=request.journey.today
    )
    return _page(request, progress, step, state)


def answer_step(request: Request) -> Response:
    """Keep the answers and go on, or show what is wrong, or what another window has saved.

    Or do what a button of the page asks for: then everything typed is kept as it is.

    :raises Conflict: the form belongs to another draft or version, or an
        earlier step lacks an answer
    """
    refused = _with_files_taken_in(request)
    found = _looked_up(request)
    for _ in range(_MOST_OVERTAKEN):
        # Saved in another window between the look and the save: then it is seen.
        with contextlib.suppress(Overtaken):
            return _answered(request, refused, found)
    return _answered(request, refused, found)


def _with_files_taken_in(request: Request) -> dict[str, str]:
    """Take in what was sent along. What is wrong with it, by field."""
    progress, step = _asked(request)
    return act_on_files(request, progress, step) if takes_files(step) else {}


def _looked_up(request: Request) -> dict[str, object]:
    """The facts of what was found for what was typed."""
    progress, step = _asked(request)
    if not looks_up(step):
        return {}
    # Of two values the first counts.
    sent = dict(reversed(request.form))
    found = looked_up(
        request.journey,
        progress.solution.name,
        step,
        progress.draft.answers,
        sent,
        sent.get(BUTTON, ""),
        request.locale,
    )
    return {LOOKED_UP_FACT: found}


def _answered(request: Request, refused: dict[str, str], found: dict[str, object]) -> Response:
    progress, step = _asked(request)
    sent, compiled = dict(request.form), _compiled(request, progress, step)
    facts = {**progress.facts, **found}
    submitted = Submitted(request.form, request.journey.today, facts, progress.draft.answers)
    if BUTTON in sent:
        pressed = _pressed(compiled, submitted, sent[BUTTON])
        pressed = dataclasses.replace(pressed, errors=refused)
        # Nobody was told of another window: what its page has not seen, this one has not.
        return _page(request, progress, step, pressed, seen=sent.get(SAVED, ""))
    state = compiled.read(submitted)
    state = dataclasses.replace(state, errors={**state.errors, **refused})
    if is_overtaken(sent, progress, step):
        told = differences(request.journey, progress, step, state)
        if told:
            return _page(request, progress, step, state, overtaken=told)
    if LEAVE in sent:
        return _left(request, progress, step, state, refused)
    if state.errors:
        return _page(request, progress, step, state)
    _save(request, progress, step, state)
    return see_other(_after(request, step))


def _pressed(compiled: ICompiledStep, submitted: Submitted, button: str) -> FormState:
    """What the page holds after a button; all that was typed, where no form answers to it.

    A form component of before the buttons has none, but one that uploads is of the page.
    """
    press = getattr(compiled, "press", None)
    found: FormState = press(submitted, button) if press else compiled.read(submitted)
    return found


def _asked(request: Request) -> tuple[Progress, Step]:
    """The step whose form was sent.

    :raises Conflict: as :func:`answer_step`
    """
    progress = open_progress(request, request.matchdict["step"])
    step = progress.step(request.matchdict["step"])
    if step is None or not progress.reachable(step):
        raise Conflict("missing_step")
    problem = form_problem(dict(request.form), progress)
    if problem:
        raise Conflict(problem)
    return progress, step


def _left(
    request: Request, progress: Progress, step: Step, state: FormState, refused: Mapping[str, str]
) -> Response:
    """Save what can be saved, and leave; or tell what cannot. Nothing has to be answered.

    :param refused: what is wrong with files that were sent along
    """
    _save(request, progress, step, state)
    unread = {name: told for name, told in state.errors.items() if is_unreadable(state, name)}
    wrong = {**unread, **refused}
    if not wrong:
        if not progress.solution.needs_login:
            return code_page(request, progress)
        return see_other(saved_url(request, progress.solution.name))
    left = dataclasses.replace(state, errors=wrong)
    return _page(request, open_progress(request, step.name), step, left, is_left=True)


def _save(request: Request, progress: Progress, step: Step, state: FormState) -> None:
    values = {**state.set_aside, **state.values}
    save_answers(request.journey, progress.draft, step, values, times_saved(progress, step))


def _after(request: Request, step: Step) -> str:
    progress = open_progress(request, step.name)
    name = progress.solution.name
    next_step = following(progress, step, returns=RETURN in request.GET)
    return step_url(request, name, next_step.name) if next_step else summary_url(request, name)


def _page(
    request: Request, progress: Progress, step: Step, state: FormState, **told: Any
) -> Response:
    """The step's page; ``told`` as in :func:`~selvbetjening_core.web.step_page.step_page`."""
    nobody = nobody_to_choose(request, progress, step)
    if nobody is not None:
        return nobody
    rendered = _compiled(request, progress, step).render(state)
    return show(request, step_page(request, progress, step, rendered, **told))


def _compiled(request: Request, progress: Progress, step: Step) -> ICompiledStep:
    looks: Looks = request.registry.looks
    return looks.step(request.municipality, progress.solution, step, request.locale)
