"""A register of addresses that knows a few."""

from __future__ import annotations

import time

from zope.interface import implementer

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import ILookup
from selvbetjening_core.values import ComponentContext, LookupMatch, LookupQuery, Setting

# Town halls and libraries: public buildings, and nobody's home.
_KNOWN = (
    ("Jernbanevej 7, 7900 Nykøbing Mors", "7900", "0773"),
    ("Holgersgade 5, 7900 Nykøbing Mors", "7900", "0773"),
    ("Asylgade 30, 7700 Thisted", "7700", "0787"),
    ("Tingstrupvej 4, 7700 Thisted", "7700", "0787"),
    ("Rådhuspladsen 2, 8000 Aarhus C", "8000", "0751"),
    ("Hack Kampmanns Plads 2, 8000 Aarhus C", "8000", "0751"),
    ("Rådhuspladsen 1, 1550 København V", "1550", "0101"),
    ("Krystalgade 15, 1172 København K", "1172", "0101"),
    ("Torvet 7, 7400 Herning", "7400", "0657"),
    ("Rådhuspladsen 1, 8300 Odder", "8300", "0727"),
)
_MATCHES = {
    f"demo-{number}": LookupMatch(
        f"demo-{number}", text, {"postcode": postcode, "municipality": municipality}
    )
    for number, (text, postcode, municipality) in enumerate(_KNOWN, start=1)
}

SETTINGS = (
    Setting(
        name="failure",
        kind="text",
        help='"down": behave as if the register could not be reached; "slow": answer after'
        " half a minute.",
        required=False,
        default="",
        choices=("", "down", "slow"),
    ),
)
_SLOW_SECONDS = 30


@implementer(ILookup)
class DemoAddresses:
    """Stands for Danmarks Adresseregister: addresses of a few public buildings."""

    def __init__(self, context: ComponentContext) -> None:
        self._failure = context.text("failure")

    def search(self, query: LookupQuery) -> tuple[LookupMatch, ...]:
        """The addresses that hold every word of the text; those that begin with it first.

        :raises Unavailable: when set to be down
        """
        self._fail_if_asked_to()
        words = query.text.casefold().replace(",", " ").split()
        if not words or query.limit < 1:
            return ()
        found = [
            one for one in _MATCHES.values() if all(word in one.text.casefold() for word in words)
        ]
        found.sort(key=lambda one: not one.text.casefold().startswith(words[0]))
        return tuple(found[: query.limit])

    def find(self, key: str) -> LookupMatch | None:
        """The address with this key, or None.

        :raises Unavailable: when set to be down
        """
        self._fail_if_asked_to()
        return _MATCHES.get(key)

    def _fail_if_asked_to(self) -> None:
        if self._failure == "slow":
            time.sleep(_SLOW_SECONDS)
        if self._failure == "down":
            raise Unavailable("the demo's addresses are set to be down")


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the addresses."""
    register.component(
        ILookup,
        DemoAddresses,
        help="A register of addresses with a few public buildings.",
        settings=SETTINGS,
        demo_only=True,
        holds="Nothing of what is looked up.",
        built_for="0.1",
    )
