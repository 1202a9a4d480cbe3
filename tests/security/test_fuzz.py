"""Some hundred odd requests and a few odd citizens; and that they notice a fault."""

from __future__ import annotations

import security_fuzz as fuzz
import suite


def test_nothing_fails_and_nothing_wrong_is_accepted():
    result = fuzz.run(suite.Options(small=True))
    assert result.missed == []
    assert result.figures["submissions judged"] > 0
    assert result.figures["answers kept and judged"] > 0


def test_it_notices_a_price_that_the_browser_sends():
    assert suite.missed(fuzz.run, suite.Options(small=True, fault="price-from-form"))
