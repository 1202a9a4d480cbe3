"""The component: what is the same for every register of persons. Nothing to fill in here."""

from __future__ import annotations

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IPrefill
from selvbetjening_core.values import Child, ComponentContext, CprNumber, Data, Household
from zope.interface import implementer

from acme_plugin.persons import SOURCE, Persons
from acme_plugin.wire import SETTINGS, Wire


@implementer(IPrefill)
class AcmePrefill:
    """One municipality's access to Acme."""

    def __init__(self, context: ComponentContext) -> None:
        """Keep the settings. Nobody is asked yet."""
        self._persons = Persons(Wire(context))
        self._now = context.now

    def household(self, cpr: CprNumber) -> Household | None:
        """The person and the children; None where Acme does not know the number."""
        entry = self._persons.entry(cpr)
        if entry is None:
            return None
        try:
            person = self._persons.person(entry)
            children = tuple(
                Child(self._persons.person(child), self._persons.has_custody(entry, child))
                for child in self._persons.children(entry)
            )
        except (KeyError, TypeError, ValueError):
            # Without what was read: it is personal.
            raise Unavailable("Acme's answer about a person cannot be read") from None
        if person.cpr != cpr:
            raise Unavailable("Acme answered about another person")
        return Household(person, children, SOURCE, self._now())


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.component(
        IPrefill,
        AcmePrefill,
        help="Facts of persons from Acme.",
        settings=SETTINGS,
        reads=(Data.CPR,),
        holds="Acme logs who was looked up, and when.",
        built_for="0.1",
    )
