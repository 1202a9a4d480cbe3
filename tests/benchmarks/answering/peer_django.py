"""Django with the wizard of formtools: sessions in the database, CSRF, security headers, locale."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.core.exceptions import ValidationError

from answering.client import WsgiClient
from answering.frame import Frame
from answering.page import Marks
from answering.rules import EMAIL, LEAST, MOST, PHONE, POSTCODE, is_cpr
from answering.stack import Stack
from answering.step import FIELDS, SUBMIT, TITLE, Asked
from answering.templates import template

if TYPE_CHECKING:
    from bs4 import Tag

MARKS = Marks(group=".fields > div", hint=".helptext", error=".errorlist")
_PATTERNS = {"email": EMAIL, "phone": PHONE, "postcode": POSTCODE}
_PREFIX = "home-"


def stack(folder: Path, frame: Frame) -> Stack:
    """The application, ready to be asked."""
    page = frame.around(template("django.html"), "{{ request.session.user }}", "{{ csrf_token }}")
    (folder / "step.html").write_text(page, "utf-8")
    _configure(folder)
    from django.core.management import call_command  # noqa: PLC0415 - after it is configured
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    client = WsgiClient(get_wsgi_application())
    client.get("/login")
    return Stack(client, "/step/home", MARKS, token="csrfmiddlewaretoken", names=_names)


def _names(inputs: list[Tag]) -> dict[str, str]:
    names = [str(one["name"]) for one in inputs]
    return {name: name.removeprefix(_PREFIX) for name in names}


def _configure(folder: Path) -> None:
    middleware = (
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    )
    template = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [folder],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "django.sqlite"}
    settings.configure(
        SECRET_KEY="a key of the benchmark",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["django.contrib.sessions", "django.forms", "formtools"],
        MIDDLEWARE=middleware,
        TEMPLATES=[template],
        DATABASES={"default": database},
        LANGUAGE_CODE="da",
        USE_TZ=True,
    )
    django.setup()
    urlpatterns.extend(_addresses())


urlpatterns: list[Any] = []


def _addresses() -> list[Any]:
    from django import forms  # noqa: PLC0415 - after it is configured
    from django.http import HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: PLC0415
    from django.urls import path  # noqa: PLC0415
    from formtools.wizard.views import NamedUrlSessionWizardView  # noqa: PLC0415

    fields = {one.name: _field(forms, one) for one in FIELDS}
    first = type("Answers", (forms.Form,), fields)
    last = type("Last", (forms.Form,), {"more": forms.CharField(required=False)})

    class Wizard(NamedUrlSessionWizardView):  # type: ignore[misc]  # formtools has no types
        form_list = (("home", first), ("last", last))
        template_name = "step.html"

        def get_context_data(self, form: Any, **about: Any) -> Any:
            return super().get_context_data(form=form, title=TITLE, submit=SUBMIT, **about)

        def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
            return {"label_suffix": ""}

    def log_in(request: HttpRequest) -> HttpResponse:
        request.session["user"] = "Nancy Ann Test Berggren"
        return HttpResponseRedirect("/step/home")

    wizard = Wizard.as_view(url_name="step")
    return [path("login", log_in), path("step/<step>", wizard, name="step")]


def _field(forms: Any, asked: Asked) -> Any:
    told = asked.error or "Ret svaret"
    common: dict[str, Any] = {
        "label": asked.label_text,
        "help_text": asked.hint,
        "required": asked.required,
        "error_messages": dict.fromkeys(
            ("required", "invalid", "invalid_choice", "min_value", "max_value"), told
        ),
    }
    if asked.kind == "choice":
        return forms.ChoiceField(choices=asked.options, widget=forms.RadioSelect, **common)
    if asked.kind == "consent":
        box = forms.CheckboxInput(attrs={"value": "true"})
        return forms.BooleanField(widget=box, **common)
    if asked.kind == "number":
        return forms.IntegerField(min_value=LEAST, max_value=MOST, **common)
    if asked.kind in _PATTERNS:
        return forms.RegexField(_PATTERNS[asked.kind], **common)
    if asked.kind == "cpr":
        return forms.CharField(validators=[_checking(told)], **common)
    widget = forms.Textarea if asked.kind == "long_text" else forms.TextInput
    return forms.CharField(max_length=asked.longest, widget=widget, **common)


def _checking(told: str) -> Any:
    def check(value: str) -> None:
        if not is_cpr(value):
            raise ValidationError(told)

    return check
