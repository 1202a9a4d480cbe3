"""The mail: that a case has arrived, and nothing about whom it concerns."""

from __future__ import annotations

import datetime
import hashlib
from email.message import EmailMessage
from email.utils import format_datetime

from babel.dates import format_datetime as format_for_people
from babel.dates import get_timezone

from selvbetjening_core.values import Parcel

_DANISH_PATTERN = "d. MMMM y 'kl.' HH.mm"


def empty_mail() -> EmailMessage:
    """A mail to be filled in."""
    # Reads headers of every kind, which takes as long to load as all else of a mail.
    from email.policy import SMTP  # noqa: PLC0415

    return EmailMessage(policy=SMTP)


def letter(parcel: Parcel, sender: str, recipient: str, now: datetime.datetime) -> bytes:
    """The mail as it goes over the wire. It holds no personal data.

    The Message-ID is made from the parcel's key, so that every repeat has the
    same and mail systems can tell that it is one.
    """
    case = parcel.case
    title = printable(case.title)
    message = empty_mail()
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = f"Ny ansøgning: {title}, kvittering {case.receipt_number}"
    message["Date"] = format_datetime(now.astimezone(datetime.UTC))
    message["Message-ID"] = message_id(parcel.key, sender)
    # Out-of-office answers are not sent to what says this (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_body(parcel, title), cte="quoted-printable")
    return message.as_bytes()


def printable(text: str) -> str:
    """``text`` in one line; a lone surrogate is no character and cannot be sent."""
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _body(parcel: Parcel, title: str) -> str:
    received = format_for_people(
        parcel.case.received_at,
        _DANISH_PATTERN,
        tzinfo=get_timezone("Europe/Copenhagen"),
        locale="da",
    )
    return (
        "Der er kommet en ny ansøgning.\n\n"
        f"Løsning: {title}\n"
        f"Kvitteringsnummer: {parcel.case.receipt_number}\n"
        f"Modtaget: {received}\n\n"
        "Sagen ligger i journalen. Find den med kvitteringsnummeret.\n"
        "Af hensyn til borgeren står der ingen personoplysninger i denne mail.\n"
    )


def message_id(key: str, sender: str) -> str:
    """The Message-ID of every mail about the parcel with this key."""
    domain = sender.rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"
