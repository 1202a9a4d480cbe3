"""The whole way where scripts are switched off."""

from __future__ import annotations

import pytest

from walking.extent import LOOK_NAMES, PHONE
from walking.walk import Walk


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_it_works_without_script(make_town, window, look):
    town = make_town(look)
    page, watch = window(town, PHONE, java_script_enabled=False)
    walk = Walk(page, town, "aarhus")
    states = list(walk.whole_way())
    assert "/kvittering/" in walk.receipt_url
    assert states[-1] == "logged off"
    assert list(watch.findings()) == []
