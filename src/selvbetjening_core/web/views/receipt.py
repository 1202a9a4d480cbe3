"""The receipt, its document, and where each delivery stands."""

from __future__ import annotations

import datetime

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.errors import NotFound
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.documents import receipt_document
from selvbetjening_core.journey.records import Delivery, DeliveryState
from selvbetjening_core.journey.standing import Progress, Reached, Standing, standing_of
from selvbetjening_core.texts import Texts
from selvbetjening_core.texts.formats import amount, long_time
from selvbetjening_core.values import CaseSnapshot
from selvbetjening_core.web.address import (
    receipt_document_url,
    receipt_status_url,
    receipt_url,
)
from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.parties import party_rows
from selvbetjening_core.web.policy import CITIZEN, LevelOf, citizen, citizen_at

_TWO = 2


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("receipt", "/kvittering/{submission}")
    config.add_route("receipt-status", "/kvittering/{submission}/status")
    config.add_route("receipt-document", "/kvittering/{submission}/dokument")
    of_case = {"request_method": "GET", "permission": CITIZEN, "level": LevelOf.CASE}
    config.add_view(receipt, route_name="receipt", **of_case)
    config.add_view(status, route_name="receipt-status", **of_case)
    config.add_view(document, route_name="receipt-document", **of_case)


def add_for_guests(config: Configurator) -> None:
    """The same in a solution without login. After the addresses of all that is no solution."""
    config.add_route("guest-receipt", "/{solution}/kvittering/{submission}")
    config.add_route("guest-receipt-status", "/{solution}/kvittering/{submission}/status")
    config.add_route("guest-receipt-document", "/{solution}/kvittering/{submission}/dokument")
    of_guest = {"request_method": "GET", "permission": CITIZEN, "level": LevelOf.SOLUTION}
    config.add_view(receipt, route_name="guest-receipt", **of_guest)
    config.add_view(status, route_name="guest-receipt-status", **of_guest)
    config.add_view(document, route_name="guest-receipt-document", **of_guest)


def receipt(request: Request) -> Response:
    """The receipt, from what was committed."""
    case, progress = _owned(request)
    texts, locale = request.texts, request.locale
    values = {
        "receipt_number": case.receipt_number,
        "received_at": long_time(case.received_at, locale),
        "parties": party_rows(case.parties, texts),
        "groups": [
            (group.title, [(one.label, one.text, one.source) for one in group.answers])
            for group in case.groups
        ],
        "payment": _payment_rows(case, texts, locale),
        "after": case.texts.get("after", ""),
        "correct": case.texts.get("correct", ""),
        **_standing(case, progress, texts, locale),
        "deliveries": [row[:3] for row in _delivery_rows(progress, texts, locale)],
        "status_url": receipt_status_url(request, case.solution, case.submission_id),
        "document_url": receipt_document_url(request, case.solution, case.submission_id),
        "is_guest": case.parties.actor is None,
        "not_a_decision": texts.t("receipt.not_a_decision"),
    }
    title = texts.t("receipt.title")
    return show(request, Page("receipt.html", title, values, _solution(request, case)))


def status(request: Request) -> Response:
    """Where each delivery stands."""
    case, progress = _owned(request)
    texts, locale = request.texts, request.locale
    values = {
        "receipt_number": case.receipt_number,
        "received_at": long_time(case.received_at, locale),
        **_standing(case, progress, texts, locale),
        "deliveries": _delivery_rows(progress, texts, locale),
        "refresh_url": request.path,
        "receipt_url": receipt_url(request, case.solution, case.submission_id),
    }
    return show(
        request, Page("status.html", texts.t("status.title"), values, _solution(request, case))
    )


def document(request: Request) -> Response:
    """The receipt as a document to keep."""
    case, _ = _owned(request)
    found = receipt_document(request.municipality, case)
    response = Response(found.content, content_type=found.media_type)
    response.content_disposition = f'attachment; filename="{found.name}"'
    return response


def _owned(request: Request) -> tuple[CaseSnapshot, Progress]:
    """The case, if it is the citizen's own, and how far it has come.

    :raises NotFound: it is not, or does not exist; one cannot tell which
    """
    context, submission_id = request.journey, request.matchdict["submission"]
    with context.store.transaction(context.code) as work:
        case = work.submissions.owned(submission_id, citizen(request).owner)
        if case is None or not _is_its_address(request, case):
            raise NotFound("no such submission")
        progress = standing_of(work.deliveries, submission_id)
    citizen_at(request, case.parties.level)
    _note_look(request, case)
    return case, progress


def _is_its_address(request: Request, case: CaseSnapshot) -> bool:
    """A guest's names the solution, so that the guest is known; nobody else's does."""
    solution = request.matchdict.get("solution", "")
    expected: str = case.solution if case.parties.actor is None else ""
    return bool(solution == expected)


def _note_look(request: Request, case: CaseSnapshot) -> None:
    """Where one acts for another, both can ask afterwards who has looked.

    What is a citizen's own, or a guest's, is theirs to read: nobody keeps a list of it.
    """
    parties, context = case.parties, request.journey
    persons = tuple(dict.fromkeys(one.cpr for one in parties.persons()))
    if len(persons) < _TWO:
        return
    with context.store.transaction(context.code) as work:
        work.audit.add(
            "receipt-seen",
            case.submission_id,
            work.now(),
            "by the actor" if citizen(request).owner == persons[0] else "by the principal",
            way=AuditWay.CITIZEN,
            purpose=parties.basis,
            persons=persons,
        )


def _solution(request: Request, case: CaseSnapshot) -> Solution | None:
    offered = request.municipality.solutions.get(case.solution)
    return offered.solution if offered else None


def _payment_rows(case: CaseSnapshot, texts: Texts, locale: str) -> list[tuple[str, str]]:
    payment = case.payment
    rows = [(texts.t("payment.amount"), amount(payment.amount, locale))]
    if payment.text:
        rows.insert(0, (texts.t("payment.price"), payment.text))
    if payment.method:
        rows.append((texts.t("payment.method"), payment.method))
    if payment.provider_reference:
        rows.append((texts.t("payment.reference"), payment.provider_reference))
    if payment.paid_at is not None:
        rows.append((texts.t("payment.paid_at"), long_time(payment.paid_at, locale)))
    return rows


def _standing(
    case: CaseSnapshot, progress: Progress, texts: Texts, locale: str
) -> dict[str, object]:
    """The submission as a whole: one thing to say, and when it came how far."""
    if not progress.deliveries:
        return {"standing": [], "stages": []}
    what = texts.t(f"standing.{progress.standing}.what")
    todo = texts.t(f"standing.{progress.standing}.next")
    is_final = progress.standing is Standing.NOT_CARRIED_OUT
    open_stage = texts.t("standing.not_all" if is_final else "standing.not_yet")

    def when(moment: datetime.datetime | None) -> str:
        return long_time(moment, locale) if moment else open_stage

    return {
        "standing": [what, todo],
        "stages": [
            (texts.t("standing.received_at"), long_time(case.received_at, locale)),
            (texts.t("standing.delivered_at"), when(progress.delivered_at)),
            (texts.t("standing.accepted_at"), when(progress.accepted_at)),
            *_case_numbers(case, progress, texts),
        ],
    }


def _case_numbers(case: CaseSnapshot, progress: Progress, texts: Texts) -> list[tuple[str, str]]:
    """What receivers call the case themselves, where that is another number than ours."""
    return [
        (
            texts.t("standing.case_number", receiver=_destination(one.destination, texts)),
            one.remote_reference,
        )
        for one in (reached.delivery for reached in progress.deliveries)
        if one.remote_reference not in ("", case.receipt_number)
    ]


def _delivery_rows(
    progress: Progress, texts: Texts, locale: str
) -> list[tuple[str, str, str, str]]:
    return [_delivery_row(one, texts, locale) for one in progress.deliveries]


def _delivery_row(reached: Reached, texts: Texts, locale: str) -> tuple[str, str, str, str]:
    delivery = reached.delivery
    key = _state_key(delivery)
    return (
        _destination(delivery.destination, texts),
        texts.t(f"delivery.{key}"),
        long_time(delivery.changed_at, locale),
        texts.t(f"delivery.explanation.{key}"),
    )


def _state_key(delivery: Delivery) -> str:
    if delivery.state is DeliveryState.WAIVED:
        return f"waived_{delivery.waived_as}"
    return str(delivery.state)


def _destination(role: str, texts: Texts) -> str:
    key = f"destination.{role}"
    return texts.t(key if key in texts.by_key else "destination.other")
