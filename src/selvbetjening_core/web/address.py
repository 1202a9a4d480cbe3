"""Addresses that are handed to others, and where a draft goes on."""

from __future__ import annotations

from pyramid.request import Request

from selvbetjening_core.journey.payments import PaymentAddresses
from selvbetjening_core.journey.progress import Progress, progress_of
from selvbetjening_core.journey.records import Draft, DraftState
from selvbetjening_core.values import Guest
from selvbetjening_core.web.tenancy import mount_path
from selvbetjening_core.web.without_login import is_without_login


def site_url(request: Request) -> str:
    """The municipality's address here: host and prefix, no language, no slash at the end."""
    return f"{request.host_url}{mount_path(request)}"


def message_url(request: Request, component: str) -> str:
    """Where an outside system sends its messages to one component."""
    return f"{site_url(request)}/-/messages/{component}"


def payment_addresses(request: Request) -> PaymentAddresses:
    """Where a payment provider sends the browser and its messages."""
    return PaymentAddresses(
        return_url=lambda payment_id: _return_url(request, payment_id),
        message_url=lambda component: message_url(request, component),
    )


def _return_url(request: Request, payment_id: str) -> str:
    if is_without_login(request):
        solution = request.matchdict["solution"]
        return str(request.route_url("guest-payment-return", solution=solution, payment=payment_id))
    return str(request.route_url("payment-return", payment=payment_id))


def next_url(request: Request, draft: Draft) -> str:
    """Where the citizen goes on.

    The first question without an answer, the summary, the payment, or the receipt.
    """
    if draft.state is DraftState.SUBMITTED:
        return receipt_url(request, draft.solution, draft.submission_id)
    if draft.state is DraftState.PAYING:
        return str(request.route_path("payment", solution=draft.solution))
    return progress_url(request, progress_of(request.journey, draft))


def progress_url(request: Request, progress: Progress) -> str:
    """The first step that lacks an answer, or the summary."""
    step = progress.first_missing_step()
    if step is None:
        return summary_url(request, progress.solution.name)
    return step_url(request, progress.solution.name, step.name)


def sent_url(request: Request, solution: str) -> str:
    """Where one who has just sent is shown the receipt."""
    return str(request.route_path("sent", solution=solution))


def saved_url(request: Request, solution: str) -> str:
    """The page that tells how long the draft is kept, and how to come back."""
    return str(request.route_path("saved", solution=solution))


def step_url(request: Request, solution: str, step: str) -> str:
    """A step's page."""
    return str(request.route_path("step", solution=solution, step=step))


def summary_url(request: Request, solution: str) -> str:
    """The summary's page."""
    return str(request.route_path("summary", solution=solution))


def receipt_url(request: Request, solution: str, submission_id: str) -> str:
    """The receipt's page, of a case that is whose the request is."""
    return _of_case(request, "receipt", solution, submission_id)


def receipt_status_url(request: Request, solution: str, submission_id: str) -> str:
    """The page that tells how far it has come."""
    return _of_case(request, "receipt-status", solution, submission_id)


def receipt_document_url(request: Request, solution: str, submission_id: str) -> str:
    """The receipt as a document."""
    return _of_case(request, "receipt-document", solution, submission_id)


def resume_url(request: Request, solution: str) -> str:
    """Where a guest enters a resume code."""
    return str(request.route_path("resume", solution=solution))


def _of_case(request: Request, route: str, solution: str, submission_id: str) -> str:
    """By whose it is, who is the one that asks: the solution may have got a level since."""
    if isinstance(request.identity, Guest):
        return str(
            request.route_path(f"guest-{route}", solution=solution, submission=submission_id)
        )
    return str(request.route_path(route, submission=submission_id))
