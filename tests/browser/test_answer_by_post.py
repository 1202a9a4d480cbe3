"""A login's answer that the provider's own page posts: another site, so without our cookies."""

from __future__ import annotations

import http.server
import threading
from dataclasses import replace
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from tests.functional.conftest import post_form

from selvbetjening_core.texts import texts_for
from selvbetjening_demo.identity import DemoIdentity
from walking.extent import LOOK_NAMES, PHONE
from walking.walk import Walk

_PAGE = """<!doctype html><title>Login</title>
<form method="post" action="{action}"><input type="hidden" name="token" value="{token}">
<button>Send</button></form>"""


class _ProvidersPage(http.server.BaseHTTPRequestHandler):
    """A form at another site, with what its address says."""

    def do_GET(self):
        asked = dict(parse_qsl(urlsplit(self.path).query))
        page = _PAGE.format(**{name: escape(asked.get(name, "")) for name in ("action", "token")})
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_):
        """Nothing: tests are quiet."""


@pytest.fixture
def providers_page():
    """The address of that form, on 127.0.0.1: no browser takes it for a part of localhost."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _ProvidersPage)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def town(make_town, request, monkeypatch):
    """The demo, whose login reads what was posted."""
    real = DemoIdentity.complete

    def complete(self, message):
        return real(self, replace(message, query=dict(parse_qsl(message.body.decode()))))

    monkeypatch.setattr(DemoIdentity, "complete", complete)
    return make_town(request.param)


def at_providers_page(walk, providers_page):
    """Begin a login, choose somebody, and have the answer in a form of the provider's."""
    walk.open("/sundhedskort")
    walk.press("common.log_in")
    provider = urlsplit(walk.page.url)
    choice = dict(parse_qsl(provider.query)) | {"person": "kirsten", "level": "substantial"}
    back = urlsplit(post_form(f"{provider.scheme}://{provider.netloc}/login", choice))
    answer = dict(parse_qsl(back.query)) | {"action": f"{back.scheme}://{back.netloc}{back.path}"}
    walk.page.goto(f"{providers_page}?{urlencode(answer)}")


@pytest.mark.parametrize("town", LOOK_NAMES, indirect=True)
@pytest.mark.parametrize("script", [True, False])
def test_the_browser_that_began_is_logged_in(town, window, providers_page, script):
    page, watch = window(town, PHONE, java_script_enabled=script)
    sent = []
    page.on("request", lambda one: sent.append(one) if one.method == "POST" else None)
    walk = Walk(page, town, "mors")
    at_providers_page(walk, providers_page)
    del sent[:]
    if script:
        with page.expect_navigation(url="**/trin/person"):
            page.locator("button").click()
    else:
        page.locator("button").click()
        assert page.locator("h1").inner_text() == texts_for("da").t("relay.title")
        walk.press("relay.go_on")
    assert urlsplit(page.url).path.endswith("/trin/person")
    first, second = [one.all_headers() for one in sent]
    assert "login" not in first.get("cookie", ""), "negative control: the first had no cookie"
    assert "selvbetjening-login-0773" in second["cookie"]
    assert [one for one in watch.findings() if providers_page not in one] == []
