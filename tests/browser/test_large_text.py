"""The browser's letters set to twice their size: everything is there, nothing is cut off."""

from __future__ import annotations

import pytest

from walking.extent import LOOK_NAMES
from walking.walk import Walk

WIDTH = 640
ORDINARY, DOUBLE = {"standard": 16, "fixed": 13}, {"standard": 32, "fixed": 26}
HEADING = "parseFloat(getComputedStyle(document.querySelector('main h1')).fontSize)"


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_twice_the_text_fits(make_town, examined, look):
    town = make_town(look)
    page, examiner = examined(town, WIDTH)
    session = page.context.new_cdp_session(page)
    for state in Walk(page, town, "aarhus").whole_way():
        before = page.evaluate(HEADING)
        session.send("Page.setFontSizes", {"fontSizes": DOUBLE})
        assert page.evaluate(HEADING) >= 1.5 * before, "the text does not follow the browser's"
        examiner.look_at(page, f"{state}, twice the text")
        session.send("Page.setFontSizes", {"fontSizes": ORDINARY})
    examiner.expect_nothing()
