"""What the tests of embedding share: an installation's files, and a citizen's browser."""

from __future__ import annotations

import socket
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, build_opener

from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "embedder" / "examples"
# What this citizen says wherever a page asks for it, by the name of the field.
ANSWERS = {"person": "kirsten", "holder": "self", "cause": "lost", "proof": "no", "action": "pay"}

INSTALLATION = """
[installation]
mode = "demo"
prefix_hosts = ["localhost"]
solutions = ["package:selvbetjening_solutions"]
[store]
database = "sqlite:///var/selvbetjening.sqlite"
keys = "file:secrets/keys.json"
"""
MUNICIPALITY = """
code = "{code}"
name = "{name}"
prefixes = [{prefixes}]
plugin_set = "standard"
accessibility_url = "https://was.digst.dk/mors-example"
privacy_url = "https://mors.example/privatliv"
[contact]
phone = "12 34 56 78"
email = "borgerservice@mors.example"
hours = "Kl. 10-14"
address = "Vej 1"
[solutions.sundhedskort]
free_under_15 = true
[component.people]
plugin = "demo_register"
[component.card]
plugin = "demo_payment"
provider = "{provider}"
secret = "file:secrets/provider"
[component.receipt]
plugin = "html_receipt"
seal_key = "file:secrets/seal"
[component.journal]
plugin = "folder"
path = "var/journal"
[component.notice]
plugin = "folder"
path = "var/notices"
[roles]
identity = "login"
register = "people"
payment = "card"
receipt = "receipt"
case_system = "journal"
notification = "notice"
{login}
"""
DEMO_LOGIN = """
[component.login]
plugin = "demo_identity"
provider = "{provider}"
secret = "file:secrets/provider"
"""
# As the page for embedders shows it.
HOST_LOGIN = (
    (EXAMPLES / "vouched_login.toml")
    .read_text("utf-8")
    .replace("https://mors.dk/sig-god-for", "{login_url}")
)
PLUGINS = """
plugins = ["demo_identity", "demo_register", "demo_payment", "html_receipt", "folder",
    "host_identity"]
"""


class Browser:
    """A citizen's browser over HTTP, with cookies that know their paths."""

    def __init__(self):
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))
        self.url = ""
        self.seen = []

    def open(self, url, fields=None, status=200):
        """Open a page, or post to it, following redirections."""
        body = None if fields is None else urlencode(fields).encode()
        try:
            answer = self._opener.open(url, body, timeout=30)
        except HTTPError as error:
            answer = error
        with answer:
            self.url, self.headers = answer.url, answer.headers
            self.seen.append(self.url)
            self.text = answer.read().decode()
        assert answer.status == status, f"{answer.status} {self.url}: {self.text}"
        self.page = BeautifulSoup(self.text, "html.parser")
        return self.page

    def form(self):
        """The page's main form: not the one that logs off."""
        forms = (f for f in self.page.select("form") if "/-/log-af" not in str(f.get("action")))
        return next(forms, None)

    def submit(self, status=200, **fields):
        """Send the main form as it is, with ``fields`` filled in."""
        form = self.form()
        sent = {**dict(_filled_in(form)), **fields}
        return self.open(urljoin(self.url, form.get("action") or ""), sent, status)

    def order(self, url):
        """The whole journey; the text of the receipt's page."""
        self.open(url)
        for _ in range(20):
            if self.form() is None:
                break
            self.submit()
        assert "/kvittering/" in self.url, self.text
        return self.page.get_text(" ", strip=True)

    def until(self, text, seconds=15.0):
        """Open the page again until it says ``text``."""
        deadline = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < deadline, self.text
            time.sleep(0.2)
            self.open(self.url)

    def names(self):
        """The cookies by name, each with its path."""
        return {cookie.name: cookie.path for cookie in self.cookies}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_for(port):
    deadline = time.monotonic() + 20
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _filled_in(form):
    for control in form.select("input[name], button[name]"):
        name = control["name"]
        if control.name == "button" or control.get("type") == "radio":
            wanted = ANSWERS.get(name)
            if control.has_attr("checked") if wanted is None else control["value"] == wanted:
                yield name, control["value"]
        else:
            yield name, control.get("value", "on")


def nothing_here(environ, start_response):  # noqa: ARG001 - WSGI
    """A site with nothing on it."""
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"the site's own page"]


def reading_tween_factory(handler, registry):  # noqa: ARG001 - Pyramid's protocol
    """A site that looks into every form before its views do."""

    def reading_tween(request):
        _ = dict(request.POST)
        return handler(request)

    return reading_tween
