"""The layers in which components are looked up: core ◄ plugin set ◄ municipality."""

from __future__ import annotations

from typing import Any

from zope.interface.registry import Components


class Layer(Components):
    """A registry that is built whole and then frozen.

    What a layer has hides what the layers below have, even where a lower one
    is more specific: layer beats specificity.
    """

    _frozen = False

    def freeze(self) -> None:
        """From now on, registering anything raises."""
        self._frozen = True

    def registerUtility(self, *args: Any, **kwargs: Any) -> None:  # noqa: N802 - zope's name
        """As in :class:`Components`, until frozen.

        :raises TypeError: the layer is frozen
        """
        if self._frozen:
            raise TypeError(f"the layer {self.__name__} is frozen; build a new one and swap it")
        super().registerUtility(*args, **kwargs)
