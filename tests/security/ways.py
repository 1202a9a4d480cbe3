"""Both ways to a step: by the front, as it is served; and by the router alone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from unittest import mock

from selvbetjening_core.web import app

BOTH = ("authz", "csrf_session", "headers", "fuzz")
"""The items that are measured by both."""


@contextlib.contextmanager
def by_router_alone() -> Iterator[None]:
    """No application that is made in here has a front."""
    with mock.patch.object(app, "open_front"):
        yield
