"""The warning before the login ends, with both clocks moved ahead: the town's and the browser's."""

from __future__ import annotations

import datetime

import pytest

from walking.extent import LOOK_NAMES, PHONE
from walking.keys import Keyboard
from walking.walk import Walk

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def asked(make_town, examined):
    """Logged in, at the first question; the browser's clock in our hands."""

    def at_first_question(look):
        town = make_town(look)
        page, examiner = examined(town, PHONE)
        page.clock.install()
        walk = Walk(page, town, "mors")
        next(state for state in walk.whole_way() if state == "person, empty")
        return walk, examiner

    return at_first_question


def wait(walk, minutes):
    """Nothing is done for so long."""
    walk.town.clock.ahead += minutes * MINUTE
    walk.page.clock.fast_forward(minutes * 60_000)


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_it_warns_and_makes_it_last(asked, look):
    walk, examiner = asked(look)
    dialog = walk.page.get_by_role("alertdialog")
    wait(walk, 20)
    assert not dialog.is_visible()
    wait(walk, 6)
    dialog.wait_for()
    examiner.look_at(walk.page, "the warning before the login ends")
    button = dialog.get_by_role("button", name=walk.t("session.stay"), exact=True)
    button.press("Enter")
    dialog.wait_for(state="hidden")
    wait(walk, 6)
    walk.page.reload()
    assert walk.page.locator("[name=holder]").count(), "the login did not last"
    examiner.expect_nothing()


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_who_does_nothing_is_told(asked, look):
    walk, examiner = asked(look)
    wait(walk, 31)
    walk.page.wait_for_url("**/slut/inaktiv**")
    examiner.look_at(walk.page, "the login has ended")
    stops = Keyboard(walk.page).look_through("the login has ended")
    assert any(walk.t("session.log_in_again") in stop.name for stop in stops)
    examiner.expect_nothing()
