"""What guards every page, and whether it is still ours when plugins have added theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyramid import interfaces
from pyramid.registry import Registry

_STEP = "step"

_OF_ALL_PAGES: Mapping[str, Any] = {
    "the security policy": interfaces.ISecurityPolicy,
    "the authentication policy": interfaces.IAuthenticationPolicy,
    "the authorization policy": interfaces.IAuthorizationPolicy,
    "the default permission": interfaces.IDefaultPermission,
    "the request factory": interfaces.IRequestFactory,
    "the response factory": interfaces.IResponseFactory,
    "the session factory": interfaces.ISessionFactory,
    "the root factory": interfaces.IRootFactory,
    "the CSRF options": interfaces.IDefaultCSRFOptions,
    "the CSRF storage": interfaces.ICSRFStoragePolicy,
    "the execution policy": interfaces.IExecutionPolicy,
    "the view mapper": interfaces.IViewMapperFactory,
    "the locale negotiator": interfaces.ILocaleNegotiator,
}


def replaced(ours: Registry, found: Registry) -> list[str]:
    """What guards every page in ``ours`` and is another thing in ``found``, in words.

    Both are committed. What is only added is no replacement, except for a request
    attribute that hides one which every request has.
    """
    before, after = dict(_guards(ours)), dict(_guards(found))
    changed = [words for words in before if after.get(words) != before[words]]
    added = _request_names(found) - _request_names(ours)
    request = found.queryUtility(interfaces.IRequestFactory)
    hidden = sorted(name for name in added if hasattr(request, name))
    return [*changed, *(f"request.{name}" for name in hidden)]


def takes_part(ours: Registry, found: Registry) -> bool:
    """Does anything in ``found`` take part in every request, or in steps, beside ours?

    Both are committed. Such a plugin is no mistake, but needs the router for every page.
    """
    return _partakers(ours) != _partakers(found)


def _partakers(registry: Registry) -> tuple[object, ...]:
    tweens = registry.queryUtility(interfaces.ITweens)
    derivers = registry.queryUtility(interfaces.IViewDerivers).sorted()
    views = registry.introspector.get_category("views")
    return (
        [name for name, _ in (*tweens.explicit, *tweens.implicit())],
        [name for name, _ in derivers],
        len(list(registry.registeredHandlers())),
        sum(one["introspectable"].get("route_name") == _STEP for one in views),
    )


def _guards(registry: Registry) -> Iterator[tuple[str, object]]:
    for words, interface in _OF_ALL_PAGES.items():
        yield words, _kind(registry.queryUtility(interface))
    for name, deriver in registry.queryUtility(interfaces.IViewDerivers).sorted():
        yield f"the view deriver {name}", deriver
    tweens = registry.queryUtility(interfaces.ITweens)
    yield "the order of the tweens", tuple(tweens.explicit)
    for name, factory in tweens.implicit():
        yield f"the tween {name}", factory


def _kind(utility: object) -> object:
    """What can be compared: each router has instances of its own of the same classes."""
    is_itself = utility is None or isinstance(utility, str | type) or hasattr(utility, "__name__")
    return utility if is_itself else type(utility)


def _request_names(registry: Registry) -> set[str]:
    extensions = registry.queryUtility(interfaces.IRequestExtensions)
    return {*extensions.descriptors, *extensions.methods} if extensions else set()
