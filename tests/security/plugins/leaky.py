"""A vendor who writes down everything: logs, prints, raises and answers with numbers.

Nothing here is a test hook: vendors do this.
"""

from __future__ import annotations

import logging
import sys
import warnings

from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDelivery, IPrefill
from selvbetjening_core.values import (
    Address,
    Child,
    Data,
    Household,
    Outcome,
    OutcomeKind,
    Person,
    ResolvesUnknown,
    Verdict,
)

log = logging.getLogger("leaky")
_HOME = Address("home-1", ("Eksempelvej 1", "1000 K\u00f8benhavn K"), "0101")


def _tell_everybody(doing, number):
    """Whatever a careless vendor does with a number."""
    dashed = f"{number[:6]}-{number[6:]}"
    log.error("%s for %s", doing, number)
    log.warning("%s for " + dashed, doing, extra={"cpr": number})  # noqa: G003 - as vendors do
    logging.getLogger(f"leaky.{number}").error("by name")
    warnings.warn(f"{doing} for {number}", stacklevel=2)
    print(doing, "for", dashed)  # noqa: T201 - as vendors do
    print(f"{doing} for {number}", file=sys.stderr)  # noqa: T201 - the same
    log.error("while %s", doing, exc_info=_named(number))


def _named(number):
    """An exception whose class, message and notes tell."""
    error = type(f"Refused{number}", (Exception,), {})(f"refused {number}")
    error.add_note(f"for {number}")
    return error


@implementer(IPrefill)
class Leaky:
    """A register and a receiver."""

    resolves_unknown = ResolvesUnknown.SAFE_REPEAT

    def __init__(self, context):
        self._now = context.now
        self._tried = set()

    def household(self, cpr):
        number = cpr.reveal()
        _tell_everybody("asking", number)
        if int(number) % 7 == 0:
            raise _named(number)
        person = Person(cpr, "M\u00e6rket Person", _HOME)
        return Household(person, (Child(person, custody=True),), "Register", self._now())


@implementer(IDelivery)
class Careless(Leaky):
    def accepts(self, parcel):
        return Verdict(ok=True)

    def send(self, parcel):
        number = parcel.case.parties.actor.cpr.reveal()
        _tell_everybody("sending", number)
        if parcel.key not in self._tried:
            self._tried.add(parcel.key)
            if int(number) % 3 == 0:
                raise _named(number)
            if int(number) % 3 == 1:
                return Outcome(OutcomeKind.TRANSIENT, f"no room for {number}", number)
        return Outcome(OutcomeKind.DELIVERED, f"case of {number}", f"{number[:6]}-{number[6:]}")


@hookimpl
def selvbetjening_register(register):
    told = {"holds": "Nothing.", "built_for": "0.1"}
    register.component(IPrefill, Leaky, help="A careless register.", reads=(Data.CPR,), **told)
    register.component(IDelivery, Careless, help="A careless receiver.", reads=tuple(Data), **told)
