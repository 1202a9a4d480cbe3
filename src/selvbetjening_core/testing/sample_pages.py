"""Every page a theme must have, in every state, filled with made-up but likely data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from selvbetjening_core.forms.compiler import StepCompiler
from selvbetjening_core.interfaces import ICompiledStep, ITheme
from selvbetjening_core.testing.pages import Expected, PageKind
from selvbetjening_core.testing.sample_steps import (
    ABOUT,
    FACTS,
    KEPT,
    ONE_WRONG,
    RIGHT,
    TODAY,
    WRONG,
    compiled_step,
)
from selvbetjening_core.texts import LANGUAGES, texts_for
from selvbetjening_core.values import Contact, FormState, Submitted
from selvbetjening_core.web.pages import PostButton
from selvbetjening_core.web.step_page import has_buttons, takes_files

CITIZEN = "Kirsten Test Berggren"
AUTHORITY = "Morsø Kommune"
QUOTED = (CITIZEN, AUTHORITY, "Testpark Allé 48", "3400 Hillerød", "Folkeregisteret")

TEMPLATES = (
    "layout.html",
    "places.html",
    "home.html",
    "intro.html",
    "again.html",
    "code.html",
    "resume.html",
    "relay.html",
    "step.html",
    "summary.html",
    "payment.html",
    "receipt.html",
    "status.html",
    "message.html",
)
"""The page templates, by their names in ``templates/``."""

FIELD_TEMPLATES = tuple(
    f"fields/{name}.html"
    for name in (
        "text",
        "number",
        "textarea",
        "choice",
        "choices",
        "matrix",
        "checkbox",
        "date",
        "account",
        "files",
        "fact",
        "unseen",
        "message",
        "foreign",
        "group",
        "rows",
        "row",
    )
)
"""The field templates."""

_OVERTAKEN = "saved in another window meanwhile"
_LEFT = "left with one wrong"
_OWN_TEMPLATES = ("relay", "again", "code", "resume")
"""Pages that tell one thing, and have a template beside that of the others."""
_WITHOUT_LOGIN = {"needs_login": False, "resume_url": "/resume"}
_BEGUN_AS_GUEST = {**_WITHOUT_LOGIN, "resumes": True, "logout_url": "/-/uden-login/kort/slut"}
_TITLE = {"da": "Bestil nyt kort", "en": "Order a new card"}
_STEP_TITLE = {"da": "Om kortet", "en": "About the card"}
_ANSWER = {"da": "Antal kort", "en": "How many cards"}
_OTHER_WAY = {"da": "Ring: 12 34 56 78", "en": "Call: 12 34 56 78"}


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A page to make: its template, what the template is given, and what must hold then."""

    name: str
    template: str
    kind: PageKind
    values: Mapping[str, object]
    expected: Expected = field(default_factory=Expected)


def sample_pages(
    theme: ITheme, themes: Mapping[str, ITheme], look: Mapping[str, object], locale: str
) -> Iterator[SamplePage]:
    """Every page in every state, in one language."""
    for logged_in in (False, True):
        common = common_values(locale, look, logged_in=logged_in)
        for name, kind, values in _pages(locale):
            yield _page(name, kind, common | values, locale, logged_in=logged_in)
    common = common_values(locale, look, logged_in=True)
    compiled = compiled_step(StepCompiler(), locale=locale, theme=theme, themes=themes)
    for name, state, errors in _states(compiled):
        values = common | step_values(compiled, state, locale)
        if name == _OVERTAKEN:
            values["overtaken"] = overtaken_answers(locale)
        if name == _LEFT:
            values["leave_url"] = "/gemt"
        page = _page(f"step, {name}", PageKind.STEP, values, locale, logged_in=True)
        expected = _expected(
            locale,
            logged_in=True,
            errors=errors,
            optional=frozenset({"email", "remarks", "papers"}),
        )
        yield SamplePage(page.name, page.template, page.kind, page.values, expected)


def overtaken_answers(locale: str) -> list[tuple[str, str, str]]:
    """Questions of the step that another window has answered otherwise: label, here, saved."""
    pairs = {"phone": ("99 70 70 00", "99 70 73 28"), "copies": ("2", "7")}
    asked = {one.name: one.label.in_language(locale) for one in ABOUT.fields}
    return [(asked[name], here, saved) for name, (here, saved) in pairs.items()]


def _states(compiled: ICompiledStep) -> Iterator[tuple[str, FormState, bool]]:
    yield "empty", FormState(facts=FACTS, today=TODAY), False
    for name, pairs, errors in (
        ("complete", RIGHT, False),
        ("nothing sent", (), True),
        ("all wrong", WRONG, True),
        ("one wrong", ONE_WRONG, True),
        (_OVERTAKEN, RIGHT, False),
        (_LEFT, ONE_WRONG, True),
    ):
        yield name, compiled.read(Submitted(pairs, TODAY, FACTS, KEPT)), errors


def step_values(compiled: ICompiledStep, state: FormState, locale: str) -> dict[str, object]:
    """What the page of a step is given beside that, with the step in ``state``."""
    rendered = compiled.render(state)
    title = _STEP_TITLE[locale]
    t = texts_for(locale).t
    return {
        "title": t("step.title_error", title=title) if state.errors else title,
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
        "takes_files": takes_files(compiled.step),
        "has_buttons": has_buttons(compiled.step),
        "is_pressed": False,
        "hidden": [("version", "1")],
        "back_url": "/kort",
    }


def _page(
    name: str, kind: PageKind, values: dict[str, object], locale: str, *, logged_in: bool
) -> SamplePage:
    own = name.partition(",")[0]
    template = f"{own if own in _OWN_TEMPLATES else kind.value}.html"
    who = "logged in" if logged_in else "logged out"
    expected = _expected(locale, logged_in=logged_in)
    return SamplePage(f"{name}, {who}", template, kind, values, expected)


def _expected(locale: str, **known: Any) -> Expected:
    return Expected(locale, quoted=QUOTED, **known)


def common_values(locale: str, look: Mapping[str, object], *, logged_in: bool) -> dict[str, object]:
    """What every page is given; ``look`` is what the theme's look is given as values."""
    return {
        "t": texts_for(locale).t,
        "locale": locale,
        "languages": [
            (code, name, "/" if code == "da" else f"/{code}", code == locale)
            for code, name in LANGUAGES.items()
        ],
        "authority": AUTHORITY,
        "contact": Contact("12 34 56 78", "post@eksempel.dk", "10-14", "Vej 1"),
        "solution_title": "",
        "user_name": CITIZEN if logged_in else "",
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
        "look": look,
        "session": _session() if logged_in else None,
    }


def _session() -> SimpleNamespace:
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


def _pages(locale: str) -> Iterator[tuple[str, PageKind, dict[str, object]]]:
    t = texts_for(locale).t
    title = {"title": _TITLE[locale], "solution_title": _TITLE[locale]}
    yield "places", PageKind.PLACES, {"title": t("places.title"), "places": [(AUTHORITY, "/a")]}
    yield "home", PageKind.HOME, {"title": t("home.title"), "solutions": [_card(locale)]}
    yield "home, empty", PageKind.HOME, {"title": t("home.title"), "solutions": []}
    yield "intro", PageKind.INTRO, title | _intro(locale)
    yield "intro, begun", PageKind.INTRO, title | _intro(locale) | {"resumes": True}
    yield "intro, without login", PageKind.INTRO, title | _intro(locale) | _WITHOUT_LOGIN
    yield "intro, begun as a guest", PageKind.INTRO, title | _intro(locale) | _BEGUN_AS_GUEST
    yield "again", PageKind.MESSAGE, title | _again(locale)
    yield "code", PageKind.MESSAGE, title | _code(locale, "7KQ4-M2XP-9ATB-3WN6")
    yield "code, not asked for", PageKind.MESSAGE, title | _code(locale, "")
    yield "resume", PageKind.MESSAGE, title | _resume(locale)
    yield "relay", PageKind.MESSAGE, _relay(locale)
    yield "summary", PageKind.SUMMARY, title | _summary(locale)
    yield "payment", PageKind.PAYMENT, title | _payment(locale)
    yield "receipt", PageKind.RECEIPT, title | _receipt(locale)
    yield "status", PageKind.STATUS, title | _status(locale)
    yield "message", PageKind.MESSAGE, _message(locale)
    yield "message with a button", PageKind.MESSAGE, _message_with_button(locale)


def _card(locale: str) -> tuple[str, str, str]:
    return _TITLE[locale], _STEP_TITLE[locale], "/kort"


def _intro(locale: str) -> dict[str, object]:
    return {
        "purpose": _TITLE[locale],
        "minutes": 5,
        "step_titles": [_STEP_TITLE[locale]],
        "prices": [(_STEP_TITLE[locale], "225,00 kr." if locale == "da" else "DKK 225.00")],
        "prepare": [_TITLE[locale]],
        "alternative": _OTHER_WAY[locale],
        "paper_url": "/sundhedskort/blanket",
        "laws": [("Sundhedsloven § 12 (gebyr og udstedelse)", "")],
        "start_url": "/start",
        "resumes": False,
        "needs_login": True,
        "resume_url": "",
    }


def _again(locale: str) -> dict[str, object]:
    when = _proof(locale)["received_at"]
    notice = texts_for(locale).notice(
        "sent_already", title=_TITLE[locale], number="7K4M-92XP", when=when
    )
    return {
        "title": notice.heading,
        "heading": notice.heading,
        "paragraphs": notice.paragraphs,
        "receipt_url": "/receipt",
        "start_url": "/start",
    }


def _code(locale: str, code: str) -> dict[str, object]:
    notice = texts_for(locale).notice(
        "code_given" if code else "code_needed",
        day=_day(locale),
        address="https://www.eksempel.dk/kort/fortsaet",
    )
    return {
        "title": notice.heading,
        "heading": notice.heading,
        "paragraphs": notice.paragraphs,
        "code": code,
        "ask_url": "/code",
        "go_on_url": "/om",
        # Only guests are given codes; what they end is no login.
        "logout_url": "/-/uden-login/kort/slut",
    }


def _resume(locale: str) -> dict[str, object]:
    title = texts_for(locale).t("resume.title")
    return {
        "title": title,
        "heading": title,
        "typed": "",
        "error": "",
        "reasons": "",
        "is_under_way": True,
        "action_url": "/resume",
        "intro_url": "/kort",
    }


def _relay(locale: str) -> dict[str, object]:
    return {
        "title": texts_for(locale).t("relay.title"),
        "action_url": "/-/messages/login",
        "pairs": [("SAMLResponse", "PHNhbWxwOlJlc3BvbnNl"), ("RelayState", "")],
    }


def _rows(locale: str) -> list[tuple[str, str, str]]:
    address = {"da": "Adresse", "en": "Address"}[locale]
    return [
        (_ANSWER[locale], "2", ""),
        (address, "Testpark Allé 48", "Folkeregisteret"),
        ({"da": "Din e-mail", "en": "Your e-mail"}[locale], "", ""),
    ]


def _summary(locale: str) -> dict[str, object]:
    t = texts_for(locale).t
    return {
        "title": t("summary.title"),
        "groups": [(_STEP_TITLE[locale], "/om?ret", _rows(locale))],
        "parties": _parties(locale),
        "price_text": _STEP_TITLE[locale],
        "price_amount": _amount(locale),
        "pays": True,
        "action_url": "/send",
        "hidden": [],
        "back_url": "/om",
        "notice": "",
    }


def _payment(locale: str) -> dict[str, object]:
    texts = texts_for(locale)
    notice = texts.notice("payment_pending")
    return {
        "title": notice.heading,
        "heading": notice.heading,
        "paragraphs": notice.paragraphs,
        "amount": _amount(locale),
        "actions": [
            ("/pay", texts.t("summary.pay"), True, [("key", "1")]),
            ("/stop", texts.t("common.back"), False, []),
        ],
    }


def _proof(locale: str) -> dict[str, object]:
    moment = {"da": "22. november 2026 kl. 13.05", "en": "22 November 2026 at 13:05"}[locale]
    return {"receipt_number": "7K4M-92XP", "received_at": moment}


def _receipt(locale: str) -> dict[str, object]:
    t = texts_for(locale).t
    return _proof(locale) | {
        "title": t("receipt.title"),
        "parties": _parties(locale),
        "groups": [(_STEP_TITLE[locale], _rows(locale))],
        "payment": [(t("payment.amount"), _amount(locale))],
        "after": "",
        "correct": "",
        **_standing(locale),
        "deliveries": [(t("destination.case_system"), t("delivery.waiting"), _day(locale))],
        "status_url": "/status",
        "document_url": "/document",
        "is_guest": False,
        "not_a_decision": t("receipt.not_a_decision"),
    }


def _status(locale: str) -> dict[str, object]:
    t = texts_for(locale).t
    waiting = (t("destination.case_system"), t("delivery.waiting"), _day(locale))
    return _proof(locale) | {
        "title": t("status.title"),
        **_standing(locale),
        "deliveries": [(*waiting, t("status.lead"))],
        "refresh_url": "/status",
        "receipt_url": "/receipt",
    }


def _standing(locale: str) -> dict[str, object]:
    t = texts_for(locale).t
    return {
        "standing": [t("standing.on_its_way.what"), t("standing.on_its_way.next")],
        "stages": [
            (t("standing.received_at"), _proof(locale)["received_at"]),
            (t("standing.delivered_at"), t("standing.not_yet")),
        ],
    }


def _message_with_button(locale: str) -> dict[str, object]:
    texts = texts_for(locale)
    notice = texts.notice("step_up")
    return _message(locale) | {
        "title": notice.heading,
        "heading": notice.heading,
        "paragraphs": notice.paragraphs,
        "button": PostButton("/start", texts.t("common.log_in"), (("level", "high"),)),
    }


def _message(locale: str) -> dict[str, object]:
    texts = texts_for(locale)
    notice = texts.notice("not_found")
    return {
        "title": notice.heading,
        "heading": notice.heading,
        "paragraphs": notice.paragraphs,
        "actions": [("/", texts.t("common.to_front_page"))],
        "support_code": "",
    }


def _parties(locale: str) -> list[tuple[str, str]]:
    return [({"da": "Udfyldt af", "en": "Filled in by"}[locale], CITIZEN)]


def _amount(locale: str) -> str:
    return {"da": "225,00 kr.", "en": "DKK 225.00"}[locale]


def _day(locale: str) -> str:
    return {"da": "i går", "en": "yesterday"}[locale]
