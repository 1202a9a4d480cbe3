"""Two embeddings in one process, two mounts in one host: nothing shared."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from embed_site import Browser, nothing_here
from pyramid.config import Configurator
from pyramid.response import Response

from selvbetjening_core.embedding import beside, mount
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.problems import Problems


@pytest.fixture
def two(make_installation, serve):
    """The same municipality in two installations, mounted one inside the other's path."""
    mounts = {
        "/a": mount(make_installation("/a", name="one"), worker=True),
        "/a/b": mount(make_installation("/a/b", name="two"), worker=True),
    }
    yield serve(beside(nothing_here, mounts)), mounts
    for one in mounts.values():
        one.close()


def logged_in(browser, url):
    browser.open(url)
    browser.submit()
    browser.submit()
    assert browser.page.select_one('form[action$="/-/log-af"]')
    return browser


def test_a_login_in_one_is_none_in_the_other(two, browser):
    url, _ = two
    logged_in(browser, f"{url}/a/sundhedskort")
    inner = browser.open(f"{url}/a/b/sundhedskort")
    assert inner.select_one('form[action$="/-/log-af"]') is None
    # The browser sends the outer mount's cookies there: they are not read.
    assert [path for name, path in browser.names().items() if "0773" in name] == ["/"]
    logged_in(browser, f"{url}/a/b/sundhedskort")
    assert len([name for name in browser.names() if "0773" in name]) == 2
    browser.open(f"{url}/a/sundhedskort")
    assert browser.page.select_one('form[action$="/-/log-af"]')


def test_a_token_of_one_opens_nothing_in_the_other(two, browser, another_browser):
    url, _ = two
    logged_in(browser, f"{url}/a/sundhedskort")
    logged_in(another_browser, f"{url}/a/b/sundhedskort")
    session = next(
        cookie for cookie in browser.cookies if cookie.name.startswith("selvbetjening-0773")
    )
    own = next(
        cookie for cookie in another_browser.cookies if cookie.name.startswith("selvbetjening-0773")
    )
    own.value = session.value
    page = another_browser.open(f"{url}/a/b/sundhedskort")
    assert page.select_one('form[action$="/-/log-af"]') is None


def test_each_keeps_its_own_submissions(two, browser, another_browser):
    url, mounts = two
    browser.order(f"{url}/a/sundhedskort")
    receipt = browser.url
    browser.until("Kommet frem")
    another_browser.order(f"{url}/a/b/sundhedskort")
    another_browser.until("Kommet frem")
    # The same submission's address in the other installation is nobody's.
    another_browser.open(receipt.replace("/a/", "/a/b/"), status=404)
    counted = [completed(one) for one in mounts.values()]
    assert counted == [1, 1]


def completed(mounted):
    with mounted._application.store.transaction("0773") as work:
        return sum(row.completed for row in work.counts.report())


def test_logging_off_in_one_leaves_the_other(two, browser):
    url, _ = two
    logged_in(browser, f"{url}/a/sundhedskort")
    logged_in(browser, f"{url}/a/b/sundhedskort")
    form = browser.page.select_one('form[action$="/-/log-af"]')
    token = form.select_one("[name=csrf_token]")["value"]
    browser.open(f"{url}{form['action']}", {"csrf_token": token})
    page = browser.open(f"{url}/a/sundhedskort")
    assert page.select_one('form[action$="/-/log-af"]')


def test_two_mounts_in_one_pyramid_site(make_installation, serve):
    with Configurator() as config:
        config.include("selvbetjening_core.embedding")
        first = config.mount_selvbetjening(make_installation("/a", name="one"), "a")
        other = make_installation("/b", name="two", called="Læsø Kommune", code="0825")
        second = config.mount_selvbetjening(other, "b")
        config.add_route("own", "/own")
        config.add_view(lambda _: Response("own"), route_name="own")
        url = serve(config.make_wsgi_app())
    assert "Morsø Kommune" in Browser().open(f"{url}/a").text
    assert "Læsø Kommune" in Browser().open(f"{url}/b/").text
    assert Browser().open(f"{url}/own").text == "own"
    first.close()
    second.close()


def test_no_connection_is_left_open_that_a_fork_would_share(make_installation):
    installation = make_installation("/a")
    mounted = mount(installation)
    try:
        assert not is_open("selvbetjening.sqlite")
        assert (installation.parent / "var" / "selvbetjening.sqlite").is_file()
    finally:
        mounted.close()


def test_nor_where_it_cannot_be_mounted(make_installation, monkeypatch):
    def refuse(_site):
        assert is_open("selvbetjening.sqlite"), "a negative control"
        raise ConfigurationError(Problems())

    monkeypatch.setattr("selvbetjening_core.web.app.make_app", refuse)
    with pytest.raises(ConfigurationError):
        mount(make_installation("/a"))
    assert not is_open("selvbetjening.sqlite")


def is_open(name):
    """Does this process hold a file open whose name begins so?"""
    files = (file.resolve().name for file in Path("/proc/self/fd").glob("*"))
    return any(one.startswith(name) for one in files)


def test_a_mount_reads_its_installation_anew_and_tells_warnings(make_installation):
    installation = make_installation("/a")
    mounted = mount(installation)
    try:
        assert mounted.reload().count_errors() == 0
        file = installation.parent / "municipalities" / "0773.toml"
        right = file.read_text("utf-8")
        file.write_text(right.replace("code", "cod", 1), "utf-8")
        with pytest.raises(ConfigurationError):
            mounted.reload()
    finally:
        mounted.close()


def test_nothing_is_delivered_here_unless_it_is_asked_for(make_installation, monkeypatch):
    mounted = mount(make_installation("/a"))
    application, begun = mounted._application, []
    for owner, name in (
        (application.engine, "start"),
        (application, "run_reconciler"),
        (application.scheduler, "run"),
    ):
        monkeypatch.setattr(owner, name, lambda *_, name=name: begun.append(name))
    try:
        assert application.engine._threads == []
        mounted.start_worker()
        wait_until(lambda: sorted(begun) == ["run", "run_reconciler", "start"])
    finally:
        mounted.close()


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
