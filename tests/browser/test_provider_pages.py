"""The pages of the demo's login and payment, which a visitor of the demo sees as well."""

from __future__ import annotations

import pytest

from walking.extent import LOCALES, PHONE
from walking.walk import SOLUTION, Walk


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_of_the_provider(make_town, examined, locale):
    town = make_town("plain")
    page, examiner = examined(town, PHONE)
    walk = Walk(page, town, "mors", locale)
    for state in walk.whole_way():
        if state == "provider: payment":
            break
    payment = page.url
    walk.leave_by(page.locator("button[value=silent]"))
    examiner.look_at(page, "provider: paid, and the window is to be closed")
    page.goto(payment)
    examiner.look_at(page, "provider: payment ended")
    page.goto(f"{town.provider.url}/logged-out?locale={locale}")
    examiner.look_at(page, "provider: logged out")
    page.goto(f"{town.provider.url}/login?request=nonsense")
    examiner.look_at(page, "provider: error")
    walk.open(f"/{SOLUTION}/betaling")
    examiner.look_at(page, "after a payment that nobody told of")
    page.goto(town.places_url)
    examiner.look_at(page, "choose a municipality")
    examiner.expect_nothing()
