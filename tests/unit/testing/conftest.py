"""Good pages of every kind, in the built-in theme and in the national design system."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from markupsafe import Markup

import selvbetjening_dkfds
from selvbetjening_core.definitions.model import Field, Option, Step, Text
from selvbetjening_core.forms.compiler import StepCompiler
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.problems import Place
from selvbetjening_core.testing.pages import Expected, PageKind
from selvbetjening_core.texts import texts_for
from selvbetjening_core.themes.plain import PLAIN, PlainTheme
from selvbetjening_core.themes.rendering import PageRenderer
from selvbetjening_core.values import Contact, FormState, StepRequest, Submitted

TODAY = datetime.date(2026, 11, 22)
PLACE = Place(Path("solution.toml"), 1)
_DKFDS = Path(selvbetjening_dkfds.__file__).parent
DKFDS = PlainTheme("dkfds", _DKFDS / "templates", _DKFDS / "static", "plain")
THEMES = {theme.name: theme for theme in (PLAIN, DKFDS)}
LOOK = {"portal": "borger.dk", "sheets": ("own.css",), "icon": "icon.svg"}
OPTIONAL = frozenset({"email", "remarks"})
TITLE = {"da": "Bestil nyt kort", "en": "Order a new card"}
STEP_TITLE = {"da": "Om kortet", "en": "About the card"}


@dataclass(frozen=True)
class GoodPage:
    """A page that breaks no rule, and what is known about it."""

    html: str
    kind: PageKind
    expected: Expected


def both(danish, english):
    return Text({"da": danish, "en": english})


def question(name, kind, danish, english, **more):
    return Field(name, kind, "about", both(danish, english), PLACE, **more)


STEP = Step(
    "about",
    both("Om kortet", "About the card"),
    (
        question(
            "email",
            "email",
            "Din e-mail",
            "Your e-mail",
            required=False,
            hint=both("Så kan vi skrive til dig.", "We can write to you."),
        ),
        question("phone", "phone", "Dit telefonnummer", "Your telephone number"),
        question("copies", "number", "Antal kort", "How many cards"),
        question("since", "date", "Gyldig fra", "Valid on"),
        question(
            "cause",
            "choice",
            "Grunden er",
            "The reason is",
            options=(Option("lost", both("Det er væk", "It is lost")),),
        ),
        question("account", "bank_account", "Din konto", "Your account"),
        question("remarks", "long_text", "Bemærkninger", "Remarks", required=False),
        question("agreed", "consent", "Jeg er indforstået", "I agree"),
    ),
    PLACE,
)
WRONG = (
    ("email", "intet"),
    ("phone", "1"),
    ("copies", "mange"),
    ("since.day", "32"),
    ("since.month", "1"),
    ("since.year", "2020"),
    ("account.registration", "12345"),
    ("account.account", "1234567"),
    ("remarks", "\x00"),
)


def session():
    return SimpleNamespace(
        ends_at="14.35",
        seconds=1800,
        warn_seconds=300,
        can_prolong=True,
        prolong_url="/-/prolong",
        status_url="/-/status",
        ended_url="/-/ended",
        limit_url="/-/limit",
        is_staff=False,
        is_guest=False,
    )


def common(locale):
    return {
        "t": texts_for(locale).t,
        "locale": locale,
        "languages": [
            ("da", "Dansk", "/", locale == "da"),
            ("en", "English", "/en", locale == "en"),
        ],
        "authority": "Morsø Kommune",
        "contact": Contact("12 34 56 78", "post@eksempel.dk", "10-14", "Vej 1"),
        "solution_title": TITLE[locale],
        "user_name": "Kirsten Berggren",
        "logout_url": "/-/log-af",
        "csrf_token": "token-1",
        "static_url": lambda path: f"/static/{path}",
        "demo": True,
        "faults": "",
        "home_url": "/",
        "accessibility_url": "/was",
        "privacy_url": "/privatliv",
        "csp_nonce": "nonce-1",
        "framed": False,
        "look": LOOK,
        "session": session(),
    }


def step_values(locale, theme, *, wrong):
    kinds = {kind.declaration.name: kind for kind in BUILTIN_KINDS}
    request = StepRequest(None, STEP, locale, theme, THEMES, kinds)
    compiled = StepCompiler().compile(request)
    state = (
        compiled.read(Submitted(WRONG, TODAY, {})) if wrong else FormState(facts={}, today=TODAY)
    )
    rendered = compiled.render(state)
    title = STEP_TITLE[locale]
    return {
        "title": texts_for(locale).t("step.title_error", title=title) if wrong else title,
        "step_title": title,
        "lead": "",
        "position": 1,
        "total": 2,
        "fields": Markup(rendered.html),  # noqa: S704 - the form component's own
        "error_links": rendered.error_links,
        "overtaken": [],
        "leave_name": "_leave",
        "help_code": "7KQ4-M2XP",
        "leave_url": "",
        "action_url": "/om",
        "takes_files": False,
        "has_buttons": False,
        "is_pressed": False,
        "hidden": [("version", "1")],
        "back_url": "/kort",
    }


def intro_values(locale):
    return {
        "title": TITLE[locale],
        "purpose": TITLE[locale],
        "minutes": 5,
        "step_titles": [STEP_TITLE[locale]],
        "prices": [(STEP_TITLE[locale], "225,00 kr.")],
        "prepare": [TITLE[locale]],
        "alternative": "Ring: 12 34 56 78",
        "paper_url": "/sundhedskort/blanket",
        "laws": [("Sundhedsloven § 12 (gebyr og udstedelse)", "")],
        "start_url": "/start",
        "resumes": False,
        "needs_login": True,
        "resume_url": "",
    }


ANSWERS = (("Din e-mail", ""), ("Antal kort", "2"))
PROOF = {"receipt_number": "7K4M-92XP", "received_at": "22. november 2026 kl. 13.05"}
STANDING = {
    "standing": ["Den er på vej.", "Du skal ikke gøre mere."],
    "stages": [("Modtaget", "22. november 2026 kl. 13.05")],
}
PARTIES = [("Udfyldt af", "Kirsten Berggren")]


def summary_values():
    rows = [(label, answer, "") for label, answer in ANSWERS]
    return {
        "title": texts_for("da").t("summary.title"),
        "groups": [("Om kortet", "/om?ret", rows), ("Mere", "/mere?ret", [("Sagen", "Ja", "")])],
        "parties": PARTIES,
        "price_text": "Kort",
        "price_amount": "225,00 kr.",
        "pays": True,
        "action_url": "/send",
        "hidden": [],
        "back_url": "/om",
        "notice": "",
    }


def receipt_values():
    t = texts_for("da").t
    return PROOF | {
        "title": t("receipt.title"),
        "parties": PARTIES,
        "groups": [("Om kortet", [("Antal kort", "2", "")])],
        "payment": [(t("payment.amount"), "225,00 kr.")],
        "after": "",
        "correct": "",
        **STANDING,
        "deliveries": [(t("destination.case_system"), t("delivery.waiting"), "i går")],
        "status_url": "/status",
        "document_url": "/document",
        "is_guest": False,
        "not_a_decision": t("receipt.not_a_decision"),
    }


def message_values():
    notice = texts_for("da").notice("not_found")
    return {
        "title": notice.heading,
        "heading": notice.heading,
        "paragraphs": notice.paragraphs,
        "actions": [("/", texts_for("da").t("common.to_front_page"))],
    }


def home_values():
    return {"title": texts_for("da").t("home.title"), "solutions": [(TITLE["da"], "", "/kort")]}


def good(theme, kind, values, locale="da", **expected):
    renderer = PageRenderer(theme, THEMES)
    known = common(locale) | values
    if kind in {PageKind.HOME, PageKind.MESSAGE}:
        known["solution_title"] = ""
    html = renderer.page(f"{kind.value}.html", **known)
    quoted = ("Kirsten Berggren",)
    return GoodPage(
        html,
        kind,
        Expected(
            locale,
            logged_in=True,
            quoted=quoted,
            design_system=theme is DKFDS,
            **expected,
        ),
    )


def pages_in(theme):
    """Good pages by name: the kind, then a language or a state."""
    for locale in ("da", "en"):
        for name, wrong in (("step", False), ("errors", True)):
            values = step_values(locale, theme, wrong=wrong)
            page = good(theme, PageKind.STEP, values, locale, optional=OPTIONAL, errors=wrong)
            yield f"{name} {locale}", page
        yield f"intro {locale}", good(theme, PageKind.INTRO, intro_values(locale), locale)
    yield "summary", good(theme, PageKind.SUMMARY, summary_values(), answers=ANSWERS)
    yield "receipt", good(theme, PageKind.RECEIPT, receipt_values())
    yield "message", good(theme, PageKind.MESSAGE, message_values())
    yield "home", good(theme, PageKind.HOME, home_values())


@pytest.fixture(scope="session")
def good_pages():
    """Every good page: by theme, then by name."""
    return {name: dict(pages_in(theme)) for name, theme in THEMES.items()}
