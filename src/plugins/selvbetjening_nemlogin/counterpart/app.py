"""The counterpart's own pages: log in, and log out everywhere."""

from __future__ import annotations

import datetime
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jinja2
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_nemlogin.counterpart.breaking import BREAKS
from selvbetjening_nemlogin.counterpart.issuing import Login, as_field, response_to
from selvbetjening_nemlogin.counterpart.own_metadata import provider_metadata
from selvbetjening_nemlogin.counterpart.persons import TestPerson, level_names, test_persons
from selvbetjening_nemlogin.counterpart.service_providers import ServiceProvider
from selvbetjening_nemlogin.keys import KeyPair
from selvbetjening_nemlogin.names import LEVEL_URLS, LEVELS, NS, SAML, SAMLP
from selvbetjening_nemlogin.parsing import Refused, parsed, text_of
from selvbetjening_nemlogin.redirect import REQUEST, RESPONSE, opened, signed_address
from selvbetjening_nemlogin.requests import logout_message, logout_response, new_xml_id

_COOKIE = "counterpart"
_LASTS = datetime.timedelta(minutes=5)
_SKEW = datetime.timedelta(seconds=30)
_SCRIPT = "static/send.js"


@dataclass
class LoggedIn:
    """Somebody at the counterpart, in one browser, and where they went on to."""

    person: TestPerson
    visited: list[tuple[str, str]] = field(default_factory=list)
    """Names of systems, and of the logins there."""


@dataclass
class Counterpart:
    """What the counterpart knows. Safe to use from several threads.

    :param url: where it is
    :param keys: it signs with the first; the second is nobody's
    """

    url: str
    keys: tuple[KeyPair, KeyPair]
    providers: dict[str, ServiceProvider]
    persons: dict[str, TestPerson] = field(default_factory=test_persons)
    logged_in: dict[str, LoggedIn] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def entity_id(self) -> str:
        """What it calls itself."""
        return f"{self.url}/metadata"

    def metadata(self) -> bytes:
        """What systems are given of it."""
        return provider_metadata(self.entity_id, self.url, [self.keys[0].certificate])


class NotUnderstood(Exception):
    """What was asked cannot be answered; ``told`` says why, in Danish."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


def make_counterpart(counterpart: Counterpart) -> Any:
    """Its WSGI application."""
    with Configurator() as config:
        config.registry.counterpart = counterpart
        for name, path, view, methods in (
            ("home", "/", _home, ("GET",)),
            ("metadata", "/metadata", _metadata, ("GET",)),
            ("login", "/login", _show_login, ("GET",)),
            ("choose", "/choose", _choose, ("POST",)),
            ("logout", "/logout", _log_out, ("GET",)),
        ):
            config.add_route(name, path)
            config.add_view(view, route_name=name, request_method=methods)
        config.add_exception_view(_not_understood, context=NotUnderstood)
        config.add_static_view("static", "selvbetjening_nemlogin.counterpart:static")
        return config.make_wsgi_app()


def _home(request: Request) -> Response:
    known = _of(request)
    return _page("home.html", providers=sorted(known.providers), persons=known.persons.values())


def _metadata(request: Request) -> Response:
    return Response(_of(request).metadata(), content_type="application/samlmetadata+xml")


def _show_login(request: Request) -> Response:
    asked = _request_of(request, "AuthnRequest")
    context = asked.find("samlp:RequestedAuthnContext", NS)
    words = [] if context is None else [text_of(one) for one in context]
    least = next((LEVEL_URLS_BACK[one] for one in words if one in LEVEL_URLS_BACK), "low")
    return _page(
        "login.html",
        asked=dict(request.GET),
        system=_issuer(asked),
        persons=_of(request).persons.values(),
        levels=level_names(),
        chosen=next(name for name, word in LEVELS.items() if word == least),
        breaks=BREAKS,
    )


def _choose(request: Request) -> Response:
    """Somebody was chosen: the answer, in a form that goes on by itself where there is script."""
    known, asked = _of(request), _request_of(request, "AuthnRequest")
    system = known.providers[_issuer(asked)]
    person = known.persons.get(request.POST.get("person", ""))
    fault = BREAKS.get(request.POST.get("break", "nothing"))
    level = request.POST.get("level", "")
    if person is None or fault is None or level not in LEVELS:
        raise NotUnderstood("Vælg en person, et niveau og en fejl på listerne.")
    login = _login(known, person, level, asked, system)
    keys = known.keys[1 if fault.by_another else 0]
    answer = response_to(fault.login(login), keys, system.certificates[0], fault.changes)
    fields = {RESPONSE: as_field(answer)}
    if request.POST.get("RelayState"):
        fields["RelayState"] = request.POST["RelayState"]
    response = _page(
        "send.html", url=system.answer_url, fields=fields, origin=_origin(system.answer_url)
    )
    _remember(request, response, person, system, login.session)
    return response


def _login(
    known: Counterpart, person: TestPerson, level: str, asked: Any, system: ServiceProvider
) -> Login:
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    return Login(
        issuer=known.entity_id,
        audience=system.entity_id,
        recipient=system.answer_url,
        in_response_to=asked.get("ID", ""),
        name_id=person.name_id,
        attributes=person.attributes(level),
        issued_at=now,
        not_before=now - _SKEW,
        not_after=now + _LASTS,
        session=new_xml_id(),
    )


def _remember(
    request: Request,
    response: Response,
    person: TestPerson,
    system: ServiceProvider,
    session: str,
) -> None:
    known, token = _of(request), request.cookies.get(_COOKIE, "")
    with known.lock:
        held = known.logged_in.get(token)
        if held is None or held.person.name_id != person.name_id:
            token = secrets.token_urlsafe(24)
            held = known.logged_in[token] = LoggedIn(person)
        held.visited.append((system.entity_id, session))
    response.set_cookie(_COOKIE, token, httponly=True, samesite="Lax")


def _log_out(request: Request) -> Response:
    """A system says that somebody logs out: tell the others one by one, then answer it."""
    known = _of(request)
    token = request.cookies.get(_COOKIE, "")
    if RESPONSE in request.GET:
        _request_of(request, "LogoutResponse", RESPONSE)
        return _tell_next(known, token, request.GET.get("RelayState", ""))
    asked = _request_of(request, "LogoutRequest")
    issuer = _issuer(asked)
    with known.lock:
        held = known.logged_in.get(token)
        if held is not None:
            held.visited = [one for one in held.visited if one[0] != issuer]
    return _tell_next(known, token, f"{asked.get('ID', '')} {issuer}")


def _tell_next(known: Counterpart, token: str, asked_by: str) -> Response:
    """On to the next system that the person is logged in at; at the end back to the first."""
    with known.lock:
        held = known.logged_in.get(token)
        left = held.visited.pop() if held is not None and held.visited else None
        if left is None:
            known.logged_in.pop(token, None)
    now = datetime.datetime.now(datetime.UTC)
    if left is not None and held is not None and left[0] in known.providers:
        url = known.providers[left[0]].logout_url
        xml = logout_message(known.entity_id, held.person.name_id, left[1], url, now)
        return _go(signed_address(url, REQUEST, xml, known.keys[0], asked_by))
    answered, _, issuer = asked_by.partition(" ")
    system = known.providers.get(issuer)
    if system is None:
        return _page("ended.html")
    xml = logout_response(known.entity_id, answered, system.logout_url, now)
    return _go(signed_address(system.logout_url, RESPONSE, xml, known.keys[0]))


def _request_of(request: Request, kind: str, name: str = REQUEST) -> Any:
    """The message of a system that is known, signed by it.

    :raises NotUnderstood: it is none
    """
    known = _of(request)
    query = dict(request.GET) or {one: request.POST.get(one, "") for one in _CARRIED}
    query = {one: text for one, text in query.items() if text}
    for system in known.providers.values():
        try:
            root = parsed(opened(query, name, system.certificates))
        except (Refused, KeyError):
            continue
        if root.tag == f"{{{SAMLP}}}{kind}" and _issuer(root) == system.entity_id:
            return root
    raise NotUnderstood("Ingen af de systemer, jeg kender, har underskrevet den forespørgsel.")


def _issuer(root: Any) -> str:
    return text_of(root.find(f"{{{SAML}}}Issuer"))


def _not_understood(error: NotUnderstood, _: Request) -> Response:
    return _page("error.html", status=400, told=error.told)


def _of(request: Request) -> Counterpart:
    found: Counterpart = request.registry.counterpart
    return found


def _go(url: str) -> Response:
    return Response(status=303, headers=[("Location", url), ("Cache-Control", "no-store")])


def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def _page(template: str, *, status: int = 200, origin: str = "", **values: Any) -> Response:
    html = _environment().get_template(template).render(**values)
    response = Response(html, status=status, content_type="text/html", charset="utf-8")
    response.headers.update(
        {
            "Content-Security-Policy": (
                "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none';"
                f" frame-ancestors 'none'; form-action 'self' {origin}".rstrip()
            ),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
    )
    return response


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("selvbetjening_nemlogin.counterpart"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


_CARRIED: Sequence[str] = (REQUEST, "RelayState", "SigAlg", "Signature")
LEVEL_URLS_BACK = {url: word for word, url in LEVEL_URLS.items()}
