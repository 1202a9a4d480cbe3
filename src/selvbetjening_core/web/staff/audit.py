"""Who saw or changed what about a submission: for those of the staff who watch over it."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.delivery.history import history
from selvbetjening_core.errors import NotFound
from selvbetjening_core.journey.audit import AuditPurpose
from selvbetjening_core.journey.records import AuditLine
from selvbetjening_core.values import Basis
from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.policy import AUDITOR
from selvbetjening_core.web.staff.looking import note_look
from selvbetjening_core.web.staff.place import STAFF_PATH
from selvbetjening_core.web.staff.shaping import Cell, Shown

_HEADS = (
    "staff.audit.when",
    "staff.audit.actor",
    "staff.audit.way",
    "staff.audit.event",
    "staff.audit.detail",
    "staff.audit.purpose",
)


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("staff-audit", f"{STAFF_PATH}/henvendelse/{{submission}}/log")
    config.add_view(log, route_name="staff-audit", request_method="GET", permission=AUDITOR)


def log(request: Request) -> Response:
    """Every line about it, the newest first. Looking at this is one, too.

    :raises NotFound: there is no such submission
    """
    context = request.journey
    with context.store.transaction(context.code) as work:
        head = work.submissions.head(request.matchdict["submission"])
        if head is None:
            raise NotFound("no such submission")
        note_look(request, work, "audit-seen", head.id, purpose=AuditPurpose.OVERSIGHT)
        lines = history(work, head.id)
        shown = Shown(request, work.now())
    values = {
        "back_url": request.route_path("staff-submission", submission=head.id),
        "heads": [shown.t(key) for key in _HEADS],
        "lines": [_line(shown, line) for line in reversed(lines)],
    }
    title = shown.t("staff.audit.title", number=head.receipt_number)
    return show(request, Page("staff_audit.html", title, values))


def _line(shown: Shown, line: AuditLine) -> tuple[Cell, ...]:
    when, actor, event, detail = shown.audit(line)
    way = Cell(shown.t(f"staff.audit.way_{line.way or 'application'}"))
    return when, actor, way, event, detail, Cell(_purpose(shown, line.purpose))


def _purpose(shown: Shown, kept: str) -> str:
    """In words; a solution goes by its id."""
    if kept in {*AuditPurpose}:
        return shown.t(f"staff.audit.purpose_{AuditPurpose(kept).name.lower()}")
    if kept in {*Basis}:
        return shown.t(f"parties.basis_{kept}")
    return kept or "-"
