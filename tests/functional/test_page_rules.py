"""Every page of a journey keeps the page rules: in each look, language and state."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urljoin

import pytest

from selvbetjening_core.errors import StoreUnavailable
from selvbetjening_core.journey.session_limits import USUAL_LIMITS
from selvbetjening_core.testing.pages import Expected, PageKind, breaches, rules_for
from selvbetjening_core.web.last_resort import last_resort
from selvbetjening_core.web.session_time import ENDED_REASONS
from selvbetjening_core.web.views import home as home_view
from selvbetjening_dkfds.theme import theme_from
from walking.looks import BORGER, LOOKS, MUNICIPALITY, VIRK, Look

DRESSED = (BORGER, VIRK, MUNICIPALITY)
SOLUTION = "sundhedskort"
DOCTOR = "Lægehuset på Æblevej"
EMAIL = "kirsten@example.org"
PERSON = "Kirsten Test Berggren"
WAYS = [("mors", "da"), ("aarhus", "en")]
ON_THE_CARD = "Gyldig fra"
QUOTED = (DOCTOR, EMAIL, ON_THE_CARD)
STEPS = {
    "person": ({"holder": "nobody"}, {"holder": "self"}),
    "reason": ({"cause": "boredom"}, {"cause": "damaged"}),
    "card": ({"card_age": "old"}, {"card_age": "under_4_years"}),
    "doctor": ({"doctor": "æ" * 101}, {"doctor": DOCTOR}),
    "sending": ({"proof": "perhaps", "email": "nowhere"}, {"proof": "yes", "email": EMAIL}),
    "consent": ({"cancel_old_card": "perhaps"}, {"cancel_old_card": "true"}),
}
"""For each step an answer in which every field is wrong, and one in which all are right."""


@dataclass
class Figures:
    """What this run has held to the rules."""

    pages: int = 0
    checks: int = 0
    by_look: dict[str, int] = field(default_factory=dict)


def told(found):
    return "\n".join(f"{place}: {line}" for place, lines in found.items() for line in lines)


@dataclass
class Walk:
    """A citizen in one municipality and language, every page of whom is examined."""

    town: object
    name: str
    locale: str
    figures: Figures
    found: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self):
        self.browser = self.town.browser(self.name)
        code = {"mors": "0773", "aarhus": "0751"}[self.name]
        composition = self.town.application.composition
        self.municipality = composition.municipalities[code]
        self.solution = self.municipality.solutions[SOLUTION].solution
        theme = self.municipality.file.theme
        self.expected = Expected(
            self.locale, quoted=QUOTED, design_system=theme.name == "dkfds", logged_in=False
        )

    def url(self, path):
        return path if self.locale == "da" else f"/{self.locale}{path}"

    def look(self, where, kind, **known):
        """Hold the page that the browser is at to the rules."""
        expected = replace(self.expected, **known)
        found = breaches(self.browser.page.text, kind, expected)
        rules = rules_for(kind, design_system=expected.design_system)
        self.figures.pages += 1
        self.figures.checks += len(list(rules))
        if found:
            place = f"{self.name} {self.locale} {where}"
            self.found[place] = [str(one) for one in found]

    def at(self, path, where, kind, status=200, **known):
        self.browser.get(self.url(path), status)
        self.look(where, kind, **known)

    # -- the way -----------------------------------------------------------------

    def whole_way(self):
        self.outside()
        self.logins()
        self.answer_all()
        self.pay()
        self.leave()
        return self.found

    def outside(self):
        """What anybody can open."""
        self.at("/", "front page", PageKind.HOME)
        self.at(f"/{SOLUTION}", "introduction", PageKind.INTRO)
        self.at("/nowhere", "404", PageKind.MESSAGE, 404)
        self.at(f"/{SOLUTION}/trin/person", "403", PageKind.MESSAGE, 403)
        for reason in ENDED_REASONS:
            self.at(f"/-/login/slut/{reason}", f"ended: {reason}", PageKind.MESSAGE)
        for where, sent, status in (
            ("no token", {}, 400),
            ("forged token", {"csrf_token": "x"}, 403),
            ("too much", {"x": "y" * 2_000_000}, 413),
        ):
            start = self.url(f"/{SOLUTION}/start")
            self.browser.page = self.browser.app.post(start, sent, status=status)
            self.look(where, PageKind.MESSAGE)

    def logins(self):
        """Cancelled, failed, too low, and then logged in."""
        self.at("/-/messages/login?token=whatever", "login failed", PageKind.MESSAGE, 403)
        for choice, where in (
            ({"cancel": "1"}, "login cancelled"),
            ({"person": "kirsten", "level": "low"}, "login too low"),
        ):
            self.to_provider(**choice)
            self.look(where, PageKind.MESSAGE)
        self.to_provider(person="kirsten", level="substantial")
        self.expected = replace(self.expected, logged_in=True)
        if self.browser.page.request.path.endswith("/sendt"):
            self.look("sent before", PageKind.MESSAGE)
            self.browser.submit()

    def to_provider(self, **choice):
        """To the provider's login page, and back with what was chosen there."""
        browser = self.browser
        browser.get(self.url(f"/{SOLUTION}"))
        page, _, query = browser.main_form().submit(status=303).location.partition("?")
        word = dict(parse_qsl(query))["request"]
        back = browser._post_out(urljoin(page, "/login"), request=word, **choice)
        browser.page = browser._follow(browser.app.get(back, status="*"))

    def answer_all(self):
        """Every step: empty, wrong in every field, complete."""
        token = {"csrf_token": self.browser.main_form()["csrf_token"].value}
        last = self.url(f"/{SOLUTION}/trin/consent")
        self.browser.page = self.browser.app.post(last, token, status=409)
        self.look("too early", PageKind.MESSAGE)
        for name in ("person", "reason", "card"):
            self.step(name)
        self.send("reason", {"cause": "new_doctor"})
        for name in ("doctor", "sending", "consent"):
            self.step(name)
        self.at(f"/{SOLUTION}/opsummering", "summary", PageKind.SUMMARY, answers=self.answers())
        self.at(f"/{SOLUTION}/trin/sending?ret", "to be corrected", PageKind.STEP)
        self.at(f"/{SOLUTION}", "introduction, begun", PageKind.INTRO)

    def step(self, name):
        wrong, right = STEPS[name]
        path = f"/{SOLUTION}/trin/{name}"
        (fields,) = (step.fields for step in self.solution.steps if step.name == name)
        optional = frozenset(one.name for one in fields if not one.required)
        known = {"optional": optional}
        self.at(path, f"{name}, empty", PageKind.STEP, **known)
        self.send(name, {})
        self.look(f"{name}, nothing sent", PageKind.STEP, errors=True, **known)
        self.send(name, wrong)
        self.look(f"{name}, all wrong", PageKind.STEP, errors=True, **known)
        assert self.browser.page.text.count('class="form-error-message"') >= len(wrong)
        self.send(name, right)
        self.at(path, f"{name}, complete", PageKind.STEP, **known)

    def send(self, name, answers):
        """Send a step as it is, whatever a browser would have let through."""
        browser = self.browser
        browser.get(self.url(f"/{SOLUTION}/trin/{name}"))
        form = browser.main_form()
        hidden = [
            (key, one.value)
            for key, inputs in form.fields.items()
            for one in inputs
            if key and one.attrs.get("type") == "hidden"
        ]
        pairs = [*hidden, *answers.items()]
        browser.page = browser._follow(browser.app.post(form.action, pairs, status="*"))

    def answers(self):
        """What was answered, in the words of the definition."""
        given = {"holder": PERSON, "doctor": DOCTOR, "email": EMAIL}
        told = {field.name: field for step in self.solution.steps for field in step.fields}
        yes = {"da": "Ja", "en": "Yes"}[self.locale]
        causes = {one.value: one.label.in_language(self.locale) for one in told["cause"].options}
        given |= {"cause": causes["new_doctor"], "proof": yes, "cancel_old_card": yes}
        return tuple(
            (told[key].label.in_language(self.locale), text) for key, text in given.items()
        )

    def pay(self):
        """Declined, cancelled, waited for, and paid at last."""
        browser = self.browser
        for action in ("decline", "cancel"):
            browser.get(self.url(f"/{SOLUTION}/opsummering"))
            browser.get(browser.pay(browser.accept(), action))
            self.look(f"payment: {action}", PageKind.PAYMENT)
        browser.get(self.url(f"/{SOLUTION}/opsummering"))
        browser.pay(browser.accept(), "silent")
        self.at(f"/{SOLUTION}/betaling", "payment: silence", PageKind.PAYMENT)
        browser.submit(form=browser.form_with(action="check"))
        self.look("receipt", PageKind.RECEIPT)

    def leave(self):
        """The status before and after delivery, the offer to begin again, and the log-off."""
        browser = self.browser
        receipt = browser.page.request.path
        browser.get(f"{receipt}/status")
        self.look("status, waiting", PageKind.STATUS)
        self.town.application.engine.drain()
        browser.get(f"{receipt}/status")
        self.look("status, delivered", PageKind.STATUS)
        self.at(f"/{SOLUTION}/sendt", "sent already", PageKind.MESSAGE)
        browser.log_out()
        self.expected = replace(self.expected, logged_in=False)
        self.look("logged off", PageKind.MESSAGE)
        browser.get(receipt, 403)
        self.look("403 after log-off", PageKind.MESSAGE)


@pytest.fixture(scope="module")
def figures(request):
    """Counted over all looks; told in one line at the end."""
    seen = Figures()
    yield seen
    looks = ", ".join(f"{look} {pages}" for look, pages in seen.by_look.items())
    plugins = request.config.pluginmanager
    with plugins.getplugin("capturemanager").global_and_fixture_disabled():
        line = f"\npage rules: {seen.checks} checks of {seen.pages} pages ({looks})"
        plugins.getplugin("terminalreporter").write_line(line)


@pytest.fixture
def dressed(make_town, installation):
    """A town in a look."""

    def build(look):
        if look in DRESSED and not theme_from().is_fetched:
            pytest.skip("the design system's files were not fetched when this was built")
        look.dress(installation)
        return make_town()

    return build


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_page_in_every_state_and_language(dressed, figures, look):
    town, before, found = dressed(look), figures.pages, {}
    for name, locale in WAYS:
        found |= Walk(town, name, locale, figures).whole_way()
    figures.by_look[look.name] = figures.pages - before
    assert not found, told(found)
    assert figures.by_look[look.name] > 75


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("locale", ["da", "en"])
def test_pages_for_what_goes_wrong_with_us(dressed, figures, monkeypatch, look, locale):
    walk = Walk(dressed(look), "mors", locale, figures)
    for error, status in ((RuntimeError("x"), 500), (StoreUnavailable("x"), 503)):

        def fails(*_, error=error):
            raise error

        monkeypatch.setattr(home_view, "show", fails)
        walk.at("/", str(status), PageKind.MESSAGE, status)
    assert not walk.found, told(walk.found)


@pytest.mark.fetched
def test_a_login_that_ended_by_itself(town, figures):
    walk = Walk(town, "mors", "da", figures)
    walk.logins()
    town.clock.ahead += USUAL_LIMITS.idle * 2
    walk.expected = replace(walk.expected, logged_in=False)
    walk.at(f"/{SOLUTION}/trin/person", "too late", PageKind.MESSAGE, 403)
    assert not walk.found, told(walk.found)


def test_the_choice_of_a_municipality(town):
    browser = town.browser()
    browser.host = f"localhost:{town.port}"
    browser.app.extra_environ["HTTP_HOST"] = browser.host
    for path, locale in (("/", "da"), ("/en/", "en")):
        html = browser.get(path).text
        assert [str(one) for one in breaches(html, PageKind.PLACES, Expected(locale))] == []


def test_the_last_resort_keeps_what_concerns_any_piece_of_html():
    assert [str(one) for one in breaches(last_resort("a1b2c3d4").text, PageKind.FRAGMENT)] == []


FAULTY_CHOICE = """<div class="form-group">
{% for option in options %}
<input type="radio" id="{{ option.id }}" name="{{ name }}" value="{{ option.value }}"
{{ option.checked }}>
<label for="{{ option.id }}">{{ option.label }}</label>
{% endfor %}
{% if error is not none %}<p class="form-error-message">{{ error }}</p>{% endif %}
</div>
"""
FAULTY_STEP = """{% extends "layout.html" %}
{% block content %}
<form method="post" action="{{ action_url }}">
<input type="hidden" name="csrf_token" value="{{ csrf_token }}">
{% for name, value in hidden %}
<input type="hidden" name="{{ name }}" value="{{ value }}">
{% endfor %}
{{ fields }}<button>Next</button>
</form>
{% endblock %}
"""
FAULTY_PLUGIN = """
from dataclasses import dataclass
from pathlib import Path
from zope.interface import implementer
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import ITheme
from selvbetjening_core.values import Look

@implementer(ITheme)
@dataclass(frozen=True)
class FaultyTheme:
    name: str = "faulty"
    templates: Path = Path(__file__).parent / "faulty_templates"
    static: Path = Path(__file__).parent / "faulty_templates"
    extends: str = "plain"
    settings: tuple = ()

    def look(self, context):
        return Look()

@hookimpl
def selvbetjening_register(register):
    register.theme(FaultyTheme())
"""


@pytest.fixture
def faulty_theme(tmp_path, monkeypatch, installation):
    """An installed plugin of somebody else's, with a theme that was never tested."""
    fields = tmp_path / "site" / "faulty_templates" / "fields"
    info = tmp_path / "site" / "faulty-1.dist-info"
    for folder in (fields, info):
        folder.mkdir(parents=True)
    (fields / "people.html").write_text(FAULTY_CHOICE, "utf-8")
    (fields.parent / "step.html").write_text(FAULTY_STEP, "utf-8")
    (tmp_path / "site" / "faulty_theme.py").write_text(FAULTY_PLUGIN, "utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: faulty\nVersion: 1\n", "utf-8")
    points = "[selvbetjening.plugins]\nfaulty = faulty_theme\n"
    (info / "entry_points.txt").write_text(points, "utf-8")
    monkeypatch.syspath_prepend(tmp_path / "site")
    plugin_set = installation / "plugin_sets" / "standard.toml"
    named = plugin_set.read_text("utf-8").replace("plugins = [", 'plugins = [\n    "faulty",', 1)
    plugin_set.write_text(named, "utf-8")
    yield Look("faulty", 'name = "faulty"\n')
    sys.modules.pop("faulty_theme", None)


def test_faulty_templates_in_a_theme_are_found(dressed, figures, faulty_theme):
    walk = Walk(dressed(faulty_theme), "mors", "da", figures)
    walk.logins()
    assert not walk.found, told(walk.found)
    walk.step("person")
    rules = {line.split(" at ")[0] for lines in walk.found.values() for line in lines}
    assert rules >= {
        "SB-15 summary-present",
        "SB-16 described-by",
        "SB-16 error-place",
        "SB-16 error-prefix",
        "SB-17 group-fieldset",
        "SB-18 foreign-words",
        "SB-23 position",
        "page buttons-last",
        "page own-messages",
    }
