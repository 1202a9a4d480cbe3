"""A view has the web session if it asks for it; in any other, looking is an error."""

from __future__ import annotations

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.response import Response
from webtest import TestApp

from selvbetjening_core.web.policy import CITIZEN, PUBLIC, WATCHER

LOOKED_AT = ("web_session", "staff_session", "identity")


class Anybody:
    """A policy that lets everybody in, and looks into the session for who it is."""

    def identity(self, request):
        return request.web_session

    def permits(self, request, context, permission):
        return True


def site(view, **options):
    config = Configurator()
    config.set_security_policy(Anybody())
    for part in ("session_use", "sessions", "staff.sessions"):
        config.include(f"selvbetjening_core.web.{part}")
    config.add_view_deriver(lambda view, _: view, "form")
    config.add_tween(f"{__name__}.nowhere_tween_factory")
    _from_outside(config)
    config.add_route("page", "/")
    config.add_view(view, route_name="page", **options)
    return TestApp(config.make_wsgi_app())


def nowhere_tween_factory(handler, _registry):
    def nowhere_tween(request):
        request.municipality = None
        return handler(request)

    return nowhere_tween


def _from_outside(config):
    def from_outside(view, _):
        return view

    from_outside.options = ("from_outside",)
    config.add_view_deriver(from_outside)


def looks_at(name):
    def curious(request):
        return Response(str(getattr(request, name)))

    return curious


@pytest.mark.parametrize("name", LOOKED_AT)
@pytest.mark.parametrize("permission", [PUBLIC, WATCHER])
def test_a_view_that_has_not_asked_is_told_so_by_name(name, permission):
    app = site(looks_at(name), permission=permission)
    with pytest.raises(RuntimeError, match=r"curious uses the web session.*session=True"):
        app.get("/")


@pytest.mark.parametrize("name", LOOKED_AT)
@pytest.mark.parametrize(
    "options", [{"session": True, "permission": PUBLIC}, {"permission": CITIZEN}]
)
def test_a_view_asks_by_its_option_or_its_permission(name, options):
    assert site(looks_at(name), **options).get("/").text == "None"


def test_a_page_about_an_error_has_what_it_asks_for_itself():
    for session in (True, False):
        config = Configurator()
        for part in ("session_use", "sessions"):
            config.include(f"selvbetjening_core.web.{part}")
        config.add_tween(f"{__name__}.nowhere_tween_factory")
        config.add_notfound_view(looks_at("web_session"), session=session)
        app = TestApp(config.make_wsgi_app())
        if session:
            assert app.get("/", status="*").text == "None"
        else:
            with pytest.raises(RuntimeError, match="curious"):
                app.get("/")


def test_a_message_from_outside_has_no_session():
    with pytest.raises(ConfigurationError, match="takes messages from outside"):
        site(looks_at("web_session"), permission=PUBLIC, session=True, from_outside=True)
