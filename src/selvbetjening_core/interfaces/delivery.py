"""IDelivery: hand a submission to the system that will handle it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Attribute, Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import DeliveryRef, Outcome, Parcel, ResolvesUnknown, Verdict


class IDelivery(Interface):
    """Delivers parcels to one destination.

    Called by a worker, never while a citizen waits. One call is one attempt:
    retries, limits and parking are the core's.
    """

    resolves_unknown: ResolvesUnknown = Attribute(
        "How it is found out what became of an attempt nobody knows the end of."
    )

    def accepts(parcel: Parcel) -> Verdict:
        """Could this parcel be sent at all (size, types, required data)? No effect."""

    def send(parcel: Parcel) -> Outcome:
        """Deliver, or say why not. Personal data: all that the parcel holds.

        Idempotent on ``parcel.key`` where the component declares
        ``safe_repeat``. An exception counts as *unknown*.
        """


class IDeliveryQuery(Interface):
    """What a component that declares ``resolves_unknown = query`` also provides."""

    def query(delivery: DeliveryRef) -> Outcome:
        """Ask the receiver what became of the delivery. No effect.

        ``transient`` means: it never arrived, send it again.
        """
