"""The component: what is the same for every receiver. Nothing to fill in here."""

from __future__ import annotations

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IDelivery, IDeliveryQuery, IMessages
from selvbetjening_core.values import (
    ComponentContext,
    Data,
    DeliveryRef,
    Message,
    Outcome,
    OutcomeKind,
    Parcel,
    Reply,
    ResolvesUnknown,
    Setting,
    Verdict,
)
from zope.interface import implementer

from acme_plugin.intake import Intake
from acme_plugin.wire import SETTINGS, NotSent, Wire

ALL_SETTINGS = (
    *SETTINGS,
    Setting("message_secret", "secret", help="The secret that Acme signs its messages with."),
)


@implementer(IDelivery, IDeliveryQuery, IMessages)
class AcmeDelivery:
    """One destination of one municipality."""

    # Acme can be asked by our key, so nobody has to guess and nothing is sent twice.
    resolves_unknown = ResolvesUnknown.QUERY

    def __init__(self, context: ComponentContext) -> None:
        """Keep the settings. Nothing is asked and nothing happens yet."""
        self._intake = Intake(Wire(context), context.text("message_secret"))
        self._now = context.now

    def accepts(self, parcel: Parcel) -> Verdict:
        """Whether Acme could take the parcel at all."""
        reasons = self._intake.refuses(parcel)
        return Verdict(ok=not reasons, reasons=reasons)

    def send(self, parcel: Parcel) -> Outcome:
        """One attempt, ended before the parcel's deadline."""
        seconds = (parcel.deadline - self._now()).total_seconds()
        if seconds <= 0:
            return Outcome(OutcomeKind.TRANSIENT, "no time was left to send it")
        try:
            return self._intake.send(parcel, seconds)
        except NotSent as error:
            return Outcome(OutcomeKind.TRANSIENT, str(error))
        except Unavailable as error:
            return Outcome(OutcomeKind.UNKNOWN, str(error))

    def query(self, delivery: DeliveryRef) -> Outcome:
        """What became of it; ``transient`` means that it never arrived."""
        try:
            return self._intake.find(delivery)
        except Unavailable as error:
            return Outcome(OutcomeKind.UNKNOWN, str(error))

    def notice(self, message: Message) -> Reply:
        """What Acme tells later of what it took."""
        receipts = self._intake.read_message(message)
        if receipts is None:
            return Reply(status=401, body=b"not proven")
        return Reply(receipts=receipts)


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.component(
        IDelivery,
        AcmeDelivery,
        help="Delivery to Acme.",
        settings=ALL_SETTINGS,
        reads=(
            Data.CPR,
            Data.NAME,
            Data.ADDRESS,
            Data.ANSWERS,
            Data.DOCUMENTS,
            Data.ATTACHMENTS,
        ),
        holds="Acme keeps the whole submission, for as long as its agreement with you says.",
        built_for="0.1",
    )
