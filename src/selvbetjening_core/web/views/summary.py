"""The summary: every answer with a way to change it, and the button that counts."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.journey.case import shown_of
from selvbetjening_core.journey.payments import begin_payment
from selvbetjening_core.journey.progress import Progress
from selvbetjening_core.journey.records import DraftState
from selvbetjening_core.journey.submit import Acceptance, submit_free
from selvbetjening_core.texts.formats import amount
from selvbetjening_core.values import AnswerGroup
from selvbetjening_core.web.address import (
    next_url,
    payment_addresses,
    progress_url,
    receipt_url,
    step_url,
)
from selvbetjening_core.web.answer_rows import answer_rows
from selvbetjening_core.web.draft import open_progress, posted_draft
from selvbetjening_core.web.leaving import send_away
from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.parties import party_rows
from selvbetjening_core.web.policy import CITIZEN, LevelOf, citizen


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("summary", "/{solution}/opsummering")
    of_draft = {"route_name": "summary", "permission": CITIZEN}
    config.add_view(show_summary, request_method="GET", level=LevelOf.ANSWERS, **of_draft)
    config.add_view(accept, request_method="POST", level=LevelOf.SENDING, **of_draft)


def show_summary(request: Request) -> Response:
    """Everything as it will be sent. While something is missing, it leads there."""
    progress = open_progress(request)
    if not progress.is_complete:
        return HTTPSeeOther(progress_url(request, progress))
    shown = shown_of(request.journey, progress)
    solution = progress.solution
    values = {
        "groups": [_group(request, solution.name, group) for group in shown.groups],
        "parties": party_rows(shown.parties, request.texts),
        "price_text": shown.price_text or request.texts.t("payment.price"),
        "price_amount": amount(shown.amount, request.locale),
        "pays": shown.amount.ore > 0,
        "action_url": request.path,
        "hidden": [
            ("draft", progress.draft.id),
            ("seen", shown.fingerprint()),
            ("seen_ore", str(shown.amount.ore)),
        ],
        "back_url": step_url(request, solution.name, progress.steps[-1].name),
        "notice": _notice(request, progress),
    }
    return show(request, Page("summary.html", request.texts.t("summary.title"), values, solution))


def accept(request: Request) -> Response:
    """The citizen accepts: pay, or SUBMIT at once where it is free."""
    sent = dict(request.form)
    draft = posted_draft(request)
    if draft.state is not DraftState.OPEN:
        # A second click: on to what the first one led to.
        return HTTPSeeOther(next_url(request, draft))
    acceptance = Acceptance(
        draft_id=draft.id,
        identity=citizen(request),
        seen=sent.get("seen", ""),
        seen_ore=sent.get("seen_ore", ""),
        locale=request.locale,
    )
    if acceptance.seen_ore == "0":
        submission_id = submit_free(request.journey, acceptance)
        return HTTPSeeOther(receipt_url(request, draft.solution, submission_id))
    try:
        challenge = begin_payment(request.journey, acceptance, payment_addresses(request))
        return send_away(request, challenge, draft.solution)
    except Unavailable:
        return HTTPSeeOther(request.route_path("payment", solution=draft.solution))


def _group(
    request: Request, solution: str, group: AnswerGroup
) -> tuple[str, str, list[tuple[str, str, str]]]:
    rows = answer_rows(group, request.texts, request.locale)
    # "ret" (correct): after this one change the citizen comes back here.
    return group.title, f"{step_url(request, solution, group.step)}?ret", rows


def _notice(request: Request, progress: Progress) -> str:
    if progress.solution.needs_login and progress.draft.household is None:
        return str(request.texts.t("notice.register_unavailable.what"))
    return ""
