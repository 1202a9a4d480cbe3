"""Nothing global of the site is touched, and its own ways stay its own."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED, Denied
from pyramid.session import SignedCookieSessionFactory

LOOK = """
import json, locale, logging, os, signal, sys, threading, time, warnings

def seen():
    loggers = [logging.root, *(
        one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)
    )]
    return {
        "environ": dict(os.environ),
        "filters": [repr(one) for one in warnings.filters],
        "showwarning": repr(warnings.showwarning),
        "signals": {int(n): repr(signal.getsignal(n)) for n in signal.valid_signals()},
        "locale": locale.setlocale(locale.LC_ALL),
        "zone": time.tzname,
        "handlers": {one.name: [repr(h) for h in one.handlers] for one in loggers if one.handlers},
        "levels": {one.name: one.level for one in loggers if one.level},
        "hooks": [repr(sys.excepthook), repr(threading.excepthook), repr(sys.displayhook)],
        "limit": sys.getrecursionlimit(), "switch": sys.getswitchinterval(),
        "folder": os.getcwd(), "path": sys.path,
    }
"""


def looked_at(installation, planted=""):
    """What is global before and after mounting, asking and closing, in a process of its own."""
    code = f"""
{LOOK}
import selvbetjening_core.embedding, deform, pyramid.config, alembic.config  # the imports apart
before = seen()
mounted = selvbetjening_core.embedding.mount({str(installation)!r}, worker=True)
answer = selvbetjening_core.embedding.ask(
    mounted,
    {{"REQUEST_METHOD": "GET", "HTTP_HOST": "localhost", "SERVER_NAME": "x", "SERVER_PORT": "80",
      "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr}},
    "/selvbetjening", "/sundhedskort", b"",
)
assert answer.status == 200, answer
mounted.close()
{planted}
after = seen()
print(json.dumps([name for name in before if before[name] != after[name]]))
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_nothing_global_is_touched(make_installation):
    assert looked_at(make_installation("/selvbetjening")) == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("logging.basicConfig()", "handlers"),
        ("warnings.filterwarnings('ignore', 'x')", "filters"),
        ("os.environ['X'] = 'y'", "environ"),
        ("signal.signal(signal.SIGTERM, lambda *_: None)", "signals"),
        ("logging.getLogger('alembic').setLevel(10)", "levels"),
    ],
)
def test_a_change_would_be_found(make_installation, planted, found):
    assert looked_at(make_installation("/selvbetjening"), planted) == [found]


class Nobody:
    """A site that lets nobody in anywhere."""

    def __init__(self):
        self.asked = 0

    def identity(self, request):
        self.asked += 1

    def permits(self, request, context, permission):
        self.asked += 1
        return Denied("nobody")


class OwnRequest(Request):
    body_template = "the site's own"


@pytest.fixture
def strict_site(make_installation, serve):
    """A Pyramid site with ways of its own for everything, which reads every body first."""
    policy = Nobody()
    with Configurator(settings={
        "selvbetjening.installation": str(make_installation("/selvbetjening")),
        "selvbetjening.worker": "true",
    }) as config:  # fmt: skip
        config.set_session_factory(SignedCookieSessionFactory("own", path="/"))
        config.set_security_policy(policy)
        config.set_request_factory(OwnRequest)
        config.set_default_permission("nobody")
        config.set_default_csrf_options(require_csrf=True)
        config.add_tween("embed_site.reading_tween_factory")
        config.add_route("own", "/own")
        config.add_view(
            lambda _: Response("own"), route_name="own", permission=NO_PERMISSION_REQUIRED
        )
        config.add_notfound_view(
            lambda _: Response("the site's own 404", status=404), append_slash=True
        )
        config.include("selvbetjening_core.embedding", route_prefix="selvbetjening")
        site = config.make_wsgi_app()
    return serve(site), policy


def test_the_site_keeps_its_own_ways(strict_site, browser):
    url, policy = strict_site
    browser.order(f"{url}/selvbetjening/sundhedskort")
    browser.until("Kommet frem")
    assert policy.asked == 0
    browser.open(f"{url}/andet", status=404)
    assert browser.text == "the site's own 404"
    browser.open(f"{url}/selvbetjening/findes/ikke/her", status=404)
    assert "Vi kan ikke finde siden" in browser.text


def test_our_headers_are_on_our_answers_alone(strict_site, browser):
    url, _ = strict_site
    browser.open(f"{url}/own")
    assert "Content-Security-Policy" not in browser.headers
    browser.open(f"{url}/selvbetjening/sundhedskort")
    assert "frame-ancestors 'none'" in browser.headers["Content-Security-Policy"]
