"""A destination that misbehaves."""

from __future__ import annotations

import json
from pathlib import Path

from zope.interface import implementer

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IDelivery, IDeliveryQuery
from selvbetjening_core.values import (
    ComponentContext,
    Data,
    DeliveryRef,
    Outcome,
    OutcomeKind,
    Parcel,
    ResolvesUnknown,
    Setting,
    Verdict,
)
from selvbetjening_demo.faults.intake import Intake, case_of
from selvbetjening_demo.faults.mischief import Fault, Mischief, fault_settings

SETTINGS = (
    Setting(name="path", kind="path", help="The folder where what arrives can be seen."),
    *fault_settings(
        slow="it arrives, but the answer comes too late",
        down="the receiver cannot be reached",
        lying="the receiver says that it did not arrive, though it did",
        duplicating="it is handed in twice",
        out_of_order="it is held up on the way, and arrives after what is sent or asked next",
        forgetting="it arrives, the answer is lost, and the receiver does not know of it",
    ),
)

_HELD, _FORGOTTEN = "held", "forgotten"


@implementer(IDelivery, IDeliveryQuery)
class FaultyDelivery:
    """A receiver that recognises our key, at the end of a way with faults.

    It has one file for each case, however often that is handed in.
    """

    resolves_unknown = ResolvesUnknown.QUERY

    def __init__(self, context: ComponentContext) -> None:
        self._intake = Intake(Path(context.text("path")), context.store)
        self.mischief = Mischief(context)
        self._store = context.store

    def accepts(self, parcel: Parcel) -> Verdict:
        """All that has a receipt number which can name a folder."""
        return self._intake.accepts(parcel)

    def send(self, parcel: Parcel) -> Outcome:
        """See ``IDelivery``; what is told may not be what happened."""
        if self.mischief.strikes(Fault.OUT_OF_ORDER):
            self._hold(parcel)
            raise Unavailable("held up on purpose")
        outcome = self.mischief.doubled(lambda: self._intake.take(case_of(parcel)))
        self._let_go()
        if self.mischief.strikes(Fault.LYING):
            return Outcome(OutcomeKind.TRANSIENT, "the receiver says that it did not arrive")
        if self.mischief.strikes(Fault.FORGETTING):
            self._store.put(_FORGOTTEN, parcel.key.encode())
            raise Unavailable("the answer is lost on purpose")
        return outcome

    def query(self, delivery: DeliveryRef) -> Outcome:
        """See ``IDeliveryQuery``; what is held up arrives after the answer."""
        found = self.mischief.reached(lambda: self._intake.ask(delivery.key))
        self._let_go()
        if self._store.get(_FORGOTTEN) == delivery.key.encode():
            self._store.remove(_FORGOTTEN)
            return Outcome(OutcomeKind.TRANSIENT, "the receiver does not know of it")
        return found

    def _hold(self, parcel: Parcel) -> None:
        self._let_go()
        self._store.put(_HELD, json.dumps(case_of(parcel)).encode())

    def _let_go(self) -> None:
        held = self._store.get(_HELD)
        if held is not None:
            self._store.remove(_HELD)
            self._intake.take(json.loads(held))


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the destination that misbehaves."""
    register.component(
        IDelivery,
        FaultyDelivery,
        help="A folder at the end of a way with faults, made on purpose: to rehearse with.",
        settings=SETTINGS,
        demo_only=True,
        reads={Data.CPR, Data.NAME, Data.ADDRESS, Data.ANSWERS},
        holds="The whole case, in a folder of the demonstration, until somebody deletes it.",
        built_for="0.1",
        makes_faults=True,
    )
