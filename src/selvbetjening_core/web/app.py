"""The web application, put together."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError as PyramidError
from pyramid.request import Request
from pyramid.router import Router

from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.composition.stack import Composition
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.journey.context import to_nobody
from selvbetjening_core.journey.ports import DeliveryQueue, Store
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import CaseEvent
from selvbetjening_core.web.plugin_pages import HOOK, include_plugins
from selvbetjening_core.web.tenancy import addressed


@dataclass(frozen=True, slots=True)
class Site:
    """What the web application serves from.

    :param now: the clock (UTC, aware)
    :param queue: where deliveries are put
    :param announce: told what happened to a case, once it is committed
    """

    composition: Composition
    store: Store
    now: Callable[[], datetime.datetime]
    queue: DeliveryQueue
    announce: Callable[[CaseEvent], None] = to_nobody

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
    config = Configurator()
    _include_ours(config, site)
    include_plugins(config, plugin_set, problems)
    _include_solutions(config)
    try:
        return config.make_wsgi_app()
    except PyramidError as error:
        problems.error(
            "plugin-pages",
            plugin_set.plugins_place,
            f"the pages of plugins cannot be added: {' '.join(str(error).split())}",
            "take out the plugin that is named, or ask its vendor: it adds pages of its own"
            " alone, under names that begin with its own",
        )
        return None


def _include_ours(config: Configurator, site: Site) -> None:
    config.registry.site = site

    # Whose page is it, in which language; then who is asking; then what they may do.
    config.include("selvbetjening_core.web.tenancy")
    config.include("selvbetjening_core.web.sessions")
    config.include("selvbetjening_core.web.security")
    config.include("selvbetjening_core.web.pages")
    config.include("selvbetjening_core.web.draft")

    # Fixed addresses first: a solution may be called anything else.
    config.include("selvbetjening_core.web.views.assets")
    config.include("selvbetjening_core.web.views.health")
    config.include("selvbetjening_core.web.views.messages")
    config.include("selvbetjening_core.web.views.logout")
    config.include("selvbetjening_core.web.views.session")
    config.include("selvbetjening_core.web.views.accessibility")
    config.include("selvbetjening_core.web.views.receipt")
    config.include("selvbetjening_core.web.views.home")


def _include_solutions(config: Configurator) -> None:
    config.include("selvbetjening_core.web.views.intro")
    config.include("selvbetjening_core.web.views.steps")
    config.include("selvbetjening_core.web.views.summary")
    config.include("selvbetjening_core.web.views.payment")
    config.include("selvbetjening_core.web.views.errors")
