"""The pages for staff: each looked at closely, and all of it done without a script."""

from __future__ import annotations

import pytest

from walking.extent import DESK, LOCALES, LOOK_NAMES, PHONE
from walking.troubles import make_troubles, many

WIDTHS = (PHONE, DESK)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("look", LOOK_NAMES)
def test_pages_for_staff(make_town, examined, look, width, locale):
    town = make_town(look)
    make_troubles(town.application)
    many(town.application, 30)
    page, examiner = examined(town, width)
    for state in walk(page, town, locale):
        examiner.look_at(page, f"staff, {state}")
    examiner.expect_nothing()


def test_all_of_it_without_a_script(make_town, window):
    town = make_town("plain")
    make_troubles(town.application)
    page, _ = window(town, PHONE, java_script_enabled=False)
    assert list(walk(page, town, "da"))[-1] == "given up"


def walk(page, town, locale):
    """Every page, empty and with errors; ends with a delivery that is given up."""

    def open_(path):
        return page.goto(town.url("mors", f"/-/drift{path}", locale)).status

    def send():
        page.locator("main form button[type=submit]").last.click()

    assert open_("") == 403
    yield "log in"
    send()
    page.click("text=Kirsten Demo")
    yield "overview"
    page.fill("#field-number", "0000-XXXX")
    send()
    yield "nothing found"
    for path, state in (
        ("/leveringer?vis=parked", "list"),
        ("/leveringer?vis=overdue&modtager=journal", "late ones"),
        ("/leveringer?modtager=nothing", "empty list"),
        ("/henvendelse/s-refused", "submission"),
        ("/levering/refused", "delivery"),
        ("/levering/late", "delivery that waits"),
        ("/levering/doubtful/proev-igen", "doubt"),
        ("/modtager/post", "receiver, paused"),
    ):
        assert open_(path) == 200, path
        yield state
    open_("/levering/doubtful/flyt")
    send_first(page)
    yield "moving, errors"
    open_("/modtager/journal")
    send()
    yield "receiver, errors"
    open_("/levering/given-up/opgiv")
    send_first(page)
    yield "giving up, errors"
    page.check("input[value=by_hand]")
    page.fill("textarea", "x")
    send_first(page)
    yield "giving up, sure"
    send_first(page)
    yield "given up"


def send_first(page):
    page.locator("main form button[type=submit]").first.click()
