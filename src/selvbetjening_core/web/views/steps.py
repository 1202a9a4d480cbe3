"""The questions, one step a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import Conflict, NotFound
from selvbetjening_core.interfaces import ICompiledStep
from selvbetjening_core.journey.drafts import save_answers
from selvbetjening_core.journey.progress import Progress
from selvbetjening_core.values import FormState, Submitted
from selvbetjening_core.web.address import progress_url, step_url, summary_url
from selvbetjening_core.web.draft import open_progress
from selvbetjening_core.web.nobody import nobody_to_choose
from selvbetjening_core.web.pages import Looks, Page, show
from selvbetjening_core.web.policy import CITIZEN, LevelOf

if TYPE_CHECKING:
    from selvbetjening_core.definitions.model import Step

_RETURN = "ret"
"""In the query: the step was opened from the summary, and leads back there."""


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("step", "/{solution}/trin/{step}")
    of_draft = {"route_name": "step", "permission": CITIZEN, "level": LevelOf.SOLUTION}
    config.add_view(show_step, request_method="GET", **of_draft)
    config.add_view(answer_step, request_method="POST", **of_draft)


def show_step(request: Request) -> Response:
    """The step with the answers so far. One that cannot be reached yet leads back."""
    progress = open_progress(request)
    step = progress.step(request.matchdict["step"])
    if step is None and progress.solution.step(request.matchdict["step"]) is None:
        raise NotFound("no such step")
    if step is None or not progress.reachable(step):
        return HTTPSeeOther(progress_url(request, progress))
    state = FormState(
        values=progress.draft.answers, facts=progress.facts, today=request.journey.today
    )
    return _page(request, progress, step, state)


def answer_step(request: Request) -> Response:
    """Keep the answers and go on, or show what is wrong.

    :raises Conflict: the form belongs to another draft or version, or an
        earlier step lacks an answer
    """
    progress = open_progress(request)
    step = progress.step(request.matchdict["step"])
    if step is None or not progress.reachable(step):
        raise Conflict("missing_step")
    _check_form(request, progress)
    compiled = _compiled(request, progress, step)
    state = compiled.read(Submitted(request.form, request.journey.today, progress.facts))
    if state.errors:
        return _page(request, progress, step, state)
    save_answers(request.journey, progress.draft.id, step, state.values)
    return HTTPSeeOther(_after(request, step))


def _check_form(request: Request, progress: Progress) -> None:
    sent = dict(request.form)
    if sent.get("version") != progress.solution.version:
        raise Conflict("changed_solution")
    if sent.get("draft") != progress.draft.id:
        raise Conflict("already_submitted")


def _after(request: Request, step: Step) -> str:
    progress = open_progress(request)
    if progress.is_complete and _RETURN in request.GET:
        return summary_url(request, progress.solution.name)
    here = progress.step(step.name)
    following = progress.after(here) if here is not None else None
    if following is None or not progress.reachable(following):
        return progress_url(request, progress)
    return step_url(request, progress.solution.name, following.name)


def _action_url(request: Request) -> str:
    """The page's own address. Of its query, what :func:`_after` reads is kept, and no more."""
    return f"{request.path}?{_RETURN}" if _RETURN in request.GET else request.path


def _page(request: Request, progress: Progress, step: Step, state: FormState) -> Response:
    nobody = nobody_to_choose(request, progress, step)
    if nobody is not None:
        return nobody
    rendered = _compiled(request, progress, step).render(state)
    solution, locale = progress.solution, request.locale
    before = progress.before(step)
    title = step.title.in_language(locale)
    values = {
        "step_title": title,
        "lead": _lead(request, progress, step),
        "position": progress.position(step),
        "total": len(progress.steps) + 1,
        "fields": Markup(rendered.html),  # noqa: S704 - finished by the form component
        "error_links": rendered.error_links,
        "action_url": _action_url(request),
        "hidden": [("version", solution.version), ("draft", progress.draft.id)],
        "back_url": step_url(request, solution.name, before.name)
        if before
        else request.route_path("intro", solution=solution.name),
    }
    if rendered.error_links:
        title = request.texts.t("step.title_error", title=title)
    return show(request, Page("step.html", title, values, solution))


def _lead(request: Request, progress: Progress, step: Step) -> str:
    """The step's own lead; where people are missing because the register is, that."""
    asks_for_people = any(field.kind == "person" for field in step.fields)
    if asks_for_people and progress.draft.household is None:
        return " ".join(request.texts.notice("register_unavailable").paragraphs)
    return step.lead.in_language(request.locale) if step.lead else ""


def _compiled(request: Request, progress: Progress, step: Step) -> ICompiledStep:
    looks: Looks = request.registry.looks
    return looks.step(request.municipality, progress.solution, step, request.locale)
