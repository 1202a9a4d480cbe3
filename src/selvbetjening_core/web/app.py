"""The web application, put together."""

from __future__ import annotations

import contextlib
import datetime
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError as PyramidError
from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.router import Router

from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.composition.stack import Composition
from selvbetjening_core.delivery.tally import Tally
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.files.table import listed
from selvbetjening_core.journey.context import to_nobody
from selvbetjening_core.journey.ports import DeliveryQueue, Store
from selvbetjening_core.problems import Problems
from selvbetjening_core.store.upload_folder import UploadFolder
from selvbetjening_core.values import CaseEvent
from selvbetjening_core.web.declared import report_undeclared
from selvbetjening_core.web.front.policy import open_front
from selvbetjening_core.web.guards import replaced, takes_part
from selvbetjening_core.web.limits.rates import Rates
from selvbetjening_core.web.plugin_pages import HOOK, include_plugins
from selvbetjening_core.web.tenancy import addressed


@dataclass(frozen=True, slots=True)
class Site:
    """What the web application serves from.

    :param now: the clock (UTC, aware)
    :param queue: where deliveries are put
    :param announce: told what happened to a case, once it is committed
    :param attempts: how the attempts of this process ended
    :param rates: how often things were done of late; stays the same at a reload
    :param hsts: is the whole host ours, so that its browsers may be told to use https for good?
    :param front: are ordinary steps answered without the router (:mod:`..web.front`)?
    """

    composition: Composition
    store: Store
    now: Callable[[], datetime.datetime]
    queue: DeliveryQueue
    announce: Callable[[CaseEvent], None] = to_nobody
    attempts: Tally = field(default_factory=Tally)
    rates: Rates = field(default_factory=Rates)
    hsts: bool = True
    front: bool = True

    @property
    def files(self) -> UploadFolder:
        """Where the bytes of what citizens send along are kept."""
        return UploadFolder(self.composition.plan.installation.files)

    @property
    def is_demo(self) -> bool:
        """Does every page say that this is a demonstration?"""
        return self.composition.plan.installation.is_demo


def make_app(site: Site) -> Router | Mapped:
    """The WSGI application. One process serves every municipality of the site.

    Plugins' pages belong to the municipalities of a plugin set: where several sets
    have such pages, each set has a router of its own.

    :raises ConfigurationError: the pages of a plugin cannot be added
    """
    problems = Problems()
    sets = dict(site.composition.plan.plugin_sets)
    if not any(one.hooks.implementing(HOOK) for one in sets.values()):
        # All routers would be the same.
        sets = dict(itertools.islice(sets.items(), 1))
    routers = {name: _router(site, one, problems) for name, one in sets.items()}
    if problems.count_errors():
        raise ConfigurationError(problems)
    found = {name: router for name, router in routers.items() if router is not None}
    if len(found) == 1:
        return next(iter(found.values()))
    return Mapped(site.composition, found)


class Mapped:
    """Several routers: each request goes to that of its municipality's plugin set."""

    def __init__(self, composition: Composition, routers: Mapping[str, Router]) -> None:
        self._composition = composition
        self._routers = routers
        self._default = next(iter(routers.values()))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """WSGI."""
        municipality = addressed(self._composition, Request(environ))
        name = municipality.file.plugin_set.name if municipality else ""
        answer: Iterable[bytes] = self._routers.get(name, self._default)(environ, start_response)
        return answer


def _router(site: Site, plugin_set: PluginSet, problems: Problems) -> Router | None:
    plugins = tuple(plugin_set.hooks.implementing(HOOK))
    before = problems.count_errors()
    config = _config(site, plugin_set, plugins, problems)
    try:
        router = config.make_wsgi_app()
    except PyramidError as error:
        problems.error(
            "plugin-pages",
            plugin_set.plugins_place,
            f"the pages of plugins cannot be added: {' '.join(str(error).split())}",
            "take out the plugin that is named, or ask its vendor: it adds pages of its own"
            " alone, under names that begin with its own",
        )
        return None
    report_undeclared(config.registry, problems)
    ours = _registry(site, plugin_set) if plugins else config.registry
    if plugins and problems.count_errors() == before:
        _check_guards(site, plugin_set, plugins, ours, config, problems)
    if site.front and not takes_part(ours, config.registry):
        open_front(router)
    return router


def _config(
    site: Site, plugin_set: PluginSet, plugins: Iterable[str], problems: Problems
) -> Configurator:
    """Our own pages, and those of the plugins; nothing is committed yet."""
    config = Configurator()
    _include_ours(config, site)
    include_plugins(config, plugin_set, plugins, problems)
    _include_solutions(config)
    return config


def _check_guards(
    site: Site,
    plugin_set: PluginSet,
    plugins: tuple[str, ...],
    ours: Registry,
    config: Configurator,
    problems: Problems,
) -> None:
    """Refuse plugins after which something else guards the pages than before."""
    found = replaced(ours, config.registry)
    if not found:
        return
    # Who it was is told by leaving the others out.
    by = {one: replaced(ours, _registry(site, plugin_set, one)) for one in plugins}
    if not any(by.values()):
        by = dict.fromkeys(plugins, found)
    for plugin, words in by.items():
        if words:
            problems.error(
                "plugin-pages",
                plugin_set.hooks.place(plugin),
                f'the plugin "{plugin}" replaces what guards every page: {listed(words)}',
                "take it out, or ask its vendor: it adds pages of its own alone",
            )


def _registry(site: Site, plugin_set: PluginSet, *plugins: str) -> Registry:
    """What is registered with these plugins alone; as much as can be, if one needs others."""
    config = _config(site, plugin_set, plugins, Problems())
    with contextlib.suppress(PyramidError):
        config.commit()
    return config.registry


def _include_ours(config: Configurator, site: Site) -> None:
    config.registry.site = site

    config.include("selvbetjening_core.web.watchers")
    config.include("selvbetjening_core.web.watching")

    # Whose page is it, in which language; then who is asking; then what they may do.
    config.include("selvbetjening_core.web.tenancy")
    config.include("selvbetjening_core.web.session_use")
    config.include("selvbetjening_core.web.sessions")
    config.include("selvbetjening_core.web.staff.sessions")
    config.include("selvbetjening_core.web.csrf")
    config.include("selvbetjening_core.web.security")
    config.include("selvbetjening_core.web.policy")
    config.include("selvbetjening_core.web.limits.sizes")
    config.include("selvbetjening_core.web.limits.counting")
    config.include("selvbetjening_core.web.headers")
    config.include("selvbetjening_core.web.front.policy")
    config.include("selvbetjening_core.web.pages")
    config.include("selvbetjening_core.web.draft")

    # Fixed addresses first: a solution may be called anything else.
    config.include("selvbetjening_core.web.views.assets")
    config.include("selvbetjening_core.web.views.health")
    config.include("selvbetjening_core.web.views.metrics")
    config.include("selvbetjening_core.web.views.messages")
    config.include("selvbetjening_core.web.views.logout")
    config.include("selvbetjening_core.web.views.session")
    config.include("selvbetjening_core.web.views.accessibility")
    config.include("selvbetjening_core.web.views.receipt")
    config.include("selvbetjening_core.web.views.home")
    config.include("selvbetjening_core.web.views.framed")
    config.include("selvbetjening_core.web.staff.overview")
    config.include("selvbetjening_core.web.staff.find")
    config.include("selvbetjening_core.web.staff.helping")
    config.include("selvbetjening_core.web.staff.audit")
    config.include("selvbetjening_core.web.staff.delivery")
    config.include("selvbetjening_core.web.staff.actions")
    config.include("selvbetjening_core.web.staff.receiver")
    config.include("selvbetjening_core.web.staff.login")


def _include_solutions(config: Configurator) -> None:
    config.include("selvbetjening_core.web.views.intro")
    config.include("selvbetjening_core.web.views.steps")
    config.include("selvbetjening_core.web.views.templates")
    config.include("selvbetjening_core.web.views.paper")
    config.include("selvbetjening_core.web.views.saved")
    config.include("selvbetjening_core.web.views.resume")
    config.include("selvbetjening_core.web.views.receipt.add_for_guests")
    config.include("selvbetjening_core.web.views.summary")
    config.include("selvbetjening_core.web.views.payment")
    config.include("selvbetjening_core.web.views.errors")
    config.include("selvbetjening_core.web.log_in_again")
