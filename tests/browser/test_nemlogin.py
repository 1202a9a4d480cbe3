"""In a real browser at the local counterpart of NemLog-in: log in, and log out everywhere."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
import waitress

from selvbetjening_demo.provider.server import stop_server
from selvbetjening_nemlogin.counterpart.app import Counterpart, make_counterpart
from selvbetjening_nemlogin.counterpart.certificates import key_pem, made_key_pair
from selvbetjening_nemlogin.counterpart.service_providers import read_service_providers
from selvbetjening_nemlogin.keys import pem_of
from selvbetjening_nemlogin.metadata import own_metadata
from walking.extent import DESK, PHONE
from walking.looks import LOOKS
from walking.town import served_town
from walking.walk import Walk

_SOLUTION = "/sundhedskort"


@contextmanager
def served(counterpart_of):
    """The counterpart on a port of its own."""
    sockets = {}
    made = []

    def app(environ, start):
        return made[0](environ, start)

    server = waitress.create_server(
        app,
        map=sockets,
        host="127.0.0.1",
        port=0,
        threads=8,
    )
    counterpart = counterpart_of(f"http://127.0.0.1:{server.effective_port}")
    made.append(make_counterpart(counterpart))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield counterpart
    stop_server(server, thread, sockets)


@pytest.fixture
def both(tmp_path):
    """Two municipalities that log in with NemLog-in, and the counterpart that knows both."""
    ours = made_key_pair("us")
    keys = (made_key_pair("counterpart"), made_key_pair("nobody"))

    def dress(folder, counterpart):
        (folder / "nemlogin.xml").write_bytes(counterpart.metadata())
        (folder / "nemlogin.pem").write_text(pem_of(ours.certificate), "utf-8")
        (folder / "secrets" / "nemlogin").write_text(key_pem(ours), "utf-8")
        plugins = folder / "plugin_sets" / "standard.toml"
        text = plugins.read_text("utf-8").replace('"folder",', '"folder",\n    "nemlogin",')
        plugins.write_text(text, "utf-8")
        for file in (folder / "municipalities").glob("*.toml"):
            text = file.read_text("utf-8")
            old = text[text.index("[component.login]") : text.index("[component.staff]")]
            new = (
                '[component.login]\nplugin = "nemlogin"\nmetadata = "nemlogin.xml"\n'
                f'provider = "{counterpart.url}"\nkey = "file:secrets/nemlogin"\n'
                'certificate = "nemlogin.pem"\n\n'
            )
            file.write_text(text.replace(old, new), "utf-8")

    with served(lambda url: Counterpart(url, keys, {})) as counterpart:
        look = _WithNemLogin(LOOKS["plain"], lambda folder: dress(folder, counterpart))
        with served_town(tmp_path / "town", look) as town:
            for name in ("mors", "aarhus"):
                address = town.url(name, "")
                file = tmp_path / f"{name}.xml"
                url = f"{address}/-/messages/login"
                file.write_bytes(own_metadata(address, url, [ours.certificate]))
                counterpart.providers.update(read_service_providers([file]))
            yield town, counterpart


class _WithNemLogin:
    """A look, and another login."""

    def __init__(self, look, dress):
        self.look = look
        self.more = dress

    def dress(self, folder):
        self.look.dress(folder)
        self.more(folder)


def log_in(walk, person="kirsten", fault="nothing", level="Substantial"):
    """From the introduction through the counterpart's pages."""
    walk.open(_SOLUTION)
    walk.press("common.log_in")
    walk.page.locator(f"input[value={level}]").check()
    walk.page.locator("#break").select_option(fault)
    walk.page.locator(f"button[value={person}]").click()
    walk.page.wait_for_url("**/sundhedskort/trin/**" if fault == "nothing" else "**/messages/**")


def is_in(walk):
    """Does this browser get a page that one has to be logged in for?"""
    other = walk.page.context.new_page()
    answer = other.goto(walk.town.url(walk.municipality, f"{_SOLUTION}/trin/person"))
    other.close()
    return answer.status == 200


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_one_logs_in_and_out_everywhere(both, window, width):
    town, counterpart = both
    page, watch = window(town, width)
    mors, aarhus = Walk(page, town, "mors"), Walk(page, town, "aarhus")
    log_in(mors)
    assert "Kirsten" in page.locator("body").inner_text()
    log_in(aarhus)
    assert is_in(mors)
    assert is_in(aarhus)
    mors.open(_SOLUTION)
    page.locator("form[action$='/-/log-af'] button").first.click()
    page.wait_for_url("**/-/logget-af")
    assert page.locator("h1").inner_text() == mors.t("notice.logged_out.heading")
    assert not is_in(mors)
    assert not is_in(aarhus), "the counterpart has told the other one"
    assert counterpart.logged_in == {}
    foreign = [one for one in watch.findings() if counterpart.url not in one]
    assert foreign == []


@pytest.mark.parametrize("fault", ["altered", "level-low", "clear", "audience"])
def test_a_fault_of_the_providers_is_told_in_danish(both, window, fault):
    town, _ = both
    page, _ = window(town)
    walk = Walk(page, town, "mors")
    log_in(walk, fault=fault)
    page.wait_for_selector("main h1")
    text = page.locator("main").inner_text()
    assert "ikke logget ind" in text or "sikrere" in text or "niveau" in text, text
    assert not is_in(walk)


def test_without_script_one_presses_twice(both, window):
    town, _ = both
    page, _ = window(town, java_script_enabled=False)
    walk = Walk(page, town, "mors")
    walk.open(_SOLUTION)
    walk.press("common.log_in")
    page.locator("button[value=nancy_ann]").click()
    page.get_by_role("button", name="Fortsæt").click()
    walk.press("relay.go_on")
    assert page.url.endswith("/trin/person")
