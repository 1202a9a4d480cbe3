"""A step's page beside its fields, and where its form leads.

Written without the request where that can be: the front
(:mod:`selvbetjening_core.web.front`) and the views ask the same functions, so that
there is one rule for each thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from pyramid.request import Request

from selvbetjening_core.definitions.model import FILES, WITH_BUTTONS, Solution, Step
from selvbetjening_core.forms.control_parts import field_id
from selvbetjening_core.forms.kinds.household import PERSON_KINDS
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.help_codes import help_code
from selvbetjening_core.journey.overtaken import Difference
from selvbetjening_core.journey.progress import Progress
from selvbetjening_core.values import Rendered
from selvbetjening_core.web.address import saved_url, step_url
from selvbetjening_core.web.pages import Page

RETURN = "ret"
"""In the query: the step was opened from the summary, and leads back there."""
SAVED = "_saved"
"""Hidden in the form: how often the step had been saved when the page was made."""
LEAVE = "_leave"
"""The name of the button that saves what can be saved, and leaves."""
BUTTON = "do"
"""Name of the buttons that belong to a field: they keep what is typed, and do not go on."""
TEMPLATE = "step.html"


def form_problem(sent: Mapping[str, str], progress: Progress) -> str | None:
    """Why the form that was sent is not for this draft, as the name of a text; None: it is.

    :param sent: the form, by name
    """
    if sent.get("version") != progress.solution.version:
        return "changed_solution"
    if sent.get("draft") != progress.draft.id:
        return "already_submitted"
    return None


def hidden_inputs(progress: Progress, step: Step, seen: str | None = None) -> list[tuple[str, str]]:
    """What the form carries besides its token.

    That is what :func:`form_problem` and :func:`is_overtaken` look at.

    :param seen: as in :func:`step_page`
    """
    return [
        ("version", progress.solution.version),
        ("draft", progress.draft.id),
        (SAVED, str(times_saved(progress, step)) if seen is None else seen),
    ]


def times_saved(progress: Progress, step: Step) -> int:
    """How often ``step`` has been saved."""
    return progress.draft.saves.get(step.name, 0)


def is_overtaken(sent: Mapping[str, str], progress: Progress, step: Step) -> bool:
    """Has ``step`` been saved since the page was made? True as well where it does not tell."""
    return sent.get(SAVED) != str(times_saved(progress, step))


def is_plain(sent: Mapping[str, str], progress: Progress, step: Step) -> bool:
    """Is this the ordinary way on: »Next«, and nobody has saved the step meanwhile?"""
    return not {LEAVE, BUTTON} & sent.keys() and not is_overtaken(sent, progress, step)


def following(progress: Progress, step: Step, *, returns: bool) -> Step | None:
    """The step after ``step``, once it is answered; None: the summary.

    :param progress: with the answers of ``step``
    :param returns: the step was opened from the summary
    """
    if progress.is_complete and returns:
        return None
    here = progress.step(step.name)
    after = progress.after(here) if here is not None else None
    if after is None or not progress.reachable(after):
        return progress.first_missing_step()
    return after


def asks_for_people(step: Step) -> bool:
    """Is there a question on the step that is answered with a person?"""
    return any(field.kind in PERSON_KINDS for field in step.fields)


def takes_files(step: Step) -> bool:
    """Is any field of the step answered with files?"""
    return any(field.kind == FILES for field in step.fields)


def has_buttons(step: Step) -> bool:
    """Has any field of the step buttons of its own? Enter is to press none of them."""
    return any(field.kind in WITH_BUTTONS for field in step.fields)


def is_without_register(progress: Progress, step: Step) -> bool:
    """Are people missing on the step because the register of persons is?"""
    return progress.draft.household is None and asks_for_people(step)


def step_page(
    request: Request,
    progress: Progress,
    step: Step,
    rendered: Rendered,
    *,
    overtaken: Sequence[Difference] = (),
    is_left: bool = False,
    seen: str | None = None,
) -> Page:
    """The page of a step, with its fields as they are rendered.

    :param overtaken: the answers that differ from what another window has saved meanwhile
    :param is_left: all that could be saved is saved; what is wrong is not
    :param seen: how often the step had been saved when what stands in it was typed, as
        its page told, where a button of a field was pressed; None: as often as now
    """
    solution, locale = progress.solution, request.locale
    before = progress.before(step)
    title = step.title.in_language(locale)
    values: dict[str, object] = {
        "step_title": title,
        "lead": _lead(request, progress, step),
        "position": progress.position(step),
        "total": len(progress.steps) + 1,
        "fields": Markup(rendered.html),  # noqa: S704 - finished by the form component
        "error_links": rendered.error_links,
        "help_code": page_code(request.journey, solution, step, rendered, locale),
        "overtaken": [(one.label, one.here, one.saved) for one in overtaken],
        "leave_name": LEAVE,
        "leave_url": saved_url(request, solution.name) if is_left else "",
        "action_url": _action_url(request),
        "takes_files": takes_files(step),
        "has_buttons": has_buttons(step),
        "is_pressed": seen is not None,
        "hidden": hidden_inputs(progress, step, seen),
        "back_url": step_url(request, solution.name, before.name)
        if before
        else request.route_path("intro", solution=solution.name),
    }
    if rendered.error_links:
        title = request.texts.t("step.title_error", title=title)
    return Page(TEMPLATE, title, values, solution)


def page_code(
    context: JourneyContext, solution: Solution, step: Step, rendered: Rendered, locale: str
) -> str:
    """The code by which the hotline knows which page this is, and what is wrong there."""
    if not rendered.error_links:
        return help_code(solution, step, {})
    wrong = [(_field_of(target), message) for target, message in rendered.error_links]
    return help_code(solution, step, context.kinds, wrong, locale)


def _field_of(target: str) -> str:
    """The name of the field whose control has this id; a part's adds a hyphen and more."""
    return target.removeprefix(field_id("")).partition("-")[0]


def _action_url(request: Request) -> str:
    """The page's own address. Of its query, what tells where it leads is kept, and no more."""
    return f"{request.path}?{RETURN}" if RETURN in request.GET else request.path


def _lead(request: Request, progress: Progress, step: Step) -> str:
    """The step's own lead; where people are missing because the register is, that."""
    if is_without_register(progress, step):
        told = request.texts.notice("register_unavailable").paragraphs
        return " ".join((*told, progress.solution.text("alternative", request.locale))).strip()
    return step.lead.in_language(request.locale) if step.lead else ""
