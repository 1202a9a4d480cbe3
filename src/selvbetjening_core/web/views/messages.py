"""The one route for messages from outside systems.

Identity providers send the browser here with their answer; payment providers
send their messages. Which component a message is for is in the address; what it
means is the component's to read and the core's to judge.
"""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound, HTTPRequestEntityTooLarge, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from selvbetjening_core.forms.parse import MAX_BYTES
from selvbetjening_core.interfaces import IIdentity, IPayment
from selvbetjening_core.journey.drafts import start
from selvbetjening_core.journey.login import RefusedLogin, complete_login
from selvbetjening_core.journey.payments import settle
from selvbetjening_core.values import Message
from selvbetjening_core.web.address import message_url, next_url
from selvbetjening_core.web.pages import notice_page
from selvbetjening_core.web.sessions import login_cookie, set_session
from selvbetjening_core.web.tenancy import switch_language

_METHODS = ("GET", "POST")


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
    if (request.content_length or 0) > MAX_BYTES:
        raise HTTPRequestEntityTooLarge
    name = request.matchdict["component"]
    layer = request.municipality.layer
    if layer.queryUtility(IIdentity, name=name) is not None:
        return _log_in(request, name)
    if layer.queryUtility(IPayment, name=name) is not None:
        return _payment(request, name)
    raise HTTPNotFound


def _log_in(request: Request, name: str) -> Response:
    token = request.cookies.get(login_cookie(request), "")
    outcome = complete_login(request.journey, name, _message(request, name), token)
    if isinstance(outcome, RefusedLogin):
        cancelled = outcome.reason == "login_cancelled"
        return notice_page(request, outcome.reason, status=200 if cancelled else 403)
    switch_language(request, outcome.locale)
    draft = start(request.journey, outcome.session.identity, outcome.solution, outcome.locale)
    response = HTTPSeeOther(next_url(request, draft))
    set_session(request, response, outcome.token)
    return response


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
    return Message(
        url=message_url(request, name),
        method=request.method,
        query=dict(request.GET),
        headers={key.lower(): value for key, value in request.headers.items()},
        body=request.body,
        received_at=request.journey.now(),
    )
