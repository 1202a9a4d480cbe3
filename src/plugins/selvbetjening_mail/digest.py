"""The daily digest of what is parked or overdue, as a mail."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from email.utils import format_datetime

from babel.dates import format_date, get_timezone
from babel.dates import format_datetime as format_for_people
from zope.interface import implementer

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IDigest
from selvbetjening_core.values import (
    ComponentContext,
    Digest,
    DigestLine,
    OutcomeKind,
    Trouble,
)
from selvbetjening_mail.letter import empty_mail, message_id, printable
from selvbetjening_mail.transfer import MailServer, transfer

DEFAULT_TIMEOUT = 10
_WORDS = {Trouble.PARKED: "Kræver handling", Trouble.OVERDUE: "Forsinket"}
_COMMAND = "selvbetjening deliveries"


@implementer(IDigest)
class MailDigest:
    """Sends the digest to one mailbox. Nothing in it is personal."""

    def __init__(self, context: ComponentContext) -> None:
        self._server = MailServer.at(context.text("server"))
        self._sender = context.text("sender")
        self._recipient = context.text("recipient")
        self._timeout = context.number("timeout") or DEFAULT_TIMEOUT

    def send(self, digest: Digest) -> None:
        """Send the mail. A repeat is a second mail with the same Message-ID.

        :raises Unavailable: the server did not take it, or it is not known
        """
        content = digest_letter(digest, self._sender, self._recipient)
        outcome = transfer(self._server, self._sender, self._recipient, content, self._timeout)
        if outcome.kind is not OutcomeKind.DELIVERED:
            raise Unavailable(f"the digest was not taken: {outcome.evidence}")


def digest_letter(digest: Digest, sender: str, recipient: str) -> bytes:
    """The mail as it goes over the wire."""
    message = empty_mail()
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = _subject(digest)
    message["Date"] = format_datetime(digest.made_at.astimezone(datetime.UTC))
    message["Message-ID"] = message_id(digest.key, sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(_body(digest)) + "\n", cte="quoted-printable")
    return message.as_bytes()


def _subject(digest: Digest) -> str:
    day = format_date(digest.day, "d. MMMM y", locale="da")
    if not digest.lines:
        return f"Selvbetjening {day}: intet kræver handling, og intet er forsinket"
    number = f"mindst {len(digest.lines)}" if digest.has_more else f"{len(digest.lines)}"
    what = "levering" if number == "1" else "leveringer"
    return f"Selvbetjening {day}: {number} {what} skal ses efter"


def _body(digest: Digest) -> Iterator[str]:
    yield printable(digest.authority)
    yield ""
    if not digest.lines:
        yield "Intet kræver handling, og intet er forsinket."
        return
    for trouble, heading in (
        (Trouble.PARKED, "Kræver handling: en medarbejder skal tage stilling"),
        (Trouble.OVERDUE, "Forsinket: bliver prøvet igen, eller svaret afventes"),
    ):
        lines = [line for line in digest.lines if line.trouble is trouble]
        if lines:
            yield heading
            yield ""
            yield from (text for line in lines for text in _told(line, digest.made_at))
            yield ""
    if digest.has_more:
        yield f"Der er flere end de {len(digest.lines)} ældste, som står her."
    yield f"Se dem her: {digest.url}" if digest.url else f"Se dem med kommandoen: {_COMMAND}"
    yield "Af hensyn til borgerne står der ingen personoplysninger i denne mail."


def _told(line: DigestLine, now: datetime.datetime) -> Iterator[str]:
    since = format_for_people(
        line.since,
        "d. MMMM y 'kl.' HH.mm",
        tzinfo=get_timezone("Europe/Copenhagen"),
        locale="da",
    )
    yield (
        f"- {_WORDS[line.trouble]}: kvittering {line.receipt_number}, til"
        f" {printable(line.destination)} ({printable(line.component)})"
    )
    yield f"  modtaget {since}, for {_age(now - line.since)} siden"
    if line.reason:
        yield f"  {printable(line.reason)}"


def _age(age: datetime.timedelta) -> str:
    hours = max(int(age.total_seconds()), 0) // 3600
    number, one, many = (hours // 24, "dag", "dage") if hours >= 48 else (hours, "time", "timer")
    return f"{number} {one if number == 1 else many}"
