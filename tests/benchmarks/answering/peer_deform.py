"""Deform on Pyramid, as its documentation shows: the schema is bound and a form made per request.

Its CSRF schema; the draft's id in Pyramid's signed session cookie. The page around the
form is a Jinja2 template.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import colander
import deform
import jinja2
from deform.schema import CSRFSchema
from markupsafe import Markup
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.session import JSONSerializer, SignedCookieSessionFactory

from answering.client import WsgiClient
from answering.drafts import DRAFT, ID, Drafts
from answering.frame import Frame
from answering.page import Marks
from answering.rules import EMAIL, LEAST, MOST, PHONE, POSTCODE, is_cpr
from answering.stack import Stack
from answering.step import FIELDS, SUBMIT, TITLE, Asked

if TYPE_CHECKING:
    from bs4 import Tag

MARKS = Marks(
    group="[id^=item-]",
    hint=".form-text",
    error=".invalid-feedback",
)
_CONTENT = "<h1>{{ title }}</h1>{{ form }}"
_PATTERNS = {"email": EMAIL, "phone": PHONE, "postcode": POSTCODE}


def stack(folder: Path, frame: Frame) -> Stack:
    """The application, ready to be asked."""
    page = frame.around(_CONTENT, "{{ user }}", "{{ token }}")
    template = jinja2.Environment(autoescape=True).from_string(page)
    drafts = Drafts(folder)
    schema = CSRFSchema()
    for one in FIELDS:
        schema.add(_node(one))

    def form_of(request: Request) -> deform.Form:
        button = deform.Button("submit", SUBMIT)
        return deform.Form(schema.bind(request=request), buttons=(button,))

    def shown(request: Request, form: str) -> Response:
        session = request.session
        about = {"title": TITLE, "user": session.get("user"), "token": session.get_csrf_token()}
        return Response(template.render(form=Markup(form), **about))  # noqa: S704 - from Deform

    def show_step(request: Request) -> Response:
        return shown(request, form_of(request).render(drafts.read(request.session[DRAFT])))

    def answer_step(request: Request) -> Response:
        try:
            answers = form_of(request).validate(request.POST.items())
        except deform.ValidationFailure as failure:
            return shown(request, failure.render())
        answers.pop("csrf_token", None)
        drafts.write(request.session[DRAFT], answers)
        return HTTPSeeOther("/last")

    def log_in(request: Request) -> Response:
        request.session[DRAFT] = ID
        request.session["user"] = "Nancy Ann Test Berggren"
        return HTTPSeeOther("/home")

    config = Configurator()
    config.set_session_factory(
        SignedCookieSessionFactory("a key of the benchmark", serializer=JSONSerializer())
    )
    config.set_default_csrf_options(require_csrf=True)
    config.add_route("home", "/home")
    config.add_route("login", "/login")
    config.add_view(show_step, route_name="home", request_method="GET")
    config.add_view(answer_step, route_name="home", request_method="POST")
    config.add_view(log_in, route_name="login")
    client = WsgiClient(config.make_wsgi_app())
    client.get("/login")
    return Stack(client, "/home", MARKS, names=_names, close=drafts.close)


def _names(inputs: Sequence[Tag]) -> dict[str, str]:
    """Radio buttons are called by a number; a hidden input before them tells the field."""
    found, field = {}, ""
    for one in inputs:
        name, value = str(one["name"]), str(one.get("value", ""))
        if name == "__start__":
            field = value.partition(":")[0]
        found[name] = field if name.startswith("deformField") else name
    return found


def _node(asked: Asked) -> colander.SchemaNode:
    told = asked.error or "Ret svaret"
    common: dict[str, Any] = {
        "name": asked.name,
        "title": asked.label_text,
        "description": asked.hint,
        "missing_msg": told,
    }
    if not asked.required:
        common["missing"] = ""
    if asked.kind == "choice":
        widget = deform.widget.RadioChoiceWidget(values=asked.options)
        valid = colander.OneOf([key for key, _ in asked.options])
        return colander.SchemaNode(colander.String(), widget=widget, validator=valid, **common)
    if asked.kind == "consent":
        widget = deform.widget.CheckboxWidget(true_val="true", false_val="")
        valid = colander.OneOf(["true"])
        return colander.SchemaNode(colander.String(), widget=widget, validator=valid, **common)
    if asked.kind == "number":
        rule = colander.Range(LEAST, MOST, min_err=told, max_err=told)
        return colander.SchemaNode(colander.Integer(), validator=rule, **common)
    widget = deform.widget.TextAreaWidget(rows=5) if asked.kind == "long_text" else None
    return colander.SchemaNode(
        colander.String(), widget=widget, validator=_rule(asked, told), **common
    )


def _rule(asked: Asked, told: str) -> Any:
    if asked.kind in _PATTERNS:
        return colander.Regex(_PATTERNS[asked.kind], msg=told)
    if asked.kind == "cpr":
        return colander.Function(is_cpr, msg=told)
    return colander.Length(max=asked.longest)
