"""Two windows on one step, leaving in the middle, and what the warning says is not saved."""

from __future__ import annotations

import datetime

import pytest

from walking.extent import DESK, LOOK_NAMES, PHONE
from walking.walk import Walk

EVERY_SIZE = pytest.mark.parametrize("width", [PHONE, DESK])
EVERY_LOOK = pytest.mark.parametrize("look", LOOK_NAMES)
WARNING = datetime.timedelta(minutes=26)


@pytest.fixture
def walk_to(make_town, examined):
    """A walk to a state, in a window that is examined, its clock in our hands."""

    def to(state, look, width):
        town = make_town(look)
        page, examiner = examined(town, width)
        page.clock.install()
        walk = Walk(page, town, "mors")
        next(one for one in walk.whole_way() if one == state)
        return walk, examiner

    return to


def save_in_another_window(walk, cause):
    """The same step, open in a second window, is saved there."""
    other = Walk(walk.page.context.new_page(), walk.town, "mors")
    other.page.goto(walk.page.url)
    other.choose("cause", cause)
    other.go_on()
    other.page.close()


@EVERY_SIZE
@EVERY_LOOK
def test_two_windows(walk_to, look, width):
    walk, examiner = walk_to("reason, empty", look, width)
    save_in_another_window(walk, "lost")
    walk.choose("cause", "new_doctor")
    walk.go_on()
    examiner.look_at(walk.page, "saved in another window meanwhile")
    focused = walk.page.evaluate("document.activeElement.className")
    assert "overtaken" in focused, "the reader begins at what has happened"
    assert walk.page.locator("input[value=new_doctor]").is_checked()
    walk.press("overtaken.save_here")
    assert walk.page.url.endswith("/trin/doctor")
    examiner.expect_nothing()


@EVERY_SIZE
@EVERY_LOOK
def test_leaving(walk_to, look, width):
    walk, examiner = walk_to("sending, empty", look, width)
    walk.write("email", "nowhere")
    walk.press("step.leave")
    examiner.look_at(walk.page, "left with something that cannot be saved")
    walk.write("email", "kirsten@example.org")
    walk.press("step.leave")
    examiner.look_at(walk.page, "saved, to be continued later")
    walk.follow("step.go_on")
    assert walk.page.locator("[name=email]").input_value() == "kirsten@example.org"
    examiner.expect_nothing()


def warn(walk):
    """Time passes until the warning is shown; whether it says that something is not saved."""
    walk.town.clock.ahead += WARNING
    walk.page.clock.fast_forward(int(WARNING.total_seconds()) * 1000)
    dialog = walk.page.get_by_role("alertdialog")
    dialog.wait_for()
    assert walk.t("session.saved") in dialog.inner_text()
    return walk.t("session.unsaved") in dialog.inner_text()


@EVERY_LOOK
def test_the_warning_says_nothing_of_what_was_not_typed(walk_to, look):
    walk, _ = walk_to("sending, empty", look, PHONE)
    assert not warn(walk)


@pytest.mark.parametrize("typed", ["text", "choice", "taken back"])
@EVERY_LOOK
def test_the_warning_says_that_what_was_typed_is_not_saved(walk_to, look, typed):
    walk, _ = walk_to("sending, empty", look, PHONE)
    if typed == "choice":
        walk.choose("proof", "no")
    else:
        walk.write("email", "kirsten@example.org")
    if typed == "taken back":
        walk.write("email", "")
    assert warn(walk) is (typed != "taken back")


@EVERY_LOOK
def test_the_warning_knows_that_a_refused_answer_is_not_saved(walk_to, look):
    walk, _ = walk_to("sending, empty", look, PHONE)
    walk.write("email", "nowhere")
    walk.go_on()
    assert warn(walk)
