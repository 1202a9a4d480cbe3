"""Every address is right under the mount, however the mount's path is written."""

from __future__ import annotations

import io
from urllib.parse import quote, urlsplit

import pytest
from embed_site import nothing_here
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError as PyramidConfigurationError

from selvbetjening_core.embedding import ask, beside, mount, receipts
from selvbetjening_core.embedding.wsgi import inner_environ
from selvbetjening_core.errors import ConfigurationError


@pytest.mark.parametrize(
    ("path", "prefix", "host"),
    [
        ("/selvbetjening", "/selvbetjening", ""),
        ("/selvbetjening", "/selvbetjening/mors", ""),
        ("/borger/på nettet", "", "localhost"),
        ("/borger/50%25 & co;æ", "", "localhost"),
    ],
)
def test_the_journey_stays_under_the_mount(path, prefix, host, make_installation, serve, browser):
    prefixes = [prefix] if prefix else []
    mounted = mount(make_installation(*prefixes, host=host), worker=True)
    url = serve(beside(nothing_here, {path: mounted}))
    below = quote(prefix or path, safe="/&")
    browser.order(f"{url}{below}/sundhedskort")
    browser.until("Kommet frem")
    ours = [urlsplit(one).path for one in browser.seen if one.startswith(url)]
    assert all(one.startswith(f"{below}/") for one in ours), ours
    links = [link["href"] for link in browser.page.select("a[href^='/'], link[href^='/']")]
    assert len(links) > 3
    assert all(link.startswith(below) for link in links), links
    for link in browser.page.select("link[href^='/']"):
        browser.open(f"{url}{link['href']}")
    marked = {name.rpartition("-")[2] for name in browser.names()}
    assert len(marked) == 1, marked
    assert set(browser.names().values()) == {"/"}
    mounted.close()


@pytest.mark.parametrize("end", ["", "/"])
def test_the_front_page_with_and_without_a_slash(end, make_installation, serve, browser):
    mounted = mount(make_installation("/selvbetjening"))
    url = serve(beside(nothing_here, {"/selvbetjening/": mounted}))
    page = browser.open(f"{url}/selvbetjening{end}")
    assert page.select_one("a[href='/selvbetjening/sundhedskort']")
    mounted.close()


def test_a_mount_is_no_prefix_of_a_word(make_installation, serve, browser):
    mounted = mount(make_installation("/selvbetjening"))
    url = serve(beside(nothing_here, {"/selvbetjening": mounted}))
    browser.open(f"{url}/selvbetjeningen", status=404)
    assert browser.text == "the site's own page"
    mounted.close()


@pytest.mark.parametrize("script_name", ["/selvbetjening", "/selvbetjening/"])
def test_a_server_that_ends_the_mount_with_a_slash(script_name, make_installation):
    mounted = mount(make_installation("/selvbetjening"))
    answer = ask(mounted, environ(), script_name, "sundhedskort", b"")
    assert answer.status == 200
    assert b'action="/selvbetjening/sundhedskort/start"' in answer.body
    mounted.close()


def test_a_path_that_nobody_declares_is_no_municipality(make_installation):
    """Negative control: the mount is part of what the prefix is looked for in."""
    mounted = mount(make_installation("/selvbetjening"))
    assert ask(mounted, environ(), "/andet", "/sundhedskort", b"").status == 404
    assert ask(mounted, environ(), "/selv", "/betjening/sundhedskort", b"").status == 404
    assert ask(mounted, environ(), "/selvbetjening/x", "/sundhedskort", b"").status == 200
    mounted.close()


def test_a_host_that_the_municipality_declares(make_installation):
    installation = make_installation("/selvbetjening")
    file = installation.parent / "municipalities" / "0773.toml"
    file.write_text(
        file.read_text("utf-8").replace("prefixes =", 'hosts = ["mors.dk"]\nprefixes =')
    )
    mounted = mount(installation)
    told = {**environ(), "HTTP_HOST": "mors.dk"}
    answer = ask(mounted, told, "/hvor/som/helst", "/sundhedskort", b"")
    assert b'action="/hvor/som/helst/sundhedskort/start"' in answer.body
    mounted.close()


def test_what_the_site_keeps_in_the_environ_stays_there(make_installation):
    mounted = mount(make_installation("/selvbetjening"))
    told = {**environ(), "webob.adhoc_attrs": {"municipality": "planted", "mount": "/evil"}}
    answer = ask(mounted, told, "/selvbetjening", "/sundhedskort", b"")
    assert answer.status == 200
    assert b"evil" not in answer.body
    assert told["webob.adhoc_attrs"] == {"municipality": "planted", "mount": "/evil"}
    mounted.close()


def test_framing_stays_denied(make_installation):
    mounted = mount(make_installation("/selvbetjening"))
    headers = dict(ask(mounted, environ(), "/selvbetjening", "/sundhedskort", b"").headers)
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    mounted.close()


def test_a_mistake_is_told_where_the_site_starts(make_installation):
    installation = make_installation("/selvbetjening")
    file = installation.parent / "municipalities" / "0773.toml"
    file.write_text(file.read_text("utf-8").replace("case_system =", "case_sytem ="), "utf-8")
    with pytest.raises(ConfigurationError) as told:
        mount(installation)
    assert any("case_sytem" in note for note in told.value.__notes__)


def test_a_secret_that_is_missing_is_told_where_the_site_starts(make_installation):
    installation = make_installation("/selvbetjening")
    (installation.parent / "secrets" / "seal").unlink()
    with pytest.raises(ConfigurationError) as told:
        mount(installation)
    assert str(told.value) == "1 error in the configuration"
    (note,) = (one for one in told.value.__notes__ if ": error: " in one)
    assert "0773.toml:" in note
    assert "secrets/seal" in note


@pytest.mark.parametrize("desk", [receipts, lambda file, code: mount(file).receipts(code)])
def test_a_municipality_that_is_not_here_is_told(make_installation, desk):
    installation = make_installation("/selvbetjening")
    with pytest.raises(KeyError, match='no municipality "773" here; there is: 0773'):
        desk(installation, "773")


def test_a_pyramid_site_without_the_setting_is_told():
    config = Configurator()
    with pytest.raises(PyramidConfigurationError, match=r"selvbetjening\.installation"):
        config.include("selvbetjening_core.embedding", route_prefix="selvbetjening")


def environ():
    return {
        "REQUEST_METHOD": "GET",
        "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def test_what_the_sites_framework_keeps_in_the_environ_stays_with_the_site():
    request = {"REQUEST_METHOD": "GET", "HTTP_HOST": "localhost", "wsgi.url_scheme": "https"}
    kept = {"webob.adhoc_attrs": {}, "werkzeug.request": 1, "beaker.session": {}, "Remote": "x"}
    addressed = {"SCRIPT_NAME": "/old", "PATH_INFO": "/old/x"}
    inner = inner_environ({**request, **kept, **addressed}, "/new", "/x")
    assert inner == {**request, "SCRIPT_NAME": "/new", "PATH_INFO": "/x"}


class Sent:
    """An answer that is still being sent, and has to be closed."""

    closed = False

    def __iter__(self):
        return iter([b"one ", b"two"])

    def close(self):
        self.closed = True


def test_an_answer_is_closed_when_it_was_read():
    sent = Sent()

    def app(environ, start_response):  # noqa: ARG001 - WSGI
        start_response("200 OK", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return sent

    answer = ask(app, {}, "/m", "/", b"")
    assert (answer.status, answer.body, len(answer.headers)) == (200, b"one two", 2)
    assert sent.closed
