"""Pages of plugins: what they add is theirs, and what guards all pages stays ours."""

from __future__ import annotations

import importlib.metadata
import sys
import types

import pytest
from pyramid.csrf import CookieCSRFStoragePolicy
from pyramid.interfaces import IDefaultPermission, ISecurityPolicy
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED, Allowed
from pyramid.session import SignedCookieSessionFactory
from pyramid.viewderivers import INGRESS

from selvbetjening_core.composition import compose
from selvbetjening_core.composition.plugins import InstalledPlugin, installed_plugins
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.hooks import ENTRY_POINT_GROUP, hookimpl
from selvbetjening_core.web.guards import replaced


class LetsIn:
    """Everybody may do everything."""

    def identity(self, request):
        return None

    def authenticated_userid(self, request):
        return None

    def permits(self, request, context, permission):
        return Allowed("come in")


class OwnRequest(Request):
    pass


def page(_request):
    return Response("of the plugin's own")


def add_page(config, name="page"):
    config.add_route(f"acme_{name}", f"/{name}")
    config.add_view(page, route_name=f"acme_{name}", permission=NO_PERMISSION_REQUIRED)


@pytest.fixture
def with_plugins(installation, monkeypatch):
    """``with_plugins(acme=web)``: the demo with plugins whose hook for pages is ``web``."""

    def add(**plugins):
        found = list(installed_plugins())
        for name, web in plugins.items():
            module = types.ModuleType(f"made_up_{name}")
            module.selvbetjening_web = hookimpl(_named(web))
            monkeypatch.setitem(sys.modules, module.__name__, module)
            point = importlib.metadata.EntryPoint(name, module.__name__, ENTRY_POINT_GROUP)
            found.append(InstalledPlugin(name, module.__name__, "made-up", "1.0", point))
        monkeypatch.setattr(compose, "installed_plugins", lambda: tuple(found))
        file = installation / "plugin_sets" / "standard.toml"
        names = "".join(f'    "{name}",\n' for name in plugins)
        file.write_text(
            file.read_text("utf-8").replace('    "folder",\n', f'    "folder",\n{names}')
        )

    return add


def _named(web):
    def selvbetjening_web(config):
        web(config)

    return selvbetjening_web


@pytest.fixture
def told(with_plugins, make_town):
    """The problems with plugins whose pages cannot be added: code and message."""

    def problems(**plugins):
        with_plugins(**plugins)
        with pytest.raises(ConfigurationError) as refused:
            make_town()
        return [(one.code, one.message) for one in refused.value.problems]

    return problems


def add_attribute(name):
    return lambda config: config.add_request_method(lambda _request: "me", name, reify=True)


def no_permission_check(config):
    def unchecked(view, _info):
        return view

    config.add_view_deriver(unchecked, "secured_view", under=INGRESS, over="csrf_view")


def late(config):
    """Registered behind Pyramid's back, when everything else has been."""

    def register():
        config.registry.registerUtility(LetsIn(), ISecurityPolicy)
        config.registry.registerUtility(NO_PERMISSION_REQUIRED, IDefaultPermission)

    config.action(None, register, order=1000)


REPLACES = {
    "a session of its own": (
        lambda config: config.set_session_factory(SignedCookieSessionFactory("x" * 32)),
        "the session factory",
    ),
    "policy and permission": (late, "the security policy, the default permission"),
    "the check of permissions": (no_permission_check, "the view deriver secured_view"),
    "who is logged in": (add_attribute("identity"), "request.identity"),
    "how forms are checked": (
        lambda config: config.set_default_csrf_options(require_csrf=False),
        "the CSRF options",
    ),
    "where tokens are": (
        lambda config: config.set_csrf_storage_policy(CookieCSRFStoragePolicy()),
        "the CSRF storage",
    ),
}


@pytest.mark.parametrize(("web", "words"), REPLACES.values(), ids=REPLACES)
def test_a_plugin_that_replaces_what_guards_every_page_is_named(told, web, words):
    (found,) = told(good=add_page, acme=web)
    message = f'the plugin "acme" replaces what guards every page: {words}'
    assert found == ("plugin-pages", message)


COMMITTED = {
    "commit alone": lambda _config: None,
    "security policy": lambda config: config.set_security_policy(LetsIn()),
    "default permission": lambda config: config.set_default_permission(NO_PERMISSION_REQUIRED),
    "request factory": lambda config: config.set_request_factory(OwnRequest),
    "session factory": lambda config: config.set_session_factory(
        SignedCookieSessionFactory("x" * 32)
    ),
}


@pytest.mark.parametrize("replaces", COMMITTED.values(), ids=COMMITTED)
def test_a_plugin_that_commits_is_named(told, replaces):
    def web(config):
        add_page(config)
        config.commit()
        replaces(config)

    (found,) = told(good=lambda config: add_page(config, "other"), acme=web)
    assert found[0] == "plugin-pages"
    assert found[1].startswith('the plugin "acme" calls config.commit()')


@pytest.mark.parametrize(
    "replaces",
    [one for name, one in COMMITTED.items() if name not in ("commit alone", "session factory")],
)
def test_without_a_commit_it_is_a_conflict_that_names_the_line(told, replaces):
    (found,) = told(acme=replaces)
    assert found[0] == "plugin-pages"
    assert "Conflicting configuration actions" in found[1]
    assert "test_plugin_pages.py" in found[1]


def test_each_of_two_is_told_what_it_replaced(told):
    found = told(
        acme=REPLACES["who is logged in"][0],
        other=REPLACES["a session of its own"][0],
    )
    assert [message.partition(" replaces")[0] for _, message in found] == [
        'the plugin "acme"',
        'the plugin "other"',
    ]
    assert [message.rpartition(": ")[2] for _, message in found] == [
        "request.identity",
        "the session factory",
    ]


def test_pages_subscribers_and_attributes_of_its_own_are_welcome(with_plugins, make_town):
    """Negative control."""

    def web(config):
        add_page(config)
        config.add_request_method(lambda _request: "me", "acme_customer", reify=True)
        config.add_view_deriver(lambda view, _info: view, "acme_timing")
        config.add_tween(f"{__name__}.own_tween")

    with_plugins(acme=web, good=lambda config: add_page(config, "other"))
    town = make_town()
    assert "of the plugin's own" in town.browser("mors").get("/-/plugins/acme/page").text
    assert replaced(town.app.registry, town.app.registry) == []


def own_tween(handler, registry):  # noqa: ARG001 - as Pyramid calls it
    return handler
