"""Finding a submission by receipt number or enquiry code.

What is searched for is sent by POST and never stands in an address: a hurried
hand may type a CPR number.
"""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.delivery.finding import Standing, find
from selvbetjening_core.errors import NotFound
from selvbetjening_core.values import StaffRole
from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.policy import OPERATOR
from selvbetjening_core.web.staff.looking import note_look
from selvbetjening_core.web.staff.overview import show_overview
from selvbetjening_core.web.staff.place import STAFF_PATH
from selvbetjening_core.web.staff.sessions import staff_of
from selvbetjening_core.web.staff.shaping import Cell, Shown, sibling_heads, siblings


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("staff-find", f"{STAFF_PATH}/find")
    config.add_view(search, route_name="staff-find", request_method="POST", permission=OPERATOR)
    config.add_route("staff-submission", f"{STAFF_PATH}/henvendelse/{{submission}}")
    config.add_view(
        submission, route_name="staff-submission", request_method="GET", permission=OPERATOR
    )


def search(request: Request) -> Response:
    """On to the submission; or the overview, saying what is known instead."""
    written = dict(request.form).get("number", "").strip()
    context = request.journey
    shown = Shown(request, context.now())
    if not written:
        return show_overview(request, error=shown.t("staff.find.empty"))
    with context.store.transaction(context.code) as work:
        found = find(work, written)
        subject = found.submissions[0].id if found.submissions else "search"
        # What was searched for is left out: a hurried hand may have typed a CPR number.
        note_look(request, work, "searched", subject, found.standing)
    if found.standing is not Standing.FOUND:
        return show_overview(request, found_nothing=shown.t(f"staff.find.{found.standing}"))
    url = request.route_path("staff-submission", submission=found.submissions[0].id)
    return HTTPSeeOther(url)


def submission(request: Request) -> Response:
    """What is told of a submission without opening it, and where it goes.

    :raises NotFound: there is none
    """
    context = request.journey
    with context.store.transaction(context.code) as work:
        head = work.submissions.head(request.matchdict["submission"])
        if head is None:
            raise NotFound("no such submission")
        deliveries = work.deliveries.of_submission(head.id)
        note_look(request, work, "submission-seen", head.id)
        shown = Shown(request, work.now())
    values = {
        "back_url": request.route_path("staff"),
        "log_url": _log_url(request, head.id),
        "rows": [
            (shown.t("staff.delivery.number"), Cell(head.receipt_number)),
            (shown.t("staff.delivery.code"), Cell(head.enquiry_code)),
            (shown.t("staff.delivery.solution"), Cell(shown.solution(head.solution))),
            (shown.t("staff.delivery.received"), shown.when(head.received_at)),
        ],
        "sibling_heads": sibling_heads(shown),
        "siblings": siblings(shown, deliveries),
    }
    title = shown.t("staff.submission.title", number=head.receipt_number)
    return show(request, Page("staff_submission.html", title, values))


def _log_url(request: Request, submission_id: str) -> str:
    """Where those who may see it find who has seen the submission; empty for others."""
    if not staff_of(request).may(StaffRole.AUDITOR):
        return ""
    return str(request.route_path("staff-audit", submission=submission_id))
