"""The whole way without a mouse."""

from __future__ import annotations

import pytest

from walking.extent import DESK, LOOK_NAMES
from walking.keys import Keyboard
from walking.walk import SOLUTION, Walk


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_the_keyboard_is_enough(make_town, window, look):
    town = make_town(look)
    page, watch = window(town, DESK)
    walk = Walk(page, town, "mors")
    keys = Keyboard(page)

    walk.open("/")
    keys.look_through("front page")
    keys.press("Bestil nyt sundhedskort")
    keys.look_through("introduction")
    keys.skip()
    keys.press(walk.t("common.log_in"))
    keys.look_through("provider: login")
    keys.press_value("kirsten")

    keys.look_through("person")
    keys.press(walk.t("step.next"))
    keys.look_through("person, with errors")
    answer_all(walk, keys)

    keys.look_through("summary")
    keys.press(walk.t("summary.pay"))
    keys.look_through("provider: payment")
    keys.press_value("pay")
    keys.look_through("receipt")
    keys.press(walk.t("receipt.status"))
    keys.look_through("status")
    keys.press(walk.t("layout.log_out"))
    walk.wait_until_logged_off()
    keys.look_through("logged off")
    keys.found.extend(watch.findings())
    assert not keys.found, "\n".join(["", *keys.found])


def answer_all(walk, keys):
    following = walk.t("step.next")
    keys.choose("holder", "self")
    keys.press(following)
    keys.look_through("reason")
    keys.choose("cause", "new_doctor")
    keys.press(following)
    keys.look_through("doctor")
    keys.write("doctor", "Lægehuset Æblevej")
    keys.press(following)
    keys.look_through("sending")
    keys.choose("proof", "no")
    keys.press(following)
    keys.look_through("consent")
    keys.tick("cancel_old_card")
    keys.press(following)


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_an_error_leads_to_its_field(make_town, window, look):
    town = make_town(look)
    page, _ = window(town, DESK)
    walk = Walk(page, town, "mors")
    for state in walk.whole_way():
        if state == "doctor, with errors":
            break
    keys = Keyboard(page)
    link = page.locator("[role=alert] a").first.inner_text()
    keys.tab_to("(text) => document.activeElement.innerText === text", link)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "doctor"
    assert SOLUTION in page.url
