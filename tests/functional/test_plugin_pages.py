"""Pages of plugins: what they add is theirs, and what guards all pages stays ours."""

from __future__ import annotations

import importlib.metadata
import sys
import types

import pytest
from pyramid.csrf import CookieCSRFStoragePolicy
from pyramid.events import NewRequest
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
from selvbetjening_core.values import AssuranceLevel, PageNeeds
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


def bare(**options):
    def web(config):
        config.add_route("acme_bare", options.pop("path", "/bare"))
        config.add_view(page, route_name="acme_bare", **options)

    return web


UNDECLARED = {
    "nothing": (bare(), "does not declare its permission"),
    "no level": (
        bare(permission="citizen"),
        "is for citizens and does not declare its least assurance level",
    ),
    "no such level": (
        bare(permission="citizen", level="very high"),
        "is for citizens and does not declare its least assurance level",
    ),
    "no solution": (
        bare(permission="citizen", level="solution"),
        "takes its level from the solution, and none is in its address",
    ),
    "nobody's": (
        bare(permission="admin"),
        'declares the permission "admin", which nobody has; there are',
    ),
    "level for nobody": (
        bare(permission=NO_PERMISSION_REQUIRED, level=AssuranceLevel.LOW),
        "declares a level, and is not for citizens",
    ),
}


@pytest.mark.parametrize(("web", "words"), UNDECLARED.values(), ids=UNDECLARED)
def test_a_page_that_does_not_say_who_may_use_it_stops_the_start(
    with_plugins, make_town, web, words
):
    with_plugins(acme=web)
    with pytest.raises(ConfigurationError) as refused:
        make_town()
    (found,) = refused.value.problems
    assert found.code == "view-undeclared"
    assert words in found.message
    assert found.place.file.name == "test_plugin_pages.py"
    assert found.place.line


def test_what_a_page_says_is_held(with_plugins, make_town):
    """A page for citizens is not shown to others, nor one for a surer login to all citizens."""

    def web(config):
        for name, level in (("low", AssuranceLevel.LOW), ("high", AssuranceLevel.HIGH)):
            config.add_route(f"acme_{name}", f"/{name}")
            config.add_view(page, route_name=f"acme_{name}", permission="citizen", level=level)
        config.add_route("acme_own", "/own/{solution}")
        config.add_view(page, route_name="acme_own", permission="citizen", level="solution")

    with_plugins(acme=web)
    browser = make_town().browser()
    pages = ("low", "high", "own/sundhedskort", "own/ingen")
    for name in pages:
        browser.get(f"/-/plugins/acme/{name}", status=403)
    browser.log_in("kirsten")
    for name, status in zip(pages, (200, 403, 200, 404), strict=True):
        browser.get(f"/-/plugins/acme/{name}", status=status)


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


def add_map(config):
    """A page with a picture from another host, and a script."""

    def show(request):
        answer = Response(f'<script nonce="{request.csp_nonce}">1</script>')
        # As if the plugin could decide.
        answer.headers["Content-Security-Policy"] = "default-src *"
        answer.headers["Cache-Control"] = "max-age=60"
        return answer

    config.add_route("acme_map", "/map")
    config.add_view(show, route_name="acme_map", permission=NO_PERMISSION_REQUIRED)


def declare_map(register):
    register.pages(PageNeeds(images=("https://tiles.acme.example",)))


def test_a_plugin_s_pages_may_use_what_it_declares_and_no_other_page_may(with_plugins, make_town):
    with_plugins(acme=add_map, other=lambda config: add_page(config, "other"))
    sys.modules["made_up_acme"].selvbetjening_register = hookimpl(_registering(declare_map))
    browser = make_town().browser()
    answer = browser.get("/-/plugins/acme/map")
    policy = answer.headers["Content-Security-Policy"]
    nonce = answer.text.split('"')[1]
    assert f"script-src 'nonce-{nonce}';" in policy
    assert "img-src 'self' https://tiles.acme.example;" in policy
    assert "default-src 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/", "/-/plugins/other/other"):
        assert "acme.example" not in browser.get(path).headers["Content-Security-Policy"]


def see_requests(config):
    add_page(config)
    config.add_subscriber(lambda _event: None, NewRequest)


def show_steps(config):
    add_page(config)
    config.add_view(
        page, route_name="step", request_param="acme", permission=NO_PERMISSION_REQUIRED
    )


@pytest.mark.parametrize(
    ("web", "has_front"),
    [(add_page, True), (see_requests, False), (show_steps, False)],
)
def test_a_plugin_that_takes_part_in_steps_sees_every_request(
    with_plugins, make_town, web, has_front
):
    with_plugins(acme=web)
    assert (make_town().app.registry.front is not None) == has_front


@pytest.mark.parametrize(
    "whose",
    [
        {"permission": "citizen", "level": AssuranceLevel.LOW},
        {"permission": NO_PERMISSION_REQUIRED, "session": True},
    ],
)
def test_a_page_with_somebody_s_data_cannot_be_cacheable(told, whose):
    def keeps(config):
        config.add_route("acme_mine", "/mine")
        config.add_view(page, route_name="acme_mine", cacheable=True, **whose)

    ((code, message),) = told(acme=keeps)
    assert code == "plugin-pages"
    assert "cacheable=True is for views that show nobody's data" in message


def _registering(register_what):
    def selvbetjening_register(register):
        register_what(register)

    return selvbetjening_register
