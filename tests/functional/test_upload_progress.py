"""How far a file has come: shown, told at calm steps, stopped, and repeated when cut off.

In Chromium, over a line that is slow and can be cut. What is the same without script is
in test_uploads.py.
"""

from __future__ import annotations

import contextlib
import time
from types import SimpleNamespace

import pytest
from tests.functional.test_errors import dress
from tests.functional.test_uploads import asks_for_papers, clamd, on_disk  # noqa: F401
from upload_files import PDF

from selvbetjening_core.journey import uploads
from selvbetjening_core.values import CprNumber
from walking.chromium import NoBrowser, running_chromium
from walking.slow_line import slow_line
from walking.watch import Watch

SOME = PDF + b"\n%" + b"x" * 300_000
# More than the buffers of a line can take in at once.
# The bare waitress of these tests leaves a body that was cut off to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
LARGE = PDF + b"\n%" + b"x" * 7_000_000
SLOW = 2_500_000
KIRSTEN = CprNumber("2911829996")


@pytest.fixture(scope="module")
def chromium():
    with contextlib.ExitStack() as stack:
        try:
            yield stack.enter_context(running_chromium())
        except NoBrowser as reason:
            pytest.skip(f"browser tests: {reason}")


@pytest.fixture(params=["plain", pytest.param("dkfds", marks=pytest.mark.fetched)])
def at(request, own_solution, installation, make_town, clamd, chromium):  # noqa: F811
    """Kirsten's window at the step with files, over a slow line."""
    dress(installation, request.param)
    hosted = f'host = "127.0.0.1"\nport = {clamd.port}\nseconds = 5'
    asks_for_papers(own_solution, installation, hosted)
    town = make_town()
    with slow_line(town.port) as line, contextlib.ExitStack() as stack:
        host = f"mors.localhost:{line.port}"
        browser = town.browser()
        browser.host, browser.app.extra_environ["HTTP_HOST"] = host, host
        browser.log_in("kirsten", solution="papers")
        context = chromium.new_context(viewport={"width": 320, "height": 800})
        stack.callback(context.close)
        context.set_default_timeout(20_000)
        context.add_cookies(
            [
                {"name": one.name, "value": one.value, "url": f"http://{host}/"}
                for one in browser.app.cookiejar
            ]
        )
        watch = Watch(context, frozenset({host}))
        page = context.new_page()
        page.goto(f"http://{host}/papers/trin/papers")
        page.evaluate(LISTEN)
        yield SimpleNamespace(town=town, line=line, page=page, watch=watch)


LISTEN = """
window.told = [];
new MutationObserver(() => {
    const text = document.querySelector("form > [role=status]").textContent;
    if (text) { window.told.push(text); }
}).observe(document.querySelector("form > [role=status]"), {childList: true});
"""


def choose(at, *names, content=SOME, field="proof"):
    at.page.set_input_files(
        f"#field-{field}",
        [
            {"name": name, "mimeType": "application/pdf", "buffer": content + str(i).encode()}
            for i, name in enumerate(names)
        ],
    )


def attach(at, field="proof"):
    at.page.click(f"button[value='{field}:upload']")


def until(at, script):
    """Wait for it; asked from outside, since the page's policy lets nothing be evaluated."""
    deadline = time.monotonic() + 20
    while not at.page.evaluate(script):
        assert time.monotonic() < deadline, script
        at.page.wait_for_timeout(20)


def files(at):
    return at.page.locator(".file-name").all_inner_texts()


def kept(at, field="proof"):
    with at.town.work() as work:
        draft = work.drafts.unfinished(KIRSTEN, "papers")
    return [one["name"] for one in draft.answers.get(field, [])]


def nothing_else(at):
    assert list(at.watch.findings()) == []


def test_it_is_shown_how_far_it_has_come_and_nothing_typed_is_lost(at):
    page = at.page
    page.fill("[name=why]", "Halvt skrevet")
    at.line.bytes_a_second = SLOW
    choose(at, "stor.pdf", content=LARGE, field="more")
    attach(at, "more")
    bar = page.locator("progress")
    bar.wait_for()
    assert bar.evaluate(
        "one => document.getElementById(one.getAttribute('aria-labelledby')).textContent"
    ) == ("Sender stor.pdf")
    until(at, "document.querySelector('progress').value > 20")
    assert page.evaluate("document.activeElement.textContent") == "Stop"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator(".file-name").wait_for()
    assert [one.split(" (")[0] for one in files(at)] == ["stor.pdf"]
    assert page.input_value("[name=why]") == "Halvt skrevet"
    assert page.url.endswith("/papers/trin/papers")
    told = page.evaluate("window.told")
    assert told == [
        "25 % af stor.pdf er sendt",
        "50 % af stor.pdf er sendt",
        "75 % af stor.pdf er sendt",
        "stor.pdf er nået frem. Vi ser den efter",
        "stor.pdf er vedhæftet",
    ]
    assert page.evaluate("document.activeElement.id") == "field-more"
    nothing_else(at)


def test_it_can_be_stopped_and_nothing_is_kept(at):
    at.line.bytes_a_second = SLOW
    choose(at, "stor.pdf", content=LARGE, field="more")
    attach(at, "more")
    until(at, "document.querySelector('progress').value > 10")
    at.page.click("text=Stop")
    at.page.locator("text=Du stoppede. stor.pdf er ikke vedhæftet").first.wait_for()
    until(at, "!document.querySelector('progress')")
    assert files(at) == []
    assert kept(at, "more") == []
    at.line.bytes_a_second = 0
    choose(at, "stor.pdf", content=LARGE, field="more")
    attach(at, "more")
    at.page.locator(".file-name").wait_for()
    assert kept(at, "more") == ["stor.pdf"]


AGAIN = "text=Forbindelsen blev afbrudt. Vi prøver igen"


def test_what_is_cut_off_is_repeated_and_not_doubled(at):
    at.line.cut_after = 100_000
    choose(at, "stor.pdf")
    attach(at)
    at.page.locator(AGAIN).first.wait_for()
    assert kept(at) == [], "control: it was cut off"
    at.line.cut_after = 0
    at.page.locator(".file-name").wait_for()
    assert kept(at) == ["stor.pdf"]
    assert len(on_disk(at.town)) == 1


def test_a_file_whose_answer_is_lost_is_there_once(at):
    """The server has it, and the browser cannot know."""
    at.line.loses_answers = True
    choose(at, "stor.pdf")
    attach(at)
    at.page.locator(AGAIN).first.wait_for()
    assert kept(at) == ["stor.pdf"], "control: it has arrived"
    at.line.loses_answers = False
    at.page.locator(".file-name").wait_for()
    assert kept(at) == ["stor.pdf"]
    assert len(on_disk(at.town)) == 1


def test_a_server_that_kept_it_twice_would_be_noticed(at, monkeypatch):
    """Negative control: each arrival of a file is given another fingerprint."""
    honest, seen = uploads.listed, []

    def forgetful(answers, field):
        found = honest(answers, field)
        seen.append(field)
        return [{**one, "sha256": str(len(seen))} for one in found]

    monkeypatch.setattr(uploads, "listed", forgetful)
    at.line.loses_answers = True
    choose(at, "stor.pdf")
    attach(at)
    at.page.locator(AGAIN).first.wait_for()
    at.line.loses_answers = False
    at.page.locator(".file-name").first.wait_for()
    assert kept(at) == ["stor.pdf"] * 2


def test_one_can_try_again_when_the_line_stays_away(at):
    at.page.clock.install()
    choose(at, "stor.pdf")
    at.line.refuses = True
    at.line.close()
    attach(at)
    for _ in range(6):
        at.page.wait_for_timeout(150)
        at.page.clock.run_for(20_000)
    again = at.page.locator("button:has-text('Prøv igen')")
    again.wait_for()
    assert "Vi kan ikke få forbindelse" in at.page.locator(".upload-line").inner_text()
    at.line.refuses = False
    again.click()
    at.page.locator(".file-name").wait_for()
    assert kept(at) == ["stor.pdf"]


def test_next_sends_the_files_and_goes_on(at):
    at.page.fill("[name=why]", "Derfor")
    choose(at, "en.pdf", "to.pdf")
    at.page.click("main button:has-text('Næste'):not(.sr-only)")
    at.page.wait_for_url("**/opsummering")
    assert kept(at) == ["en.pdf", "to.pdf"]
    nothing_else(at)


def test_what_is_refused_is_told_at_the_question(at):
    at.page.click("main button:has-text('Næste'):not(.sr-only)")
    at.page.locator(".error-summary a[href='#field-proof']").wait_for()
    choose(at, "skema.pdf", content=b"no pdf at all")
    attach(at)
    at.page.locator("#field-proof-error:has-text('Filen skal være af typen')").wait_for()
    assert at.page.evaluate("document.activeElement.id") == "field-proof"
    choose(at, "rigtig.pdf")
    attach(at)
    at.page.locator(".file-name").wait_for()
    assert at.page.locator("#field-proof-error").count() == 0
    assert at.page.locator(".error-summary a[href='#field-proof']").count() == 0
    nothing_else(at)


def test_when_the_login_is_over_the_page_says_so(at):
    choose(at, "stor.pdf")
    at.page.context.clear_cookies()
    attach(at)
    at.page.locator("#field-proof").wait_for(state="detached")
    at.page.wait_for_load_state()
    assert at.page.locator("h1").count() == 1
    assert at.page.locator("progress").count() == 0
    assert kept(at) == []


def test_without_script_the_same_form_does_it(at):
    context = at.page.context.browser.new_context(java_script_enabled=False)
    context.add_cookies(at.page.context.cookies())
    page = context.new_page()
    page.goto(at.page.url)
    page.set_input_files(
        "#field-proof", [{"name": "en.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    page.click("button[value='proof:upload']")
    page.locator(".file-name").first.wait_for()
    assert page.locator(".file-name").count() == 1
    assert page.locator("progress").count() == 0
    context.close()
