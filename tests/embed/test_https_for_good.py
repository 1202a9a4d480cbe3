"""Telling browsers to use https for good speaks for the whole host: that is for its site."""

from __future__ import annotations

import pytest
import webob
from pyramid.config import Configurator

from selvbetjening_core.embedding import beside, mount, pyramid_site

HSTS = "Strict-Transport-Security"


def told(app, scheme: str = "https", path: str = "/selvbetjening/sundhedskort") -> str | None:
    """What a page of the mount tells the browser of the host."""
    request = webob.Request.blank(path, base_url=f"{scheme}://localhost")
    response = request.get_response(app)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    return response.headers.get(HSTS)


@pytest.fixture
def mounted(make_installation):
    """A mount under ``/selvbetjening``, made with these settings."""
    made = []

    def make(**settings):
        made.append(mount(make_installation("/selvbetjening"), **settings))
        return beside(lambda *_: [], {"/selvbetjening": made[0]})

    yield make
    for one in made:
        one.close()


def test_a_mount_leaves_it_to_the_site(mounted):
    app = mounted()
    assert told(app) is None
    assert told(app, path="/selvbetjening/nowhere/at/all") is None


def test_it_says_so_where_the_site_lets_it_and_over_https_alone(mounted):
    app = mounted(hsts=True)
    assert told(app) == "max-age=63072000"
    assert told(app, path="/selvbetjening/nowhere/at/all") == "max-age=63072000"
    assert told(app, "http") is None


@pytest.mark.parametrize(("word", "found"), [("true", "max-age=63072000"), ("", None)])
def test_the_setting_of_a_pyramid_site(make_installation, monkeypatch, word, found):
    made = []
    monkeypatch.setattr(
        pyramid_site, "mount", lambda *a, **k: made.append(mount(*a, **k)) or made[0]
    )
    installation = str(make_installation("/selvbetjening"))
    settings = {"selvbetjening.installation": installation, "selvbetjening.hsts": word}
    with Configurator(settings=settings) as config:
        config.include("selvbetjening_core.embedding", route_prefix="selvbetjening")
        app = config.make_wsgi_app()
    assert told(app) == found
    made[0].close()


def test_not_even_where_no_page_can_be_made(mounted, monkeypatch):
    app = mounted()
    failing = "selvbetjening_core.web.headers.page_policy"

    def fail(*_):
        raise RuntimeError("planted")

    monkeypatch.setattr(failing, fail)
    assert told(app) is None
