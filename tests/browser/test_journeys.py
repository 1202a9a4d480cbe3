"""The whole way through both municipalities, in each look, on a phone and at a desk."""

from __future__ import annotations

import pytest

from walking.extent import ways
from walking.walk import Walk


@pytest.mark.parametrize(("look", "municipality", "width", "locale"), ways())
def test_the_whole_way(make_town, examined, look, municipality, width, locale):
    town = make_town(look)
    page, examiner = examined(town, width)
    for state in Walk(page, town, municipality, locale).whole_way():
        examiner.look_at(page, state)
    examiner.expect_nothing()
