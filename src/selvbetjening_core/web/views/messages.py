"""The one route for messages from outside systems.

Identity providers send the browser here with their answer; payment providers
send their messages. Which component a message is for is in the address; what it
means is the component's to read and the core's to judge.
"""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.httpexceptions import (
    HTTPBadRequest,
    HTTPNotFound,
    HTTPSeeOther,
)
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from selvbetjening_core.interfaces import IIdentity, IPayment
from selvbetjening_core.journey.login import RefusedLogin, complete_login
from selvbetjening_core.journey.payments import settle
from selvbetjening_core.values import Message
from selvbetjening_core.web.address import message_url
from selvbetjening_core.web.begin import start_url
from selvbetjening_core.web.pages import notice_page
from selvbetjening_core.web.security import read_body
from selvbetjening_core.web.sessions import login_token, set_session
from selvbetjening_core.web.tenancy import switch_language

_METHODS = ("GET", "POST")
_STATUS = {"login_cancelled": 200, "login_unavailable": 503}


def includeme(config: Configurator) -> None:
    """Add the route. Outside systems have neither our session nor our forms."""
    config.add_route("message", "/-/messages/{component}")
    config.add_view(
        receive,
        route_name="message",
        request_method=_METHODS,
        permission=NO_PERMISSION_REQUIRED,
        from_outside=True,
    )


def receive(request: Request) -> Response:
    """Hand the message to the component it is for."""
    if request.municipality is None:
        raise HTTPNotFound
    name = request.matchdict["component"]
    layer = request.municipality.layer
    if layer.queryUtility(IIdentity, name=name) is not None:
        return _log_in(request, name)
    if layer.queryUtility(IPayment, name=name) is not None:
        return _payment(request, name)
    raise HTTPNotFound


def _log_in(request: Request, name: str) -> Response:
    if request.method == "HEAD":
        # A look ahead by some program on the way must not use up the login.
        return Response()
    outcome = complete_login(request.journey, name, _message(request, name), login_token(request))
    if isinstance(outcome, RefusedLogin):
        return _refused(request, outcome)
    switch_language(request, outcome.locale)
    url = start_url(request, outcome.session.identity, outcome.solution)
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


def _payment(request: Request, name: str) -> Response:
    component = request.municipality.named(IPayment, name)
    reply = component.notice(_message(request, name))
    context = request.journey
    for key in reply.keys:
        with context.store.transaction(context.code) as work:
            payment = work.payments.by_key(name, key)
        if payment is not None:
            settle(context, payment.id)
    return Response(reply.body, status=reply.status, content_type=reply.content_type)


def _message(request: Request, name: str) -> Message:
    try:
        query = dict(request.GET)
    except UnicodeDecodeError:
        raise HTTPBadRequest from None
    return Message(
        url=message_url(request, name),
        method=request.method,
        query=query,
        headers={key.lower(): value for key, value in request.headers.items()},
        body=read_body(request),
        received_at=request.journey.now(),
    )
