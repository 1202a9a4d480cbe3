"""Which views have the web session: those that ask for it, and no other.

A view asks with the option ``session=True``, or by needing a permission. In any other,
``request.web_session``, ``request.staff_session`` and ``request.identity`` are errors,
so that no page becomes personal by accident.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid.request import Request
from pyramid.response import Response
from pyramid.viewderivers import INGRESS

from selvbetjening_core.web.policy import PUBLIC, WATCHER

View = Callable[[object, Request], Response]


def includeme(config: Configurator) -> None:
    """Add the view option ``session``, and ``request.may_use_session``."""
    config.add_view_deriver(session_view, "session", under=INGRESS, over=("form", "secured_view"))
    config.add_request_method(_not_asked, "may_use_session", reify=True)
    config.add_request_method(_no_view, "shown_by", reify=True)


def session_view(view: View, info: Any) -> View:
    """A view deriver: lets the view use the web session if it asks for it.

    :raises ConfigurationError: a view for messages from outside asks for it
    """
    asks = _asks(info)
    name = _name(info.original_view)
    if asks and info.options.get("from_outside"):
        raise ConfigurationError(
            f"the view {name} takes messages from outside, which have no session"
        )

    def with_session(context: object, request: Request) -> Response:
        request.may_use_session, request.shown_by = asks, name
        return view(context, request)

    return with_session


session_view.options = ("session",)  # type: ignore[attr-defined]  # Pyramid's protocol


def need_asked(request: Request) -> None:
    """:raises RuntimeError: the view that is shown has not asked for the session"""
    if not request.may_use_session:
        raise RuntimeError(
            f"{request.shown_by} uses the web session and has not asked for it:"
            " add session=True to its view"
        )


def _asks(info: Any) -> bool:
    if info.options.get("session"):
        return True
    permission = info.options.get("permission")
    if permission is None:
        # Pages have the default permission, pages about errors have none.
        return not info.exception_only
    return permission not in (PUBLIC, WATCHER)


def _name(view: object) -> str:
    module, name = getattr(view, "__module__", ""), getattr(view, "__qualname__", "")
    return f"{module}.{name}" if name else type(view).__qualname__


def _not_asked(request: Request) -> bool:  # noqa: ARG001 - Pyramid's signature
    return False


def _no_view(request: Request) -> str:  # noqa: ARG001 - Pyramid's signature
    return "what is no view"
