"""The examples of docs/embedder, each started as a reader would start it."""

from __future__ import annotations

import json
import time

import pytest
from embed_site import HOST_LOGIN, free_port

SITES = ("pyramid_site.py", "flask_site.py", "django_site.py")


@pytest.mark.parametrize("example", SITES)
def test_the_whole_journey_inside_the_site(example, start_example, make_installation, browser):
    site = start_example(example, make_installation("/selvbetjening"))
    browser.open(f"{site}/")
    receipt = browser.order(f"{site}/selvbetjening/sundhedskort")
    assert "Morsø Kommune" in receipt
    browser.until("Kommet frem")
    assert browser.url.startswith(f"{site}/selvbetjening/kvittering/")
    # The site's own session has gone on beside ours, which is of the whole host.
    browser.open(f"{site}/")
    assert "Besøg: 2" in browser.text
    ours = {path for name, path in browser.names().items() if name.startswith("selvbetjening")}
    assert ours == {"/"}


@pytest.mark.parametrize("example", SITES)
def test_one_step_in_a_page_of_the_site(example, start_example, make_installation, browser):
    site = start_example(example, make_installation("/selvbetjening"))
    browser.open(f"{site}/affald")
    assert "Hvor står beholderen?" in browser.text
    assert browser.page.select("[role=alert]") == []
    page = browser.submit(status=422, bin_address='"><script>alert(1)</script>')
    (alert,) = page.select("[role=alert]")
    assert alert.select_one("a")["href"] == f"#{page.select_one('[name=problem]')['id']}"
    assert page.select("script") == []
    browser.submit(bin_address="Vej 1", problem="gone", role="mayor")
    assert browser.text == "Tak! gone"


@pytest.mark.parametrize("example", SITES)
def test_the_site_checks_its_own_token(example, start_example, make_installation, browser):
    site = start_example(example, make_installation("/selvbetjening"))
    answer = {"bin_address": "Vej 1", "problem": "gone"}
    status = 400 if "pyramid" in example else 403
    browser.open(f"{site}/affald", answer, status=status)


@pytest.mark.parametrize("example", SITES)
def test_the_style_sheet_is_served_as_a_file_and_by_the_mount(
    example, start_example, make_installation, browser
):
    site = start_example(example, make_installation("/selvbetjening"))
    browser.open(f"{site}/affald-static/fragment.css")
    assert ".selvbetjening-fragment" in browser.text
    browser.open(f"{site}/selvbetjening/-/static/plain.css")
    assert ".error-summary" in browser.text


def test_the_site_vouches_for_its_user(start_example, make_installation, browser):
    port = free_port()
    login = HOST_LOGIN.format(login_url=f"http://localhost:{port}/sig-god-for")
    installation = make_installation("/selvbetjening", login=login)
    key = installation.parent / "secrets" / "host"
    site = start_example("host_login.py", installation, key, port=port)
    receipt = browser.order(f"{site}/selvbetjening/sundhedskort")
    assert "Login er bekræftet af mors.dk" in receipt
    assert "2911829996" not in "".join(browser.seen)
    case = read_case(installation)
    assert case["parties"]["vouched_by"] == "mors.dk"
    assert case["parties"]["actor"]["name"] == "Kirsten Test Berggren"
    document = browser.page.select_one('a[href$="/dokument"]')["href"]
    browser.open(f"{site}{document}")
    assert "Login er bekræftet af mors.dk" in browser.text


def read_case(installation):
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        found = sorted((installation.parent / "var" / "journal").glob("*/case.json"))
        if found:
            return json.loads(found[0].read_text("utf-8"))["case"]
        time.sleep(0.1)
    raise AssertionError("nothing was delivered")
