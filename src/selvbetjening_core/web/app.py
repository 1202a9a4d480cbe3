"""The web application, put together."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from pyramid.config import Configurator
from pyramid.router import Router

from selvbetjening_core.composition.stack import Composition
from selvbetjening_core.journey.ports import DeliveryQueue, Store


@dataclass(frozen=True, slots=True)
class Site:
    """What the web application serves from.

    :param now: the clock (UTC, aware)
    :param queue: where deliveries are put
    """

    composition: Composition
    store: Store
    now: Callable[[], datetime.datetime]
    queue: DeliveryQueue

    @property
    def is_demo(self) -> bool:
        """Does every page say that this is a demonstration?"""
        return self.composition.plan.installation.is_demo


def make_app(site: Site) -> Router:
    """The WSGI application. One process serves every municipality of the site."""
    config = Configurator()
    config.registry.site = site

    # Whose page is it, in which language; then who is asking; then what they may do.
    config.include("selvbetjening_core.web.tenancy")
    config.include("selvbetjening_core.web.sessions")
    config.include("selvbetjening_core.web.security")
    config.include("selvbetjening_core.web.pages")
    config.include("selvbetjening_core.web.draft")

    # Fixed addresses first: a solution may be called anything else.
    config.include("selvbetjening_core.web.views.assets")
    config.include("selvbetjening_core.web.views.messages")
    config.include("selvbetjening_core.web.views.logout")
    config.include("selvbetjening_core.web.views.session")
    config.include("selvbetjening_core.web.views.accessibility")
    config.include("selvbetjening_core.web.views.receipt")
    config.include("selvbetjening_core.web.views.home")
    config.include("selvbetjening_core.web.views.intro")
    config.include("selvbetjening_core.web.views.steps")
    config.include("selvbetjening_core.web.views.summary")
    config.include("selvbetjening_core.web.views.payment")
    config.include("selvbetjening_core.web.views.errors")
    return config.make_wsgi_app()
