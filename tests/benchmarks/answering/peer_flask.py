"""Flask and WTForms with Flask-WTF: its CSRF token; the draft's id in the signed cookie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, redirect, render_template, session
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from answering.client import WsgiClient
from answering.drafts import DRAFT, ID, Drafts
from answering.frame import Frame
from answering.page import Marks
from answering.rules import EMAIL, LEAST, MOST, PHONE, POSTCODE, is_cpr
from answering.stack import Stack
from answering.step import FIELDS, SUBMIT, TITLE, Asked
from answering.templates import template

MARKS = Marks(group=".form-group", hint=".form-hint", error=".errors")
_PATTERNS = {"email": EMAIL, "phone": PHONE, "postcode": POSTCODE}


def _field(asked: Asked) -> Any:
    told = asked.error or "Ret svaret"
    rules: list[Any] = [DataRequired(told)] if asked.required else [Optional()]
    common: dict[str, Any] = {"label": asked.label_text, "description": asked.hint}
    if asked.kind == "choice":
        return RadioField(choices=list(asked.options), validators=[InputRequired(told)], **common)
    if asked.kind == "consent":
        return BooleanField(validators=rules, render_kw={"value": "true"}, **common)
    if asked.kind == "number":
        return IntegerField(validators=[*rules, NumberRange(LEAST, MOST, told)], **common)
    if asked.kind in _PATTERNS:
        rules.append(Regexp(_PATTERNS[asked.kind], message=told))
    if asked.kind == "cpr":
        rules.append(_checking(told))
    if asked.longest:
        rules.append(Length(max=asked.longest))
    kind = TextAreaField if asked.kind == "long_text" else StringField
    return kind(validators=rules, **common)


def _checking(told: str) -> Any:
    def check(_form: Any, field: Any) -> None:
        if not is_cpr(field.data or ""):
            raise ValidationError(told)

    return check


def stack(folder: Path, frame: Frame) -> Stack:
    """The application, ready to be asked."""
    page = frame.around(template("flask.html"), "{{ session.user }}", "{{ csrf_token() }}")
    (folder / "step.html").write_text(page, "utf-8")
    app = Flask(__name__, template_folder=str(folder))
    app.secret_key = "a key of the benchmark"
    CSRFProtect(app)
    form_class = type("Answers", (FlaskForm,), {one.name: _field(one) for one in FIELDS})

    drafts = Drafts(folder)

    @app.get("/home")
    def show_step() -> str:
        return shown(form_class(data=drafts.read(session[DRAFT])))

    @app.post("/home")
    def answer_step() -> Any:
        form = form_class()
        if not form.validate():
            return shown(form)
        drafts.write(session[DRAFT], {one.name: form[one.name].data for one in FIELDS})
        return redirect("/last", 303)

    @app.get("/login")
    def log_in() -> Any:
        session[DRAFT] = ID
        session["user"] = "Nancy Ann Test Berggren"
        return redirect("/home", 303)

    def shown(form: FlaskForm) -> str:
        return render_template("step.html", form=form, title=TITLE, submit=SUBMIT)

    client = WsgiClient(app)
    client.get("/login")
    return Stack(client, "/home", MARKS, close=drafts.close)
