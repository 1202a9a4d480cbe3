"""A commit that ends in an error: the citizen is told that nobody can tell yet."""

from __future__ import annotations

import re
import threading

import pytest

from selvbetjening_core.errors import CommitUnknown
from selvbetjening_core.journey.doubts import IN_DOUBT, SETTLED
from selvbetjening_core.store import store as store_module
from selvbetjening_core.store.submissions import SqlSubmissions

from .conftest import eventually

CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")


@pytest.fixture
def failing_commit(monkeypatch):
    """The next commit of a submission ends in an error; ``kept``: after all was kept."""
    commit, add = store_module._commit, SqlSubmissions.add
    waiting: list[bool] = []
    # By thread: whoever delivers meanwhile commits as well.
    submits: set[int] = set()

    def adding(self, case, facts):
        submits.add(threading.get_ident())
        return add(self, case, facts)

    def committing(connection, transaction):
        if not (waiting and threading.get_ident() in submits):
            commit(connection, transaction)
            return
        kept = waiting.pop()
        if kept:
            commit(connection, transaction)
        else:
            transaction.rollback()
        raise CommitUnknown("a commit ended in an error (SQLITE_IOERR)")

    monkeypatch.setattr(SqlSubmissions, "add", adding)
    monkeypatch.setattr(store_module, "_commit", committing)

    def fail(*, kept):
        submits.clear()
        waiting.append(kept)

    return fail


def audited(town, code):
    with town.work() as work:
        return [(line.event, line.detail) for line in work.audit.about(code)]


def settled(town, code):
    eventually(lambda: len(audited(town, code)) == 2)
    (doubt, nothing), (end, found) = audited(town, code)
    assert (doubt, nothing, end) == (IN_DOUBT, "", SETTLED)
    return found


def submissions(town):
    with town.work() as work:
        return work.deliveries.count_by_state()


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize(
    ("language", "heading"), [("", "Vi ved ikke endnu"), ("/en", "We do not know yet")]
)
def test_in_doubt(town, failing_commit, caplog, kept, language, heading):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer(cause="married")
    browser.get(f"{language}/sundhedskort/opsummering")
    failing_commit(kept=kept)
    page = browser.submit(status=503)
    assert heading in page.text
    assert page.headers["Retry-After"] == "120"
    assert "/kvittering/" not in page.text
    code = CODE.search(page.html.main.get_text())[0]
    logged = [one for one in caplog.records if code in one.getMessage()]
    assert [one.levelname for one in logged][:1] == ["ERROR"]
    assert "Berggren" not in caplog.text
    assert "291182" not in caplog.text

    found = settled(town, code)
    assert found.startswith("arrived: ") if kept else found == "did not arrive"
    # What the page leads to only looks.
    link = page.html.select_one("main a[href*=opsummering]")["href"]
    looked = browser.get(link)
    if kept:
        assert found.removeprefix("arrived: ") in looked.text
    else:
        browser.submit()
    assert "/kvittering/" in browser.page.request.path
    assert sum(submissions(town).values()) == 2


@pytest.mark.parametrize("kept", [True, False])
def test_in_doubt_after_the_payment(town, failing_commit, kept):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer(cause="lost")
    failing_commit(kept=kept)
    back = browser.pay(browser.accept())
    page = browser.app.get(back, status="*")
    if page.status_int != 503:
        # The provider's own message came first: whoever sees it is told to send it again.
        page = browser.get(back)
        assert "/kvittering/" in page.request.path
        return
    assert "Du skal ikke betale igen" in page.text
    code = CODE.search(page.html.main.get_text())[0]
    found = settled(town, code)
    # What was not kept may have been sent by the provider's message meanwhile.
    assert found.startswith("arrived") or not kept
    link = page.html.select_one("main a")["href"]
    assert "/kvittering/" in browser.get(link).request.path
    assert sum(submissions(town).values()) == 2
