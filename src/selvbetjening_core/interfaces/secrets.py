"""ISecrets: where secrets are kept."""

from __future__ import annotations

from zope.interface import Attribute, Interface


class ISecrets(Interface):
    """Reads secrets from one kind of place, such as a vault.

    Settings refer to a secret as ``scheme:name``. The core itself reads
    ``env:NAME`` and ``file:PATH``; a plugin set may add other schemes.
    """

    scheme: str = Attribute("What references begin with, before the colon; lower case.")

    def read(name: str) -> str:
        """The secret called ``name``. No effect, and nothing of it in any message.

        :raises LookupError: there is none; the sentence says which was sought,
            never what was found
        """
