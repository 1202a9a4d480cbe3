"""FastAPI, pydantic and Jinja2: a form model as its documentation has it.

The session is a signed cookie with the draft's id. FastAPI has no protection against
forged forms. The endpoints are coroutines: as plain functions each request would also pay
for a thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from pydantic import AfterValidator, BaseModel, Field
from starlette.middleware.sessions import SessionMiddleware

from answering.client import AsgiClient
from answering.drafts import DRAFT, ID, Drafts
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

    drafts = Drafts(folder)

    @app.get("/home")
    async def show_step(request: Request) -> Response:
        return show(request, drafts.read(request.session[DRAFT]), {})

    @app.post("/home")
    async def answer_step(request: Request, answers: Annotated[Answers, Form()]) -> Response:
        drafts.write(request.session[DRAFT], answers.model_dump(mode="json"))
        return RedirectResponse("/last", status_code=303)

    @app.exception_handler(RequestValidationError)
    async def tell(request: Request, error: RequestValidationError) -> Response:
        wrong = {str(one["loc"][-1]) for one in error.errors()}
        told = {name: ERRORS.get(name, "Ret svaret") for name in wrong}
        return show(request, error.body, told)

    @app.get("/login")
    async def log_in(request: Request, user: str = "Nancy Ann Test Berggren") -> Response:
        request.session.update({"user": user, DRAFT: ID})
        return RedirectResponse("/home", status_code=303)

    assert set(Answers.model_fields) == set(RIGHT)
    client = AsgiClient(app)
    client.get("/login")
    return Stack(client, "/home", MARKS, token="", close=drafts.close)
