"""A destination that is a mailbox: it is told of a case, never what is in it."""

from __future__ import annotations

from zope.interface import implementer

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IDelivery, IDigest
from selvbetjening_core.values import (
    ComponentContext,
    Outcome,
    Parcel,
    ResolvesUnknown,
    Setting,
    Verdict,
)
from selvbetjening_mail.digest import DEFAULT_TIMEOUT, MailDigest
from selvbetjening_mail.letter import letter
from selvbetjening_mail.transfer import MailServer, transfer

SETTINGS = (
    Setting(
        name="server",
        kind="url",
        help=(
            "The mail server: smtp://host:port, smtp+starttls://user:password@host:port or "
            "smtps://user:password@host:port."
        ),
    ),
    Setting(name="sender", kind="email", help="The address the mail comes from."),
    Setting(name="recipient", kind="email", help="The mailbox that is told."),
    Setting(
        name="timeout",
        kind="number",
        help="How many seconds to wait for each answer of the mail server.",
        required=False,
        default=DEFAULT_TIMEOUT,
        minimum=1,
    ),
)


@implementer(IDelivery)
class MailDelivery:
    """Sends a short mail that a case is in the journal.

    Mail is not a safe place: no name, no CPR number, no answer and no document
    is in it.
    """

    resolves_unknown = ResolvesUnknown.PERSON

    def __init__(self, context: ComponentContext) -> None:
        self._server = MailServer.at(context.text("server"))
        self._sender = context.text("sender")
        self._recipient = context.text("recipient")
        self._timeout = context.number("timeout") or DEFAULT_TIMEOUT
        self._now = context.now

    def accepts(self, parcel: Parcel) -> Verdict:
        """Always. Of a case the mail holds nothing: neither answers, documents nor attachments.

        It tells that there is one, and the journal has what is in it. To refuse
        what has attachments would leave the mailbox untold of just those cases.
        """
        return Verdict(ok=True)

    def send(self, parcel: Parcel) -> Outcome:
        """Send the mail.

        Not idempotent: a repeat is a second mail, with the same Message-ID.
        *Unknown* is a connection that was lost after the mail was sent and
        before the server answered.
        """
        content = letter(parcel, self._sender, self._recipient, self._now())
        left = (parcel.deadline - self._now()).total_seconds()
        return transfer(
            self._server, self._sender, self._recipient, content, min(self._timeout, left)
        )


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer delivery by mail, and the daily digest by mail."""
    register.component(
        IDelivery,
        MailDelivery,
        help="Tells a mailbox that a case has arrived; nothing personal is in the mail.",
        settings=SETTINGS,
        holds="Nothing about a person: the mail names the solution and the receipt number.",
        built_for="0.1",
    )
    register.component(
        IDigest,
        MailDigest,
        help="Tells a mailbox once a day what is parked or overdue; nothing personal is in it.",
        settings=SETTINGS,
        holds="Nothing about a person: receipt numbers, destinations, times and reasons.",
        built_for="0.1",
    )
