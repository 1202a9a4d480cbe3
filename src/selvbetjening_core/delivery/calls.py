"""Calling a plugin so that nothing it does can stop the worker.

What a plugin raises is told by its class name alone: its message may hold what
the plugin was handed. The gateway's own errors are in our words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from zope.interface.interface import InterfaceClass

from selvbetjening_core.delivery.destination import Destination
from selvbetjening_core.errors import PluginFailed, TimedOut, TooBusy
from selvbetjening_core.interfaces import IDeliveryQuery, IMessages
from selvbetjening_core.logs import kind_of
from selvbetjening_core.masking import masked
from selvbetjening_core.values import (
    DeliveryRef,
    Outcome,
    OutcomeKind,
    Parcel,
    ResolvesUnknown,
    Verdict,
)

logger = logging.getLogger(__name__)

NOT_CALLED = "not sent: too many calls of its component are under way"
NOT_ASKED = "not asked: too many calls of its component are under way"
NO_VERDICT = "not sent: the plugin gave no verdict"
NO_OUTCOME = "the plugin gave no outcome"
PLUGIN_RAISED = "{error} in the plugin"

LONGEST_EVIDENCE = 2000
_LONGEST_REFERENCE = 1000

# A plugin that calls sys.exit must not end the worker either.
PLUGIN_ERRORS = (Exception, SystemExit)

_NEEDS: dict[ResolvesUnknown, InterfaceClass] = {
    ResolvesUnknown.QUERY: IDeliveryQuery,
    ResolvesUnknown.INBOX: IMessages,
}
_IN_OUR_WORDS = (TimedOut, PluginFailed)


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call, and what it tells of the receiver.

    :param is_working: the receiver answered (True), or failed in a way that would
        fail for others, too (False); None: nothing is known of it
    :param is_busy: nothing was called, because too much of ours was under way
    """

    outcome: Outcome
    is_working: bool | None = None
    is_busy: bool = False


def send(destination: Destination, parcel: Parcel) -> Called:
    """Ask whether the parcel can be sent, and send it. Raises nothing a plugin raises."""
    refusal = _refusal(destination, parcel)
    if refusal is not None:
        return Called(refusal)
    called = _call(
        destination,
        lambda: destination.component.send(parcel),
        if_busy=Outcome(OutcomeKind.TRANSIENT, NOT_CALLED),
    )
    if called.is_busy:
        return called
    failed = called.outcome.kind in (OutcomeKind.TRANSIENT, OutcomeKind.UNKNOWN)
    return Called(called.outcome, is_working=not failed)


def ask(destination: Destination, delivery: DeliveryRef) -> Called:
    """Ask the receiver what became of a delivery. Raises nothing a plugin raises.

    That it answers "not here" or "I cannot tell" is no failure of the receiver.
    """
    component = IDeliveryQuery(destination.component)
    return _call(
        destination,
        lambda: component.query(delivery),
        if_busy=Outcome(OutcomeKind.UNKNOWN, NOT_ASKED),
    )


def storable(outcome: Outcome) -> Outcome:
    """The outcome with texts that every database can keep, cut where they are too long.

    What was delivered must not be forgotten because of a character in the answer.
    """
    return replace(
        outcome,
        evidence=_storable(outcome.evidence, LONGEST_EVIDENCE),
        # It is not sealed, since it is told to whoever asks about the delivery.
        remote_reference=masked(_storable(outcome.remote_reference, _LONGEST_REFERENCE)),
    )


def _storable(text: str, longest: int) -> str:
    return text[:longest].encode("utf-8", "replace").decode("utf-8").replace("\0", "?")


def resolves_unknown(destination: Destination) -> ResolvesUnknown:
    """How the component finds out after an unknown.

    A component that does not say, or names a way that it does not provide,
    leaves it to a person: the answer that never delivers twice.
    """
    try:
        declared = ResolvesUnknown(destination.component.resolves_unknown)
    except PLUGIN_ERRORS:
        return ResolvesUnknown.PERSON
    needs = _NEEDS.get(declared)
    if needs is not None and not needs.providedBy(destination.component):
        return ResolvesUnknown.PERSON
    return declared


def _refusal(destination: Destination, parcel: Parcel) -> Outcome | None:
    """The outcome if the component does not accept the parcel. Nothing is sent yet."""
    # A plugin may be untyped: what it returns is looked at before it is believed.
    accepts: Callable[[Parcel], object] = destination.component.accepts
    try:
        verdict = accepts(parcel)
    except PLUGIN_ERRORS as error:
        log_failure("accepts", destination.plugin, error)
        return Outcome(OutcomeKind.TRANSIENT, f"not sent: {_told(error)}")
    if not isinstance(verdict, Verdict):
        return Outcome(OutcomeKind.TRANSIENT, NO_VERDICT)
    if verdict.ok:
        return None
    return Outcome(OutcomeKind.PERMANENT, f"not sent: {'; '.join(verdict.reasons)}")


def _call(destination: Destination, call: Callable[[], object], *, if_busy: Outcome) -> Called:
    try:
        outcome = call()
    except TooBusy:
        return Called(if_busy, is_busy=True)
    except PLUGIN_ERRORS as error:
        log_failure("send or query", destination.plugin, error)
        return Called(Outcome(OutcomeKind.UNKNOWN, _told(error)), is_working=False)
    if not isinstance(outcome, Outcome):
        return Called(Outcome(OutcomeKind.UNKNOWN, NO_OUTCOME), is_working=False)
    return Called(outcome, is_working=True)


def _told(error: BaseException) -> str:
    if isinstance(error, _IN_OUR_WORDS):
        return str(error)
    return PLUGIN_RAISED.format(error=kind_of(error))


def log_failure(doing: str, plugin: str, error: BaseException) -> None:
    """Log that a plugin failed, without anything it may have been handed."""
    logger.warning("%s of plugin %r failed: %s", doing, plugin, kind_of(error))
