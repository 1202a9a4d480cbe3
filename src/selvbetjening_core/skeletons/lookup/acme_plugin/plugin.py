"""The component: what is the same for every look-up. Nothing to fill in here."""

from __future__ import annotations

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import ILookup
from selvbetjening_core.values import ComponentContext, LookupMatch, LookupQuery
from zope.interface import implementer

from acme_plugin.index import Index
from acme_plugin.wire import SETTINGS, Wire

# As much as people type; more is no question.
_LONGEST_TEXT = 200


@implementer(ILookup)
class AcmeLookup:
    """One municipality's access to Acme."""

    def __init__(self, context: ComponentContext) -> None:
        """Keep the settings. Nobody is asked yet."""
        self._index = Index(Wire(context))

    def search(self, query: LookupQuery) -> tuple[LookupMatch, ...]:
        """The best matches first, at most ``query.limit``."""
        text = query.text.strip()[:_LONGEST_TEXT]
        if not text or query.limit < 1:
            return ()
        try:
            found = self._index.ask(text, query.limit, query.locale)
            matches = [self._index.match(row) for row in found]
        except (KeyError, TypeError, ValueError):
            raise Unavailable("Acme's matches cannot be read") from None
        return tuple(matches[: query.limit])

    def find(self, key: str) -> LookupMatch | None:
        """What has this key, or None."""
        if not key or not self._index.is_key(key):
            return None
        try:
            row = self._index.get(key)
            match = None if row is None else self._index.match(row)
        except (KeyError, TypeError, ValueError):
            raise Unavailable("Acme's match cannot be read") from None
        if match is not None and match.key != key:
            raise Unavailable("Acme answered about another key")
        return match


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.component(
        ILookup,
        AcmeLookup,
        help="Look-ups at Acme.",
        settings=SETTINGS,
        holds="Acme keeps nothing of what is looked up.",
        built_for="0.1",
    )
