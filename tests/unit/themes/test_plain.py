from __future__ import annotations

import re
from html.parser import HTMLParser

import jinja2
import pytest
from markupsafe import Markup
from zope.interface.verify import verifyObject

from selvbetjening_core.errors import DefinitionError
from selvbetjening_core.interfaces import ITheme
from selvbetjening_core.texts import LANGUAGES, texts_for
from selvbetjening_core.themes.plain import PLAIN, PlainTheme
from selvbetjening_core.themes.rendering import PageRenderer, with_extended
from selvbetjening_core.values import Contact
from selvbetjening_core.web.session_time import SessionTime

HOSTILE = "<script>\"'&"
GROUPS = [(HOSTILE, "/change", [(HOSTILE, HOSTILE, HOSTILE), ("Label", "", "")])]
PAIRS = [("Label", HOSTILE)]
DELIVERY = (HOSTILE, "Venter", "i dag")
PAGES = {
    "places.html": {"places": [(HOSTILE, "/a")]},
    "home.html": {"solutions": [(HOSTILE, HOSTILE, "/a")]},
    "intro.html": {
        "purpose": HOSTILE,
        "minutes": 5,
        "step_titles": [HOSTILE],
        "prices": [(HOSTILE, "225,00 kr.")],
        "prepare": [HOSTILE],
        "alternative": HOSTILE,
        "paper_url": "/sundhedskort/blanket",
        "laws": [(HOSTILE, "/law"), ("Lov", "")],
        "start_url": "/start",
        "resumes": True,
        "needs_login": True,
        "resume_url": "",
    },
    "step.html": {
        "step_title": HOSTILE,
        "lead": HOSTILE,
        "position": 1,
        "total": 3,
        "fields": Markup('<label for="field-a">A</label><input id="field-a" name="a">'),
        "error_links": (("field-a", HOSTILE),),
        "overtaken": [(HOSTILE, HOSTILE, HOSTILE)],
        "leave_name": "_leave",
        "help_code": "7KQ4-M2XP",
        "leave_url": "",
        "action_url": "/step",
        "takes_files": False,
        "has_buttons": False,
        "is_pressed": False,
        "hidden": [("version", HOSTILE)],
        "back_url": "/back",
    },
    "summary.html": {
        "groups": GROUPS,
        "parties": PAIRS,
        "price_text": HOSTILE,
        "price_amount": "225,00 kr.",
        "pays": True,
        "action_url": "/send",
        "hidden": [("digest", HOSTILE)],
        "back_url": "/back",
        "notice": HOSTILE,
    },
    "payment.html": {
        "heading": HOSTILE,
        "paragraphs": [HOSTILE],
        "amount": "225,00 kr.",
        "actions": [("/pay", HOSTILE, True, [("key", HOSTILE)]), ("/stop", "Stop", False, [])],
    },
    "receipt.html": {
        "receipt_number": "7K4M-92XP",
        "received_at": "i dag",
        "parties": PAIRS,
        "groups": [(title, answers) for title, _, answers in GROUPS],
        "payment": PAIRS,
        "after": HOSTILE,
        "correct": HOSTILE,
        "standing": [HOSTILE],
        "stages": PAIRS,
        "deliveries": [DELIVERY],
        "status_url": "/status",
        "document_url": "/document",
        "is_guest": False,
        "not_a_decision": HOSTILE,
    },
    "status.html": {
        "receipt_number": "7K4M-92XP",
        "received_at": "i dag",
        "standing": [HOSTILE],
        "stages": PAIRS,
        "deliveries": [(*DELIVERY, HOSTILE)],
        "refresh_url": "/status",
        "receipt_url": "/receipt",
    },
    "message.html": {
        "heading": HOSTILE,
        "paragraphs": [HOSTILE],
        "actions": [("/", HOSTILE)],
        "support_code": HOSTILE,
    },
    "code.html": {
        "heading": HOSTILE,
        "paragraphs": [HOSTILE],
        "code": HOSTILE,
        "ask_url": "/code",
        "go_on_url": "/step",
    },
    "resume.html": {
        "heading": HOSTILE,
        "typed": HOSTILE,
        "error": HOSTILE,
        "reasons": HOSTILE,
        "is_under_way": True,
        "action_url": "/resume",
        "intro_url": "/intro",
    },
    "relay.html": {
        "action_url": HOSTILE,
        "pairs": [(HOSTILE, HOSTILE)],
    },
    "again.html": {
        "heading": HOSTILE,
        "paragraphs": [HOSTILE],
        "receipt_url": "/receipt",
        "start_url": "/start",
    },
}


def page(name, locale="da", **changes):
    common = {
        "t": texts_for(locale).t,
        "locale": locale,
        "languages": [("da", "Dansk", "/da", True), ("en", "English", "/en", False)],
        "authority": "Morsø Kommune",
        "contact": Contact("99 70 70 00", "a@eksempel.dk", "10-14", "Vej 1"),
        "solution_title": "Bestil nyt sundhedskort",
        "user_name": HOSTILE,
        "logout_url": "/logout",
        "csrf_token": "token-1",
        "static_url": lambda path: f"/static/{path}",
        "demo": True,
        "faults": "",
        "home_url": "/",
        "accessibility_url": "/was",
        "privacy_url": "/privacy",
        "csp_nonce": "nonce-1",
        "framed": False,
        "title": "Titel",
        "session": None,
    }
    return PageRenderer(PLAIN).page(name, **{**common, **PAGES[name], **changes})


class Outline(HTMLParser):
    VOID = frozenset({"meta", "link", "input", "br", "!doctype"})

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.faults = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


SESSION = SessionTime(
    ends_at="14.35",
    seconds=1800,
    can_prolong=True,
    prolong_url="/prolong",
    status_url="/status",
    ended_url="/ended",
    limit_url="/limit",
)

EVERY_PAGE = pytest.mark.parametrize("name", PAGES)


@EVERY_PAGE
@pytest.mark.parametrize("locale", LANGUAGES)
def test_pages_are_whole_and_keep_the_page_contract(name, locale):
    html = page(name, locale)
    outline = Outline(html)
    assert (outline.open, outline.faults) == ([], [])
    assert outline.all("html") == [{"lang": locale}]
    assert len(outline.all("h1")) == 1
    assert len(outline.all("main")) == 1
    first_link = outline.all("a")[0]
    assert first_link["href"] == "#main"
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    t = texts_for(locale).t
    for told in ("layout.accessibility", "layout.privacy", "layout.demo", "layout.log_out"):
        assert t(told) in html
    title = re.search("<title>(.*?)</title>", html).group(1)
    assert title.split(" \u2013 ")[1:] == ["Bestil nyt sundhedskort", "Morsø Kommune"]


def scripts(outline):
    return [script["src"] for script in outline.all("script")]


OWN_SCRIPTS = {"receipt.html": ["/static/print.js"], "relay.html": ["/static/relay.js"]}


def own_scripts(name):
    return OWN_SCRIPTS.get(name, [])


@EVERY_PAGE
def test_values_are_escaped_and_nothing_is_inline_or_foreign(name):
    html = page(name)
    assert HOSTILE not in html
    outline = Outline(html)
    assert scripts(outline) == own_scripts(name)
    assert not outline.all("style")
    for tag, attrs in outline.tags:
        assert not [key for key in attrs if key == "style" or key.startswith("on")], tag
        for key in ("href", "src", "action"):
            assert not re.match(r"(https?:)?//", attrs.get(key, "")), attrs
    assert "://" not in (PLAIN.static / "plain.css").read_text("utf-8")


@EVERY_PAGE
@pytest.mark.parametrize("locale", LANGUAGES)
def test_whoever_is_logged_in_is_told_until_when(name, locale):
    html = page(name, locale, session=SESSION)
    outline = Outline(html)
    assert (outline.open, outline.faults) == ([], [])
    assert texts_for(locale).t("session.line", time="14.35") in html
    assert scripts(outline) == ["/static/session.js", *own_scripts(name)]
    (dialog,) = outline.all("dialog")
    assert "open" not in dialog
    assert (dialog["role"], dialog["data-warn-seconds"]) == ("alertdialog", "300")
    ids = {attrs["id"] for _, attrs in outline.tags if "id" in attrs}
    assert {dialog["aria-labelledby"], *dialog["aria-describedby"].split()} <= ids
    assert not [key for _, attrs in outline.tags for key in attrs if key.startswith("on")]
    assert "session-line" not in page(name, locale)


@EVERY_PAGE
def test_every_posting_form_carries_the_token(name):
    html = page(name)
    forms = re.findall(r"<form\b[^>]*>.*?</form>", html, re.DOTALL)
    assert forms
    for form in forms:
        assert 'method="post"' in form
        # A provider's answer is what the provider made of it, and proves itself.
        is_relayed = "data-relay" in form
        assert ('name="csrf_token" value="token-1"' in form) != is_relayed
    assert len([form for form in forms if "data-relay" in form]) == (name == "relay.html")


@EVERY_PAGE
def test_headings_go_down_one_at_a_time(name):
    levels = [int(tag[1]) for tag, _ in Outline(page(name)).tags if re.fullmatch("h[1-6]", tag)]
    start = levels.index(1)
    steps = zip(levels[start:], levels[start + 1 :], strict=False)
    assert all(after - before <= 1 for before, after in steps)


def test_the_error_summary_is_above_the_heading_and_says_the_same():
    html = page("step.html")
    assert html.index('role="alert"') < html.index("<h1>")
    assert '<a href="#field-a">&lt;script&gt;' in html
    assert "<title>Fejl: " in html
    assert 'role="alert"' not in page("step.html", error_links=(), overtaken=[])


def test_a_page_without_a_municipality_or_a_user():
    html = page("places.html", authority="", contact=None, solution_title="", user_name="")
    assert "<title>Titel</title>" in html
    assert "/logout" not in html


def test_a_missing_value_is_an_error():
    with pytest.raises(jinja2.UndefinedError):
        PageRenderer(PLAIN).page("home.html", title="x")


def test_a_theme_takes_what_it_lacks_from_the_one_it_extends(tmp_path):
    (tmp_path / "message.html").write_text("Egen: {{ heading }}", "utf-8")
    own = PlainTheme("own", tmp_path, tmp_path, "plain")
    renderer = PageRenderer(own, {"plain": PLAIN})
    assert renderer.page("message.html", heading="<b>") == "Egen: &lt;b&gt;"
    assert with_extended(own, {"plain": PLAIN}) == (own, PLAIN)


def test_a_theme_that_extends_nothing_known_or_itself_is_an_error(tmp_path):
    with pytest.raises(DefinitionError, match='extends "gone"'):
        with_extended(PlainTheme("own", tmp_path, tmp_path, "gone"), {})
    round_trip = PlainTheme("own", tmp_path, tmp_path, "own")
    with pytest.raises(DefinitionError, match="itself"):
        with_extended(round_trip, {"own": round_trip})


def test_the_contract():
    assert verifyObject(ITheme, PLAIN)


def _luminance(colour):
    if len(colour) == 4:
        colour = "#" + "".join(c * 2 for c in colour[1:])
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_have_enough_contrast():
    css = (PLAIN.static / "plain.css").read_text("utf-8")
    colour = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", css))
    grounds = ("sheet", "ground", "note-ground", "error-ground")
    for ink in ("ink", "quiet", "link", "error", "brand"):
        for ground in grounds:
            assert contrast(colour[ink], colour[ground]) >= 4.5, (ink, ground)
    assert contrast("#fff", colour["brand"]) >= 4.5
    assert contrast("#e4eaeb", colour["quiet"]) >= 4.5
    assert contrast("#777", "#888") < 4.5, "negative control"
