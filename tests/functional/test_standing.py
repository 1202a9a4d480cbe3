"""What the citizen is told of a submission on its way: received, delivered, accepted."""

from __future__ import annotations

import pytest

from selvbetjening_core.journey.records import DeliveryState, WaivedAs
from selvbetjening_core.texts import texts_for

DA = texts_for("da").t
NOT_YET = DA("standing.not_yet")


@pytest.fixture
def sent(town):
    """A browser at its receipt; nothing is delivered, since no worker runs."""
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer(cause="married")
    browser.submit()
    assert "/kvittering/" in browser.page.request.path
    return browser


def moved(town, browser, *states, **more):
    """Set the states of the two deliveries, in order."""
    submission = browser.page.request.path.split("/kvittering/")[1].split("/")[0]
    with town.work() as work:
        for row, state in zip(work.deliveries.of_submission(submission), states, strict=True):
            work.deliveries.move(row.id, state, work.now(), **more)


def stages(browser):
    """The rows below "how far is it", by label."""
    found = {}
    for row in browser.page.html.main.select("tr"):
        found[row.th.get_text(strip=True)] = row.td.get_text(strip=True)
    return found


def both_pages(browser):
    path = browser.page.request.path.removesuffix("/status")
    for address in (path, f"{path}/status"):
        browser.get(address)
        yield browser.page.html.main.get_text(" ", strip=True), stages(browser)


S = DeliveryState


@pytest.mark.parametrize(
    ("states", "standing", "delivered", "accepted"),
    [
        ((S.WAITING, S.WAITING), "on_its_way", False, False),
        ((S.DELIVERED, S.SENDING), "on_its_way", False, False),
        ((S.PARKED, S.WAITING), "looked_at", False, False),
        ((S.DELIVERED, S.UNKNOWN), "looked_at", False, False),
        ((S.ACCEPTED_PENDING, S.DELIVERED), "delivered", True, False),
        ((S.DELIVERED, S.DELIVERED), "accepted", True, True),
    ],
)
def test_what_is_told(town, sent, states, standing, delivered, accepted):
    moved(town, sent, *states)
    for text, rows in both_pages(sent):
        assert DA(f"standing.{standing}.what") in text
        assert DA(f"standing.{standing}.next") in text
        assert rows[DA("standing.received_at")] != NOT_YET
        assert (rows[DA("standing.delivered_at")] != NOT_YET) is delivered
        assert (rows[DA("standing.accepted_at")] != NOT_YET) is accepted


def test_the_receivers_case_number_is_told_once(town, sent):
    moved(town, sent, S.DELIVERED, S.DELIVERED, remote_reference="J-2026-17")
    for _, rows in both_pages(sent):
        assert rows["Sagsnummer: Kommunens sagssystem"] == "J-2026-17"


@pytest.mark.parametrize(
    ("way", "standing"),
    [(WaivedAs.BY_HAND, "accepted"), (WaivedAs.NOT_CARRIED_OUT, "not_carried_out")],
)
def test_only_what_is_final_is_told_as_a_failure(town, sent, way, standing):
    moved(town, sent, S.WAIVED, S.DELIVERED, waived_as=way)
    for text, rows in both_pages(sent):
        assert DA(f"standing.{standing}.what") in text
        is_final = rows[DA("standing.accepted_at")] == DA("standing.not_all")
        assert is_final is (way is WaivedAs.NOT_CARRIED_OUT)
        assert (DA("standing.not_carried_out.what") in text) is (standing == "not_carried_out")
        assert ("klage" in text) is (standing == "not_carried_out")
        assert DA(f"delivery.waived_{way}") in text
