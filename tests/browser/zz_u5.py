from __future__ import annotations
import pathlib
import pytest
from walking.troubles import make_troubles
from selvbetjening_core.errors import StoreUnavailable, CommitUnknown
from test_staff_pages import walk
OUT = pathlib.Path("/tmp/u5/shots"); OUT.mkdir(exist_ok=True)

@pytest.mark.parametrize("width", (320, 1280))
@pytest.mark.parametrize("look", ("plain", "dkfds"))
def test_staff(make_town, window, look, width):
    from walking.looks import LOOKS
    if look not in LOOKS:
        look = [n for n in LOOKS if n != "plain"][0]
    town = make_town(look)
    make_troubles(town.application)
    page, _ = window(town, width)
    for state in walk(page, town, "da"):
        page.screenshot(path=OUT / f"{look}-{width}-{state.replace(' ','_').replace(',','')}.png", full_page=True)
