"""An identity provider's answer that the browser brings from the provider's own page.

A form that another site makes the browser send (the HTTP-POST binding of SAML, OIDC's
form_post) comes without our cookies: they are SameSite=Lax, and stay so. Such an answer
is put into a form of ours, which the browser sends again, now with the cookie that ties
the login to this browser. Nothing is kept meanwhile, so that nobody can fill anything up.
"""

from __future__ import annotations

from pyramid.httpexceptions import HTTPBadRequest, HTTPRequestEntityTooLarge
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.forms.parse import TooMuch, parse_form
from selvbetjening_core.values import Message
from selvbetjening_core.web.csrf import is_from_us
from selvbetjening_core.web.limits.sizes import size_limits
from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.sessions import login_token
from selvbetjening_core.web.staff import sessions as staff_sessions

_FORM_TYPE = "application/x-www-form-urlencoded"
_MOST_FIELDS = 20


def is_sent_across(request: Request, *, is_staff: bool) -> bool:
    """Did a page of another site make the browser send it, so that our cookie stayed away?

    What our own form sends again does not come here twice, whatever cookies there are.
    """
    token = staff_sessions.login_token(request) if is_staff else login_token(request)
    is_form = request.method == "POST" and request.content_type == _FORM_TYPE
    return is_form and not token and not is_from_us(request.environ, request.host_url)


def relayed(request: Request, message: Message) -> Response:
    """A page whose form is what was sent; it goes on by itself where there is script.

    Personal data, if the provider has not encrypted its answer: what the browser has just
    sent us goes back to the same browser.

    :raises HTTPBadRequest: it is no form
    :raises HTTPRequestEntityTooLarge: it is longer than an answer to a login
    """
    most = size_limits(request).message_bytes
    try:
        pairs = parse_form(message.body, max_bytes=most, max_fields=_MOST_FIELDS)
    except TooMuch:
        raise HTTPRequestEntityTooLarge from None
    except ValueError:
        raise HTTPBadRequest from None
    values = {"action_url": request.path_qs, "pairs": pairs}
    return show(request, Page("relay.html", request.texts.t("relay.title"), values, None))
