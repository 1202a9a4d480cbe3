"""While a payment is under way, and when the browser comes back from it."""

from __future__ import annotations

import contextlib

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import ComponentMissing, Conflict, NotFound, Unavailable
from selvbetjening_core.journey.drafts import owned
from selvbetjening_core.journey.payments import (
    continue_payment,
    draft_of,
    give_up,
    payment_of,
    settle,
)
from selvbetjening_core.journey.records import (
    Draft,
    DraftState,
    PaymentOutcome,
    PaymentRecord,
)
from selvbetjening_core.texts.formats import amount
from selvbetjening_core.values import AssuranceLevel, Guest, PaymentStatus
from selvbetjening_core.web.address import next_url, resume_url
from selvbetjening_core.web.draft import current_draft, posted_draft
from selvbetjening_core.web.leaving import send_away
from selvbetjening_core.web.pages import Page, front_page, notice_page, show
from selvbetjening_core.web.policy import CITIZEN, PUBLIC, LevelOf, citizen, citizen_at
from selvbetjening_core.web.without_login import is_without_login

Action = tuple[str, str, bool, list[tuple[str, str]]]

_NOTICES = {
    PaymentStatus.INTENDED: "payment_unavailable",
    PaymentStatus.PENDING: "payment_pending",
    PaymentStatus.DECLINED: "payment_declined",
    PaymentStatus.CANCELLED: "payment_cancelled",
}
_NOTICES_BY_OUTCOME = {
    PaymentOutcome.STRAY: "payment_late",
    PaymentOutcome.DISPUTED: "payment_disputed",
}


def includeme(config: Configurator) -> None:
    """Add the routes. Anybody may come back from a provider: nothing is shown to them.

    A guest comes back to an address that names the solution, so that they are known.
    """
    config.add_route("payment-return", "/-/payment/{payment}")
    config.add_view(
        come_back,
        route_name="payment-return",
        request_method="GET",
        permission=PUBLIC,
        session=True,
    )
    config.add_route("guest-payment-return", "/{solution}/betaling/{payment}")
    config.add_view(
        guest_come_back,
        route_name="guest-payment-return",
        request_method="GET",
        permission=PUBLIC,
        session=True,
    )
    config.add_route("payment", "/{solution}/betaling")
    of_draft = {"route_name": "payment", "permission": CITIZEN}
    config.add_view(show_payment, request_method="GET", level=LevelOf.SOLUTION, **of_draft)
    config.add_view(act, request_method="POST", level=LevelOf.PAYING, **of_draft)


def come_back(request: Request) -> Response:
    """The browser is back: ask the provider, then say where things stand.

    A way in for the provider, like a message: that it changes something is no
    more than the provider's own answer does, and it does so once.
    """
    payment = settle(request.journey, request.matchdict["payment"])
    if request.identity is None:
        found = draft_of(request.journey, payment.id)
        actions = _log_in(request, found.solution) if found else []
        return notice_page(request, "payment_seen", actions=actions)
    return _back(request, payment)


def _back(request: Request, payment: PaymentRecord) -> Response:
    """:raises NotFound: it is another citizen's"""
    draft = owned(request.journey, citizen(request), payment.draft_id)
    citizen_at(request, _level(request, draft))
    if draft.payment_id == payment.id:
        return HTTPSeeOther(next_url(request, draft))
    return _page(request, draft, payment, [_go_on(request, draft)])


def guest_come_back(request: Request) -> Response:
    """As :func:`come_back`, of a guest, who may have gone on in another browser meanwhile.

    Or the solution has got a level since: they are told all the same what became of it.

    :raises NotFound: it is no guest's payment in this solution
    """
    payment_id = request.matchdict["payment"]
    draft = draft_of(request.journey, payment_id)
    if draft is not None and not _is_guests(request, draft):
        raise NotFound("not a guest's payment in this solution")
    payment = settle(request.journey, payment_id)
    if isinstance(request.identity, Guest):
        with contextlib.suppress(NotFound):
            return _back(request, payment)
    return _seen_by_guest(request)


def _is_guests(request: Request, draft: Draft) -> bool:
    here = draft.solution == request.matchdict["solution"]
    return here and isinstance(draft.identity, Guest)


def show_payment(request: Request) -> Response:
    """A payment under way: what is known, and what can be done."""
    draft = current_draft(request)
    payment = payment_of(request.journey, draft)
    if draft.state is not DraftState.PAYING or payment is None:
        return HTTPSeeOther(next_url(request, draft))
    if payment.outcome is PaymentOutcome.SUBMITTED:
        # A message came between the two readings: the draft has been sent.
        return HTTPSeeOther(next_url(request, owned(request.journey, citizen(request), draft.id)))
    return _page(request, draft, payment, _actions(request, draft, payment))


def act(request: Request) -> Response:
    """Ask again, go on paying, or give up and change the answers."""
    draft = posted_draft(request)
    if draft.state is not DraftState.PAYING:
        return HTTPSeeOther(next_url(request, draft))
    try:
        return _acted(request, draft, dict(request.form).get("action", ""))
    except (ComponentMissing, Unavailable):
        return notice_page(
            request, "payment_no_answer", status=503, actions=[_here(request, draft)]
        )


def _level(request: Request, draft: Draft) -> AssuranceLevel | None:
    """That of the solution; what the draft was made with where it is offered no more.

    Or where it has no level by now, and had one when the citizen logged in.
    """
    if isinstance(draft.identity, Guest):
        return None
    offered = request.municipality.solutions.get(draft.solution)
    asked: AssuranceLevel | None = offered.solution.level if offered else None
    return asked or draft.identity.level


def _seen_by_guest(request: Request) -> Response:
    """For a guest whose answers are not open in this browser any more."""
    actions = front_page(request)
    if is_without_login(request):
        solution = request.matchdict["solution"]
        actions = [(resume_url(request, solution), request.texts.t("resume.title"))]
    return notice_page(request, "payment_seen_guest", actions=actions)


def _acted(request: Request, draft: Draft, action: str) -> Response:
    if action == "continue":
        return send_away(request, continue_payment(request.journey, draft), draft.solution)
    if action == "give_up":
        give_up(request.journey, draft)
    elif action == "check":
        settle(request.journey, draft.payment_id)
    else:
        raise Conflict("stale_form")
    return HTTPSeeOther(next_url(request, owned(request.journey, citizen(request), draft.id)))


def _actions(request: Request, draft: Draft, payment: PaymentRecord) -> list[Action]:
    if payment.outcome is PaymentOutcome.DISPUTED:
        return []
    ways = {"continue": "payment.start"}
    if _provider_knows(payment):
        ways = {"check": "payment.check", "continue": "payment.resume"}
    ways["give_up"] = "payment.give_up"
    return [
        (
            request.route_path("payment", solution=draft.solution),
            request.texts.t(label),
            position == 0,
            [("draft", draft.id), ("action", way)],
        )
        for position, (way, label) in enumerate(ways.items())
    ]


def _page(
    request: Request, draft: Draft, payment: PaymentRecord, actions: list[Action]
) -> Response:
    notice = request.texts.notice(_notice(payment), reference=payment.reference)
    values = {
        "heading": notice.heading,
        "paragraphs": notice.paragraphs,
        "amount": amount(payment.amount, request.locale),
        "actions": actions,
    }
    solution = request.journey.offered(draft.solution).solution
    return show(request, Page("payment.html", notice.heading, values, solution))


def _provider_knows(payment: PaymentRecord) -> bool:
    """Was the citizen sent on, so that money may have been taken?"""
    begun = payment.status is PaymentStatus.INTENDED and payment.provider_reference != ""
    return begun or payment.status is PaymentStatus.PENDING


def _notice(payment: PaymentRecord) -> str:
    """The name of the text that says where the money is."""
    if payment.outcome is not PaymentOutcome.NONE:
        return _NOTICES_BY_OUTCOME[payment.outcome]
    return _NOTICES[PaymentStatus.PENDING if _provider_knows(payment) else payment.status]


def _log_in(request: Request, solution: str) -> list[tuple[str, str]]:
    """The way to the solution that was paid for, from where one can log in."""
    if solution not in request.municipality.solutions:
        return []
    return [(request.route_path("intro", solution=solution), request.texts.t("common.log_in"))]


def _go_on(request: Request, draft: Draft) -> Action:
    url = request.route_path("start", solution=draft.solution)
    return url, request.texts.t("payment.retry"), True, []


def _here(request: Request, draft: Draft) -> tuple[str, str]:
    url = request.route_path("payment", solution=draft.solution)
    return url, request.texts.t("common.try_again")
