"""However often it is sent, it is one submission: real processes, real HTTP, both databases."""

from __future__ import annotations

import threading

import pytest
from citizen import Citizen
from harness import Installation

CLICKS = 6


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def site(request):
    url = request.getfixturevalue("postgres_url") if request.param == "PostgreSQL" else ""
    with Installation(url) as installation:
        yield installation


def together(*actions):
    barrier, errors = threading.Barrier(len(actions)), []

    def run(action):
        barrier.wait()
        try:
            action()
        except BaseException as error:  # noqa: BLE001 - told by the one who waits
            errors.append(error)

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def windows(citizen, count):
    """The same summary in so many windows of one browser."""
    found = []
    for _ in range(count):
        one = Citizen(citizen.address, citizen.person)
        one.cookies, one.text, one.path = dict(citizen.cookies), citizen.text, citizen.path
        found.append(one)
    return found


def test_clicked_many_times_at_once_it_is_sent_once(site):
    web = site.serve()
    citizen = Citizen(web.address)
    citizen.fill_in()
    clicks = windows(citizen, CLICKS)
    # Another browser, where the same citizen has logged in and come as far.
    other = Citizen(web.address)
    other.log_in()
    other.get("/errand/opsummering")
    clicks.append(other)
    together(*(one.send for one in clicks))
    shown = {number for one in clicks for number in one.receipts}
    balance = site.balance(list(shown))
    assert len(shown) == 1
    assert (balance.accepted, balance.deliveries, balance.faults) == (1, 2, [])


def test_reload_and_back_lead_to_the_receipt(site):
    web = site.serve()
    citizen = Citizen(web.address)
    citizen.fill_in()
    summary = windows(citizen, 1)[0]
    number = citizen.send()
    citizen.get(citizen.path)
    assert citizen.shown_receipt() == number
    # Back to the summary as the browser kept it, and its button again.
    assert summary.send() == number
    summary.get("/errand/opsummering")
    assert summary.shown_receipt() == number
    assert site.balance([number]).accepted == 1


def test_another_matter_is_another_submission(site):
    """The negative control: what is meant to be sent twice is two."""
    web = site.serve()
    citizen = Citizen(web.address)
    assert citizen.submit() != citizen.submit()
    assert site.balance(citizen.receipts).accepted == 2
