"""A journey with everything a form can do: address search, a condition, rows and a file."""

from __future__ import annotations

import contextlib

import pytest
from moves import offer_moves
from upload_files import PDF

from selvbetjening_clamav.counterpart import ClamdCounterpart
from walking.extent import DESK, LOOK_NAMES, PHONE
from walking.looks import LOOKS
from walking.town import served_town
from walking.walk import Walk

SEARCH = "button[value='home:search']"
ADD = "button[value='movers:add']"


class Offering:
    """A look, in a town that offers the solution as well."""

    def __init__(self, look, clamd_port):
        self._look = look
        self._clamd_port = clamd_port

    def dress(self, folder):
        self._look.dress(folder)
        offer_moves(folder, self._clamd_port)


@pytest.fixture
def town_of(tmp_path):
    with contextlib.ExitStack() as stack:

        def served(look):
            clamd = stack.enter_context(ClamdCounterpart())
            offering = Offering(LOOKS[look], clamd.port)
            return stack.enter_context(served_town(tmp_path / "town", offering))

        yield served


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("look", LOOK_NAMES)
def test_the_whole_way(town_of, examined, look, width):
    town = town_of(look)
    page, examiner = examined(town, width)
    walk = Walk(page, town, "mors")
    walk.open("/move")
    walk.press("common.log_in")
    walk.leave_by(page.locator("button[value=kirsten]"))
    page.fill("[name=home]", "rådhuspladsen")
    walk.leave_by(page.locator(SEARCH))
    examiner.look_at(page, "addresses found")
    walk.choose("'home.key'", "demo-10")
    walk.go_on()
    examiner.look_at(page, "a step because of what an address tells")
    walk.choose("told", "yes")
    walk.go_on()
    page.fill("[name='movers.1.name']", "Bo")
    walk.leave_by(page.locator(ADD))
    page.fill("[name='movers.2.name']", "Ea")
    page.set_input_files("[name=lease]", {"name": "a.pdf", "mimeType": "x/y", "buffer": PDF})
    examiner.look_at(page, "rows and a file")
    walk.go_on()
    assert page.url.endswith("/move/opsummering")
    examiner.look_at(page, "summary of everything")
    main = page.locator("main").inner_text()
    assert all(one in main for one in ("Rådhuspladsen 1, 8300 Odder", "Bo", "Ea", "a.pdf"))
    walk.press("summary.send")
    assert "/kvittering/" in page.url
    examiner.look_at(page, "receipt of everything")
    examiner.expect_nothing()
