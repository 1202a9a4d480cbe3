"""The layers in which components are looked up: core ◄ plugin set ◄ municipality."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from zope.interface.registry import Components


def _until_frozen(change: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(change)
    def checked(self: Layer, *args: Any, **kwargs: Any) -> Any:
        if self.is_frozen:
            raise TypeError(f"the layer {self.__name__} is frozen; build a new one and swap it")
        return change(self, *args, **kwargs)

    return checked


class Layer(Components):
    """A registry that is built whole and then frozen.

    What a layer has hides what the layers below have, even where a lower one
    is more specific: layer beats specificity. As zope's :class:`Components`,
    but whatever changes it raises ``TypeError`` once it is frozen.
    """

    is_frozen = False

    def freeze(self) -> None:
        """From now on, registering or unregistering anything raises."""
        self.is_frozen = True

    registerUtility = _until_frozen(Components.registerUtility)  # noqa: N815 - zope's name
    unregisterUtility = _until_frozen(Components.unregisterUtility)  # noqa: N815
    registerAdapter = _until_frozen(Components.registerAdapter)  # noqa: N815
    unregisterAdapter = _until_frozen(Components.unregisterAdapter)  # noqa: N815
    registerHandler = _until_frozen(Components.registerHandler)  # noqa: N815
    unregisterHandler = _until_frozen(Components.unregisterHandler)  # noqa: N815
    registerSubscriptionAdapter = _until_frozen(  # noqa: N815
        Components.registerSubscriptionAdapter
    )
    unregisterSubscriptionAdapter = _until_frozen(  # noqa: N815
        Components.unregisterSubscriptionAdapter
    )
