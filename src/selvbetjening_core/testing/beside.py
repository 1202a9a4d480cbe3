"""Contracts that a component provides beside the one it is registered under."""

from __future__ import annotations

from dataclasses import dataclass

from zope.interface.interface import InterfaceClass

from selvbetjening_core.composition.register import ComponentOffer
from selvbetjening_core.testing.bench import Bench, installed


@dataclass(kw_only=True)
class BesideBench(Bench):
    """A plugin whose component provides another contract, too.

    :param registered_as: the contract it is registered under, where the plugin
        offers components of several
    """

    registered_as: InterfaceClass | None = None

    @property
    def offer(self) -> ComponentOffer:
        """What the plugin says of its component, asked anew.

        :raises ConfigurationError: it cannot be loaded
        :raises LookupError: it offers none
        """
        for offer in self.registration().offers.get(installed(self.plugin).name, ()):
            if self.registered_as in (None, offer.contract):
                return offer
        raise LookupError(f'the plugin "{self.plugin}" offers no such component')
