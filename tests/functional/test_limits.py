"""Limits, as citizens, staff and outside systems meet them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from pyramid.interfaces import IRoutesMapper
from pyramid.request import Request

from selvbetjening_core.composition.limits import RATES, read_limits
from selvbetjening_core.composition.trusted_proxy import read_trusted_proxy
from selvbetjening_core.files import Table
from selvbetjening_core.files.toml_file import load_toml
from selvbetjening_core.problems import Problems
from selvbetjening_core.web.limits.client import client_address
from selvbetjening_core.web.limits.counting import COUNTED

DOCS = Path(__file__).resolve().parents[2] / "docs"
MESSAGES = "/-/messages/login"
OUTSIDE, OTHER = "198.51.100.7", "198.51.100.8"


@pytest.fixture
def limited(installation, make_town):
    """A town with limits in its own file and in the installation's, behind a declared proxy."""

    def add(file: str, text: str):
        path = installation / file
        path.write_text(f"{path.read_text('utf-8')}\n{text}\n", "utf-8")

    def make(own: str = "", of_all: str = "", proxy: str = "127.0.0.1"):
        add("municipalities/0773.toml", own)
        add("selvbetjening.toml", of_all)
        if proxy:
            add("selvbetjening.toml", f'[web]\ntrusted_proxy = "{proxy}"')
        return make_town()

    return make


def from_address(browser, address: str):
    browser.app.extra_environ["REMOTE_ADDR"] = address
    return browser


def begin(town, address: str, name: str = "mors"):
    """A login is begun from an address; the answer."""
    browser = from_address(town.browser(name), address)
    browser.get("/sundhedskort")
    return browser.main_form().submit(status="*")


def test_one_address_is_held_and_others_go_on(limited):
    town = limited("[limits.logins]\naddress = 3")
    assert [begin(town, OUTSIDE).status_int for _ in range(4)] == [303, 303, 303, 429]
    assert begin(town, OTHER).status_int == 303
    assert begin(town, OUTSIDE, "aarhus").status_int == 303


def test_who_is_held_is_told_what_to_do(limited):
    town = limited("[limits.logins]\naddress = 1")
    begin(town, OUTSIDE)
    held = begin(town, OUTSIDE)
    assert "Vent lidt" in held.text
    assert "60 minutter" in held.text
    assert "er gemt" in held.text
    assert 3500 < int(held.headers["Retry-After"]) <= 3600


def begin_staff(town, address: str) -> int:
    """A login of staff is begun from an address; the status of the answer."""
    browser = from_address(town.browser(), address)
    browser.get("/-/drift/log-ind")
    return browser.main_form().submit(status="*").status_int


def test_citizens_keep_no_staff_from_their_login(limited):
    town = limited("[limits.logins]\naddress = 1\nmunicipality = 1")
    assert [begin(town, OUTSIDE).status_int for _ in range(2)] == [303, 429]
    assert begin_staff(town, OUTSIDE) == 303


def test_logins_of_staff_are_held_by_a_count_of_their_own(limited):
    town = limited("[limits.staff_logins]\naddress = 1")
    assert [begin_staff(town, OUTSIDE) for _ in range(2)] == [303, 429]
    assert begin(town, OUTSIDE).status_int == 303


def begin_draft(browser) -> int:
    """Whoever is logged in begins a form; the status of the answer."""
    browser.get("/sundhedskort")
    return browser.main_form().submit(status="*").status_int


def test_who_is_logged_in_begins_a_form_and_no_login(limited):
    """One address: a login, and then as many forms as the limit of forms says."""
    town = limited("[limits.logins]\naddress = 1\n[limits.drafts]\naddress = 3")
    browser = from_address(town.browser(), OUTSIDE)
    browser.log_in("kirsten")
    assert [begin_draft(browser) for _ in range(4)] == [303, 303, 303, 429]
    assert begin(town, OUTSIDE).status_int == 429


def test_a_session_that_is_none_spares_nobody_the_count_of_logins(limited):
    town = limited("[limits.logins]\naddress = 1")
    begun = []
    for number in range(3):
        browser = from_address(town.browser(), OUTSIDE)
        browser.get("/sundhedskort")
        name = next(one for one in browser.app.cookies if one.endswith("-form"))
        browser.app.set_cookie(name.removesuffix("form") + "0773", f"{number}" * 43)
        begun.append(browser.main_form().submit(status="*").status_int)
    assert begun == [303, 429, 429]


def test_an_address_that_is_everybodys_is_not_counted(limited):
    town = limited("[limits.logins]\naddress = 1")
    assert {begin(town, "127.0.0.1").status_int for _ in range(4)} == {303}


def test_one_person_is_held_wherever_they_come_from(limited):
    town = limited("[limits.submissions]\nperson = 1\naddress = 0")
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    browser.accept()
    form = browser.main_form()
    assert from_address(browser, OTHER) is browser
    assert form.submit(status="*").status_int == 429
    other = town.browser()
    other.log_in("anders")
    other.answer()
    assert other.main_form().submit(status="*").status_int == 303


def test_what_nobody_may_send_uses_up_nothing_of_those_who_may(limited):
    town = limited("[limits.submissions]\nmunicipality = 1\naddress = 0")
    stranger = town.browser()
    for _ in range(3):
        answer = stranger.app.post("/sundhedskort/opsummering", {"draft": "x"}, status="*")
        assert answer.status_int == 403
    citizen = town.browser()
    citizen.log_in("kirsten")
    citizen.answer()
    assert citizen.main_form().submit(status="*").status_int == 303


def test_every_counted_route_exists(town):
    mapper = town.app.registry.getUtility(IRoutesMapper)
    assert {name for name, _ in COUNTED} <= {one.name for one in mapper.get_routes()}
    assert set(COUNTED.values()) | {"drafts", "guest_drafts", "lookups", "uploads"} == set(RATES)


@pytest.mark.parametrize(
    ("given", "proxy", "found"),
    [
        ("198.51.100.7", "127.0.0.1", "198.51.100.7/32"),
        ("::ffff:198.51.100.7", "127.0.0.1", "198.51.100.7/32"),
        ("2001:db8:1:2:3:4:5:6", "127.0.0.1", "2001:db8:1:2::/64"),
        # Whoever it is may be a proxy's, and everybody's.
        ("198.51.100.7", "", ""),
        ("127.0.0.1", "", ""),
        # The server has not put the client's in its place.
        ("127.0.0.1", "127.0.0.1", ""),
        ("", "127.0.0.1", ""),
        ("unix:", "127.0.0.1", ""),
    ],
)
def test_the_address_that_is_counted(limited, given, proxy, found):
    request = Request.blank("/", environ={"REMOTE_ADDR": given})
    request.registry = limited(proxy=proxy).app.registry
    request.headers["X-Forwarded-For"] = OTHER
    assert client_address(request) == found


def test_long_headers_are_refused_with_a_page_in_the_language(town):
    browser = town.browser()
    danish = browser.app.get("/sundhedskort", headers={"X-Long": "x" * 20_000}, status=431)
    assert "Slet cookies" in danish.text
    english = browser.app.get("/en/sundhedskort", headers={"X-Long": "x" * 20_000}, status=431)
    assert "Delete the cookies" in english.text
    browser.app.get("/sundhedskort", headers={"X-Long": "x" * 10_000}, status=200)


@pytest.mark.parametrize(
    ("line", "body", "status"),
    [
        ("form_fields = 60", "a&" * 61, 413),
        ("form_bytes = 10000", "a=" + "x" * 10_000, 413),
        ("form_fields = 60", "a&" * 59, 403),
        ("form_bytes = 10000", "a=" + "x" * 9000, 403),
    ],
)
def test_the_installation_says_how_large_a_form_may_be(limited, line, body, status):
    town = limited(of_all=f"[limits]\n{line}")
    answer = town.browser().app.post("/sundhedskort/start", body, status="*")
    assert answer.status_int == status


@pytest.mark.parametrize("body", [b"[" * 51, b"<a>" * 51, b"<!DOCTYPE x><x/>"])
def test_a_message_that_is_deep_or_could_grow_reaches_no_component(town, body):
    answer = town.browser().app.post(MESSAGES, body, status=400)
    assert "kunne ikke læse" in answer.text
    assert town.browser().app.post(MESSAGES, b"[]", status="*").status_int != 400


def test_the_installation_says_how_large_a_message_may_be(limited):
    town = limited(of_all="[limits]\nmessage_bytes = 10000")
    town.browser().app.post(MESSAGES, b"x" * 10_001, status=413)


def test_a_strangers_search_is_refused_alike_whatever_it_is_for(town):
    answers = []
    for number in ("0773-AAAA-AAAA", "0751-AAAA-AAAA"):
        answer = town.browser().app.post("/-/drift/find", {"number": number}, status="*")
        answers.append((answer.status_int, len(answer.body)))
    assert len(set(answers)) == 1


def read_proxies(found, folder: Path) -> list[str]:
    """The networks that a documented table names, without a problem."""
    (folder / "x.toml").write_text(f"trusted_proxy = {json.dumps(found['web']['trusted_proxy'])}")
    problems = Problems()
    read = read_trusted_proxy(Table.whole(load_toml(folder / "x.toml", problems), problems))
    assert not problems.count_errors()
    return [str(one) for one in read]


@pytest.mark.parametrize("page", ["kommune", "municipality"])
def test_the_documented_tables_are_read(page, tmp_path):
    text = (DOCS / page / "behind-a-proxy.md").read_text("utf-8")
    one, several, limits = (
        tomllib.loads(found) for found in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    )
    assert read_proxies(one, tmp_path) == ["127.0.0.1/32"]
    assert read_proxies(several, tmp_path) == [
        "127.0.0.1/32",
        "10.0.0.0/24",
        "2001:db8:0:1::/64",
    ]
    (tmp_path / "x.toml").write_text(
        f"[limits.logins]\naddress = {limits['limits']['logins']['address']}"
    )
    problems = Problems()
    found = read_limits(Table.whole(load_toml(tmp_path / "x.toml", problems), problems))
    assert not problems.count_errors()
    assert found.rates["logins"].address == 2000
