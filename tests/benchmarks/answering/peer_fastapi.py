"""FastAPI, pydantic and Jinja2: a form model, and the answers in the signed session cookie.

FastAPI has no forms of its own and no protection against forged ones. The endpoints are
coroutines: as plain functions each request would also pay for a thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from pydantic import AfterValidator, BaseModel, Field, ValidationError
from starlette.middleware.sessions import SessionMiddleware

from answering.client import AsgiClient
from answering.frame import Frame
from answering.page import Marks
from answering.rules import EMAIL, LEAST, MOST, PHONE, POSTCODE, is_cpr
from answering.stack import Stack
from answering.step import ERRORS, FIELDS, RIGHT, SUBMIT, TITLE
from answering.templates import template

MARKS = Marks(group=".form-group", hint=".form-hint", error=".form-error-message")


def _cpr(text: str) -> str:
    if not is_cpr(text):
        raise ValueError("no CPR number")
    return text


class Answers(BaseModel):
    """What is accepted."""

    cpr: Annotated[str, AfterValidator(_cpr)]
    navn: str = Field(min_length=1, max_length=100)
    email: str = Field(pattern=EMAIL)
    telefon: str = Field(pattern=PHONE)
    vej: str = Field(min_length=1, max_length=200)
    postnr: str = Field(pattern=POSTCODE)
    bolig: str = Field(pattern="^(lejlighed|raekkehus|parcelhus|gaard|kollegium|andet)$")
    ejer: str = Field(pattern="^(eje|leje|andel)$")
    antal: int = Field(ge=LEAST, le=MOST)
    udlejer: str = Field(default="", max_length=100)
    note: str = Field(default="", max_length=1000)
    samtykke: str = Field(pattern="^true$")


def stack(folder: Path, frame: Frame) -> Stack:
    """The application, ready to be asked."""
    (folder / "field.html").write_text(template("field.html"), "utf-8")
    page = frame.around(template("fastapi.html"), "{{ user }}", "")
    (folder / "step.html").write_text(page, "utf-8")
    templates = Jinja2Templates(directory=folder)
    app = FastAPI()
    app.add_middleware(SessionMiddleware, secret_key="a key of the benchmark")

    def show(request: Request, values: Any, errors: dict[str, str]) -> Response:
        about = {"title": TITLE, "submit": SUBMIT, "user": request.session.get("user", "")}
        values = {"fields": FIELDS, "values": values, "errors": errors, **about}
        return templates.TemplateResponse(request, "step.html", values)

    @app.get("/home")
    async def show_step(request: Request) -> Response:
        return show(request, request.session.get("answers", {}), {})

    @app.post("/home")
    async def answer_step(request: Request) -> Response:
        sent = dict(await request.form())
        try:
            answers = Answers.model_validate(sent)
        except ValidationError as error:
            wrong = {str(one["loc"][0]) for one in error.errors()}
            return show(request, sent, {name: ERRORS.get(name, "Ret svaret") for name in wrong})
        request.session["answers"] = answers.model_dump(mode="json")
        return RedirectResponse("/last", status_code=303)

    @app.get("/login")
    async def log_in(request: Request, user: str = "Nancy Ann Test Berggren") -> Response:
        request.session["user"] = user
        return RedirectResponse("/home", status_code=303)

    assert set(Answers.model_fields) == set(RIGHT)
    client = AsgiClient(app)
    client.get("/login")
    return Stack(client, "/home", MARKS, token="")
