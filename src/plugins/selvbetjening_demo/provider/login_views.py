"""Logging in: the page for the browser and the back channel for the municipality."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_demo.provider.app import Provider, provider_of
from selvbetjening_demo.provider.logins import STAFF, LoginOrder
from selvbetjening_demo.provider.pages import answer, error_page, go_to, page
from selvbetjening_demo.provider.request_data import json_object
from selvbetjening_demo.signing import CLAIMS, LOGIN_REQUEST, LOGOUT_REQUEST, seal, unseal
from selvbetjening_demo.staff import STAFF as PRETENDED
from selvbetjening_demo.staff import staff_by_id

LEVELS = ("low", "substantial", "high")
_CHOSEN_AT_FIRST = "substantial"


def show_login(request: Request) -> Response:
    """The list of test citizens, or of pretended staff."""
    order = _order(request, request.GET.get("request", ""))
    if order is None:
        return error_page("error_request")
    if order.who == STAFF:
        return _show_staff(order, request.GET["request"])
    provider = provider_of(request)
    today = provider.settings.now().date()
    return page(
        "login.html",
        order.locale,
        word=request.GET["request"],
        asked=order.level if order.level in LEVELS else _CHOSEN_AT_FIRST,
        levels=LEVELS,
        chosen=order.level if order.level in LEVELS else _CHOSEN_AT_FIRST,
        citizens=[
            {
                "id": citizen.id,
                "name": citizen.person.name,
                "age": citizen.person.age_on(today),
                "about": citizen.about["en" if order.locale == "en" else "da"],
            }
            for citizen in provider.citizens.all
        ],
    )


def log_in(request: Request) -> Response:
    """A choice was made: send the browser back with an artifact."""
    order = _order(request, request.POST.get("request", ""))
    if order is None:
        return error_page("error_request")
    provider = provider_of(request)
    if "cancel" in request.POST:
        return go_to(_with_token(order.return_url, provider.logins.cancel(order)))
    attributes = _attributes(provider, order, request.POST.get("person", ""))
    level = request.POST.get("level", "")
    if attributes is None or level not in LEVELS:
        return error_page("error_citizen", order.locale)
    wrong = provider.behaviour.current.claims
    artifact = provider.logins.log_in(order, attributes, level, wrong)
    return go_to(_with_token(order.return_url, artifact))


def claims(request: Request) -> Response:
    """Hand out what an artifact stands for, signed, once."""
    provider = provider_of(request)
    if not provider.is_known(request):
        return answer({"error": "unauthorised"}, 401)
    artifact = json_object(request).get("artifact")
    data = provider.logins.fetch(artifact) if isinstance(artifact, str) else None
    if data is None:
        return answer({"error": "unknown artifact"}, 404)
    return answer({"claims": seal(provider.settings.secret, CLAIMS, data)})


def logged_out(request: Request) -> Response:
    """Where the municipality sends the browser after logging out: back, where it asks so."""
    secret, word = provider_of(request).settings.secret, request.GET.get("request", "")
    asked = unseal(secret, LOGOUT_REQUEST, word)
    if asked is not None and isinstance(asked.get("return_url"), str):
        return go_to(asked["return_url"])
    return page("logged_out.html", request.GET.get("locale", "da"))


def includeme(config: Configurator) -> None:
    """Add the routes and views of this module."""
    add: Any = config.add_view
    config.add_route("login", "/login")
    add(show_login, route_name="login", request_method="GET")
    add(log_in, route_name="login", request_method="POST")
    config.add_route("claims", "/claims")
    add(claims, route_name="claims", request_method="POST")
    config.add_route("logged_out", "/logged-out")
    add(logged_out, route_name="logged_out", request_method="GET")


def _show_staff(order: LoginOrder, word: str) -> Response:
    chosen = order.level if order.level in LEVELS else _CHOSEN_AT_FIRST
    return page("login_staff.html", order.locale, word=word, chosen=chosen, staff=PRETENDED)


def _attributes(provider: Provider, order: LoginOrder, chosen: str) -> dict[str, str] | None:
    """What the login says of who was chosen; None where nobody such may be."""
    if order.who == STAFF:
        staff = staff_by_id(chosen)
        return staff.attributes() if staff else None
    citizen = provider.citizens.by_id(chosen)
    if citizen is None:
        return None
    return {"cpr": citizen.person.cpr.reveal(), "name": citizen.person.name}


def _order(request: Request, word: str) -> LoginOrder | None:
    data = unseal(provider_of(request).settings.secret, LOGIN_REQUEST, word)
    return None if data is None else LoginOrder.from_data(data)


def _with_token(url: str, token: str) -> str:
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("token", token)]
    return urlunsplit(parts._replace(query=urlencode(query)))
