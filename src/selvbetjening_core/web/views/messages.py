"""The one route for messages from outside systems.

Identity providers send the browser here with their answer; payment providers and
receivers send their messages. Which component a message is for is in the address;
what it means is the component's to read and the core's to judge.
"""

from __future__ import annotations

import logging
import re
from typing import TypeVar

from pyramid.config import Configurator
from pyramid.httpexceptions import (
    HTTPBadRequest,
    HTTPNotFound,
    HTTPSeeOther,
)
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.delivery.inbox import own_keys
from selvbetjening_core.errors import ComponentMissing, StoreUnavailable, Unavailable
from selvbetjening_core.interfaces import IIdentity, IMessages, IPayment
from selvbetjening_core.journey.judging import RefusedLogin
from selvbetjening_core.journey.login import complete_login
from selvbetjening_core.journey.payments import settle
from selvbetjening_core.journey.staff_login import staff_component
from selvbetjening_core.values import Message, Reply
from selvbetjening_core.web.address import message_url
from selvbetjening_core.web.begin import start_url
from selvbetjening_core.web.limits.nesting import TooDeep, check_depth
from selvbetjening_core.web.limits.sizes import size_limits
from selvbetjening_core.web.pages import notice_page
from selvbetjening_core.web.policy import PUBLIC
from selvbetjening_core.web.relay import is_sent_across, relayed
from selvbetjening_core.web.security import read_body
from selvbetjening_core.web.sessions import login_token, session_token, set_session
from selvbetjening_core.web.staff.login import come_back
from selvbetjening_core.web.tenancy import switch_language
from selvbetjening_core.web.told_to_log_out import logged_out_as_told

T = TypeVar("T")

log = logging.getLogger(__name__)

_METHODS = ("GET", "POST")
_RETRY_SECONDS = "30"
_CONTENT_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+", re.ASCII)
_STATUS = {"login_cancelled": 200, "login_unavailable": 503}


def includeme(config: Configurator) -> None:
    """Add the route. Outside systems have neither our session nor our forms."""
    config.add_route("message", "/-/messages/{component}")
    config.add_view(
        receive,
        route_name="message",
        request_method=_METHODS,
        permission=PUBLIC,
        from_outside=True,
    )


def receive(request: Request) -> Response:
    """Hand the message to the component it is for."""
    if request.municipality is None:
        raise HTTPNotFound
    name = request.matchdict["component"]
    if _find(request, IIdentity, name) is not None:
        return _of_login(request, name)
    component = _find(request, IPayment, name) or request.municipality.beside(IMessages, name)
    if component is None:
        raise HTTPNotFound
    return _notice(request, name, component)


def _find(request: Request, contract: type[T], name: str) -> T | None:
    try:
        found: T = request.municipality.named(contract, name)
    except ComponentMissing:
        return None
    return found


def _of_login(request: Request, name: str) -> Response:
    """What an identity provider sends: that somebody has logged out, or an answer to us."""
    if request.method == "HEAD":
        # A look ahead by some program on the way must not use up the login.
        return Response()
    message = _message(request, name)
    is_staff = name == staff_component(request.journey)
    told = logged_out_as_told(request, name, message, is_staff=is_staff)
    if told is not None:
        return told
    if is_sent_across(request, is_staff=is_staff):
        return relayed(request, message)
    return come_back(request, message) if is_staff else _log_in(request, name, message)


def _log_in(request: Request, name: str, message: Message) -> Response:
    outcome = complete_login(
        request.journey, name, message, login_token(request), session_token(request)
    )
    if isinstance(outcome, RefusedLogin):
        return _refused(request, outcome)
    switch_language(request, outcome.locale)
    url = start_url(request, outcome.identity, outcome.solution)
    response = HTTPSeeOther(url)
    set_session(request, response, outcome.token)
    return response


def _refused(request: Request, outcome: RefusedLogin) -> Response:
    switch_language(request, outcome.locale or request.locale)
    offered = request.municipality.solutions.get(outcome.solution)
    actions = None
    if offered is not None:
        url = request.route_path("intro", solution=outcome.solution)
        actions = [(url, request.texts.t("common.try_again"))]
    return notice_page(
        request,
        outcome.reason,
        status=_STATUS.get(outcome.reason, 403),
        actions=actions,
        solution=offered.solution if offered else None,
    )


def _notice(request: Request, name: str, component: IMessages | IPayment) -> Response:
    """Let the component read it, and do what follows.

    Whatever stands in the way, the sender is asked to send it again.
    """
    message = _message(request, name)
    try:
        reply = component.notice(message)
        _follow(request, name, reply)
    except (Unavailable, StoreUnavailable) as error:
        log.warning("a message to %r waits for a repeat: %s", name, type(error).__name__)
        return _again_later()
    if not (200 <= reply.status <= 599 and _CONTENT_TYPE.fullmatch(reply.content_type)):
        log.warning("%r answers a message with what is no answer", name)
        return _again_later()
    return Response(reply.body, status=reply.status, content_type=reply.content_type)


def _follow(request: Request, name: str, reply: Reply) -> None:
    context = request.journey
    for key in own_keys(reply.keys):
        with context.store.transaction(context.code) as work:
            payment = work.payments.by_key(name, key)
        if payment is not None:
            settle(context, payment.id)
    if reply.keys or reply.receipts:
        context.queue.take(context.code, name, reply)


def _again_later() -> Response:
    response = Response(b"", status=503, content_type="text/plain")
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def _message(request: Request, name: str) -> Message:
    try:
        query = dict(request.GET)
    except UnicodeDecodeError:
        raise HTTPBadRequest from None
    return Message(
        url=message_url(request, name),
        method=request.method,
        query=query,
        headers=_headers(request),
        body=_body(request),
        received_at=request.journey.now(),
    )


def _body(request: Request) -> bytes:
    """What was sent, within limits: no component has to mind size or depth.

    :raises HTTPBadRequest: it is nested too deep, or could grow when it is read
    """
    sizes = size_limits(request)
    body = read_body(request, sizes.message_bytes)
    try:
        check_depth(body, sizes.message_depth)
    except TooDeep:
        raise HTTPBadRequest from None
    return body


def _headers(request: Request) -> dict[str, str]:
    """All but the browser's cookies: a session is nobody's but the core's."""
    found = {key.lower(): value for key, value in request.headers.items()}
    return {name: value for name, value in found.items() if name != "cookie"}
