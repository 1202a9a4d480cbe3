"""A citizen is sent to a login or a payment that a component declares, and nowhere else."""

from __future__ import annotations

from unittest import mock

from selvbetjening_core.values import Challenge
from selvbetjening_demo.identity import DemoIdentity
from selvbetjening_demo.payment import DemoPayment

ELSEWHERE = "https://elsewhere.example/?cpr=0"


def sending(component, url=ELSEWHERE):
    """The component sends the browser to somebody else."""
    return mock.patch.object(component, "begin", return_value=Challenge(url, "reference-1"))


def test_a_login_that_nobody_declares(town, caplog):
    browser = town.browser()
    browser.get("/sundhedskort")
    with sending(DemoIdentity):
        assert "Location" not in browser.submit(503).headers
    (told,) = [one for one in caplog.messages if "elsewhere" in one]
    assert told.startswith("a component sends the browser to https://elsewhere.example, which")


def test_a_payment_that_nobody_declares(town):
    browser = town.browser()
    browser.log_in("anders")
    browser.answer(cause="lost")
    with sending(DemoPayment):
        assert browser.accept().endswith("/sundhedskort/betaling")


def test_the_declared_one(town):
    """Negative control."""
    browser = town.browser()
    browser.get("/sundhedskort")
    with sending(DemoIdentity, f"{town.provider.url}/login?request=word"):
        assert browser.main_form().submit(status=303).location.startswith(town.provider.url)


def test_the_declared_ones_are_in_the_policy_of_their_pages_alone(town):
    browser = town.browser()
    assert town.provider.url in browser.get("/sundhedskort").headers["Content-Security-Policy"]
    nobodys = town.browser("nobody").app.get("/", status=404)
    assert "form-action 'self'; " in nobodys.headers["Content-Security-Policy"]
    style = browser.app.get("/-/static/plain.css")
    assert "form-action 'none'; " in style.headers["Content-Security-Policy"]
