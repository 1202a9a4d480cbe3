"""For whom a page is hard to read: a small screen, one's own colours, no eyes, a long name."""

from __future__ import annotations

import tomllib
from types import SimpleNamespace

import pytest

from selvbetjening_demo import people
from selvbetjening_dkfds.fetch import FOLDER
from walking.extent import LOOK_NAMES, PHONE
from walking.fit import overflow_findings
from walking.walk import Walk

SMALL = {"width": PHONE, "height": 568}
LONG = "Sankthansaftensprogforskningsinstitutmedarbejderforeningsformandskabskandidatsen"


def walk_to(walk, wanted):
    assert any(state == wanted for state in walk.whole_way())


@pytest.fixture
def begin(make_town, window):
    """A walk in a look; the window's options are Playwright's."""

    def begun(look, **options):
        town = make_town(look)
        page, _ = window(town, PHONE, **options)
        page.set_viewport_size(SMALL)
        return Walk(page, town, "mors")

    return begun


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_the_question_begins_on_the_upper_half_of_a_small_telephone(begin, look):
    walk = begin(look)
    walk_to(walk, "person, empty")
    top = walk.page.evaluate("document.querySelector('main').getBoundingClientRect().top")
    assert top <= SMALL["height"] / 2


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_a_page_with_errors_opens_at_their_summary(begin, look):
    walk = begin(look, java_script_enabled=False)
    walk_to(walk, "person, with errors")
    summary = walk.page.locator("[role=alert]")
    assert walk.page.locator(":focus").and_(summary).count() == 1
    walk.page.keyboard.press("Tab")
    assert walk.page.locator(":focus").inner_text() == summary.locator("a").first.inner_text()


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_what_is_chosen_is_seen_in_the_users_own_colours(begin, look):
    walk = begin(look, forced_colors="active")
    walk_to(walk, "person, empty")
    assert is_seen_when_chosen(walk, "input[value=self]")
    walk.go_on()
    for name, value in (("cause", "lost"), ("proof", "no")):
        walk.choose(name, value)
        walk.go_on()
    assert is_seen_when_chosen(walk, "input[name=cancel_old_card]")


def test_a_sheet_that_forgets_those_colours_is_found(begin):
    walk = begin("borger.dk", forced_colors="active")
    walk.page.route("**/dkfds-own.css*", without_forced_colours)
    walk_to(walk, "person, empty")
    assert not is_seen_when_chosen(walk, "input[value=self]")


def without_forced_colours(route):
    text = (FOLDER / "static" / "dkfds-own.css").read_text("utf-8")
    changed = text.replace("(forced-colors: active)", "not all")
    assert changed != text
    route.fulfill(body=changed, content_type="text/css")


def is_seen_when_chosen(walk, css):
    """Does it look different, apart from where focus and pointer are?"""
    control, form = walk.page.locator(f"main {css}"), walk.page.locator("main form")
    before = form.screenshot()
    control.check(force=True)
    control.blur()
    walk.page.mouse.move(0, 0)
    return form.screenshot() != before


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_a_name_of_one_long_word_fits(begin, monkeypatch, look):
    def renamed(text):
        data = tomllib.loads(text)
        data["person"]["kirsten"]["name"] = f"Kirsten {LONG}"
        return data

    monkeypatch.setattr(people, "tomllib", SimpleNamespace(loads=renamed))
    walk = begin(look)
    found = [
        f"{state}: {finding}"
        for state in walk.whole_way()
        for finding in overflow_findings(walk.page)
    ]
    assert found == []


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_the_receipt_can_be_printed(begin, look):
    walk = begin(look)
    walk_to(walk, "receipt")
    walk.page.evaluate("window.print = () => { window.printed = true; }")
    walk.page.get_by_role("button", name=walk.t("receipt.print"), exact=True).click()
    assert walk.page.evaluate("window.printed")


def test_without_script_there_is_no_button_that_does_nothing(begin):
    walk = begin("plain", java_script_enabled=False)
    walk_to(walk, "receipt")
    assert walk.page.get_by_role("button", name=walk.t("receipt.print")).count() == 0
