"""Pyramid's execution policy: who answers a request."""

from __future__ import annotations

import logging
import time
from typing import Any

from pyramid.config import Configurator
from pyramid.response import Response
from pyramid.router import Router

from selvbetjening_core.errors import SelvbetjeningError
from selvbetjening_core.logs import kind_of
from selvbetjening_core.web import last_resort
from selvbetjening_core.web.front.answers import Answer
from selvbetjening_core.web.front.places import ROUTE
from selvbetjening_core.web.front.steps import Steps

log = logging.getLogger(__name__)


def includeme(config: Configurator) -> None:
    """Let the front answer what it can. Whether it does is said by :func:`open_front`."""
    config.registry.front = None
    config.set_execution_policy(answer)


def open_front(router: Router) -> None:
    """From now on the front answers. For a router on which nothing but ours is registered."""
    router.registry.front = Steps(router.registry)


def answer(environ: dict[str, Any], router: Router) -> Answer | Response:
    """By the front, where it can; else by the router, as if there were no front."""
    return _at_front(environ, router) or last_resort.answer_anyway(environ, router)


def _at_front(environ: dict[str, Any], router: Router) -> Answer | None:
    front: Steps | None = router.registry.front
    if front is None:
        return None
    begun = time.perf_counter()
    try:
        found = front.answer(environ)
    except SelvbetjeningError:
        # The router comes to the same, and has a page that tells it.
        return None
    except Exception as error:  # noqa: BLE001 - whatever it is
        log.warning("the front gave up: %s", kind_of(error))
        return None
    if found is not None:
        seconds = time.perf_counter() - begun
        router.registry.meter.took(ROUTE, environ["REQUEST_METHOD"], int(found.status[:3]), seconds)
    return found
