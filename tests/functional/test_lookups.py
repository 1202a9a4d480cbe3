"""Looking up addresses and others without script; and a journey with everything a form can do."""

from __future__ import annotations

import json

import pytest
from moves import offer_moves
from upload_files import PDF
from webtest import Upload

from selvbetjening_clamav.counterpart import ClamdCounterpart
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.forms.kinds.lookup import is_kept
from selvbetjening_core.journey import lookups
from selvbetjening_core.values import CprNumber
from selvbetjening_core.web.front import places
from selvbetjening_demo.addresses import DemoAddresses

KIRSTEN = CprNumber("2911829996")
START = "/move/trin/where"
MORS, ODDER = "Jernbanevej 7, 7900 Nykøbing Mors", "Rådhuspladsen 1, 8300 Odder"


@pytest.fixture
def start(installation, make_town):
    with ClamdCounterpart() as clamd:

        def begin(failure=""):
            offer_moves(installation, clamd.port, failure)
            browser = make_town().browser()
            browser.log_in("kirsten", solution="move")
            return browser

        yield begin


@pytest.fixture
def browser(start):
    return start()


def press(browser, do, **fields):
    form = browser.main_form()
    for name, value in fields.items():
        form[name] = value
    browser.page = form.submit("do", value=do)
    assert browser.page.status_int == 200, browser.page.text
    return browser.page


def told(page):
    return [one.get_text() for one in page.html.select(".error-summary a")]


def options(page):
    return [one.find_next("label").get_text() for one in page.html.select("input[type=radio]")]


def kept(town, name):
    with town.work() as work:
        draft = work.drafts.unfinished(KIRSTEN, "move")
        return draft.answers.get(name)


@pytest.fixture
def asked(monkeypatch):
    """What the component was asked, in order."""
    seen = []
    for name in ("search", "find"):
        real = getattr(DemoAddresses, name)

        def listening(self, about, name=name, real=real):
            seen.append((name, getattr(about, "text", about)))
            return real(self, about)

        monkeypatch.setattr(DemoAddresses, name, listening)
    return seen


def test_the_whole_journey_with_everything_a_form_can_do(browser):
    """Address search, a condition over steps, rows and a file; no script."""
    page = press(browser, "home:search", home="rådhuspladsen")
    assert not told(page)
    assert options(page)[0] == "Rådhuspladsen 2, 8000 Aarhus C"
    assert "Vi fandt 3 adresser" in page.html.find(id="field-home-found").get_text()
    form = browser.main_form()
    form["home.key"] = "demo-10"
    page = browser.submit(form=form)
    assert page.request.path == "/move/trin/elsewhere"
    assert kept(browser.town, "home") == {
        "key": "demo-10",
        "text": ODDER,
        "data": {"postcode": "8300", "municipality": "0727"},
    }
    browser.get(START)
    page = browser.submit(home=MORS)
    assert page.request.path == "/move/trin/who", "the step that does not fit is skipped"
    press(browser, "movers:add", **{"movers.1.name": "Bo"})
    form = browser.main_form()
    form["movers.2.name"] = "Ea"
    form["lease"] = Upload("kontrakt.pdf", PDF, "application/pdf")
    page = browser.submit(form=form)
    assert page.request.path == "/move/opsummering", told(page)
    assert MORS in page.html.find("main").get_text()
    page = browser.submit()
    assert page.request.path.startswith("/kvittering")
    assert MORS in page.text
    browser.town.application.engine.drain()
    (file,) = browser.town.journal()
    delivered = json.loads(file.read_text("utf-8"))
    groups = delivered["case"]["groups"]
    answers = {one["field"]: one for group in groups for one in group["answers"]}
    assert answers["home"]["text"] == MORS
    assert answers["home"]["value"]["key"] == "demo-1"
    assert [one["name"] for one in answers["movers"]["value"]] == ["Bo", "Ea"]
    assert [one["name"] for one in delivered["attachments"]] == ["kontrakt.pdf"]


def test_who_goes_on_without_searching_is_shown_what_there_is(browser):
    page = browser.submit(home="rådhuspladsen")
    assert told(page) == [
        "Vælg en af mulighederne under »Ny adresse«, eller skriv noget andet og søg igen"
    ]
    (link,) = page.html.select(".error-summary a")
    assert page.html.find(id=link["href"][1:])["name"] == "home"
    assert len(options(page)) == 3
    assert browser.main_form()["home"].value == "rådhuspladsen"


def test_nothing_found(browser):
    page = press(browser, "home:search", home="qzqz")
    assert "Vi fandt ingen adresse" in page.text
    assert options(page) == []
    page = browser.submit()
    (message,) = told(page)
    assert message.startswith("Ret »Ny adresse«: Vi fandt ikke det, du har skrevet.")


def test_only_where_it_may_be_is_it_ones_own(browser):
    page = press(browser, "shed:search", home=MORS, shed="Bag huset")
    assert options(page) == ["Det er ikke på listen. Brug det, jeg har skrevet"]
    form = browser.main_form()
    form["shed.key"] = "-"
    browser.submit(form=form)
    assert kept(browser.town, "shed") == {"key": "", "text": "Bag huset", "data": {}}
    browser.get(START)
    form = browser.main_form()
    assert browser.submit().request.path != START, "what did not change is still right"
    fields = [pair for pair in form.submit_fields() if pair[0] not in ("home", "_saved")]
    forged = [*fields, ("_saved", "2"), ("home", "Bag huset"), ("home.key", "-")]
    page = browser.app.post(START, forged, status="*")
    assert page.status_int == 200
    assert kept(browser.town, "home")["text"] == MORS


def test_a_key_that_was_made_up_is_not_believed(browser):
    form = browser.main_form()
    fields = [pair for pair in form.submit_fields() if pair[0] != "home"]
    page = browser.app.post(START, [*fields, ("home", "x"), ("home.key", "demo-99")], status="*")
    assert page.status_int == 200
    assert kept(browser.town, "home") is None


def test_what_did_not_change_is_not_looked_up_again(browser, asked):
    browser.submit(home=MORS)
    assert asked == [("search", MORS)]
    browser.get(START)
    browser.submit()
    assert asked == [("search", MORS)]


def test_another_button_asks_nobody(browser, asked):
    browser.submit(home=MORS)
    asked.clear()
    press(browser, "movers:add", **{"movers.1.name": "Bo"})
    assert asked == []


@pytest.mark.parametrize("search", [True, False])
def test_where_the_register_is_away_what_is_typed_counts(start, search, caplog):
    browser = start("down")
    if search:
        page = press(browser, "home:search", home="Vej 1, 7900 By")
        assert "Vi kan ikke slå adresser op lige nu" in page.text
    page = browser.submit(home="Vej 1, 7900 By")
    assert page.request.path == "/move/trin/elsewhere", told(page)
    assert kept(browser.town, "home") == {"key": "", "text": "Vej 1, 7900 By", "data": {}}
    assert "Vej 1" not in caplog.text


def test_what_was_saved_while_it_was_away_is_looked_up_when_it_is_back(browser, monkeypatch):
    away = lambda *_: (_ for _ in ()).throw(Unavailable("planted"))  # noqa: E731
    with monkeypatch.context() as patched:
        patched.setattr(DemoAddresses, "search", away)
        browser.submit(home="Rådhuspladsen")
    assert kept(browser.town, "home")["key"] == ""
    browser.get(START)
    assert told(browser.submit()), "it has to be chosen now"


def test_a_front_that_answers_itself_would_be_noticed(browser, monkeypatch):
    """Control: then nobody is asked, and whatever is typed counts."""
    monkeypatch.setattr(places, "looks_up", lambda _: False)
    browser.town.app.registry.front._places._kept = places.Bounded(10)
    browser.submit(home="qzqz")
    assert is_kept(kept(browser.town, "home"))


def test_a_browser_that_is_believed_would_be_noticed(browser, monkeypatch):
    """Control: what a browser says was chosen is not asked about."""

    def believing(_component, text, key, _kept):
        return lookups.LookedUp((lookups.LookupMatch(key, text),))

    monkeypatch.setattr(lookups._Component, "found", believing)
    with pytest.raises(AssertionError):
        test_a_key_that_was_made_up_is_not_believed(browser)


def test_one_person_has_registers_asked_so_often_and_no_more(installation, start):
    file = installation / "municipalities" / "0773.toml"
    file.write_text(f"{file.read_text('utf-8')}\n[limits.lookups]\nperson = 2\n", "utf-8")
    browser = start()
    for _ in range(2):
        press(browser, "home:search", home="jernbanevej")
    form = browser.main_form()
    assert form.submit("do", value="home:search", status="*").status_int == 429
    assert browser.get(START).status_int == 200, "looking at the page asks nobody"
