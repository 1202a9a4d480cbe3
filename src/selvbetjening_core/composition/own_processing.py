"""What the application itself keeps about people, whatever plugins are installed.

One entry for each thing it keeps, with the tables that hold it. Tests compare
it with the tables, and with what the store removes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Persons(enum.StrEnum):
    """A category of data subjects."""

    ACTOR = "actor"
    """The citizen who acts."""
    PRINCIPAL = "principal"
    """The one who is acted for."""
    HOUSEHOLD = "household"
    """Members of the household that the register of persons tells of."""
    STAFF = "staff"
    """The municipality's staff who look after deliveries."""


class Kept(enum.StrEnum):
    """What decides how long something is kept."""

    DRAFT = "draft"
    """The solution's ``draft_days``."""
    DELIVERED = "delivered"
    """The solution's ``delivered_days``."""
    SESSION = "session"
    """The limits of a login."""
    COMPONENT = "component"
    """The component that keeps it."""
    BOOKS = "books"
    """The installation's ``[retention] payment_years``."""
    LOG = "log"
    """The installation's ``[retention] audit_days``."""
    RECEIVER = "receiver"
    """Until the receiver is resumed."""


@dataclass(frozen=True, slots=True)
class OwnProcessing:
    """One thing the application keeps.

    :param tables: where it is
    :param data: the kinds of data, in words
    :param is_sealed: what is about people in it is encrypted, field by field
    :param is_removed: the application itself removes it when its time is over
    """

    name: str
    tables: tuple[str, ...]
    purpose: str
    persons: tuple[Persons, ...]
    data: str
    kept: Kept
    is_sealed: bool
    is_removed: bool


_EVERYBODY = (Persons.ACTOR, Persons.PRINCIPAL, Persons.HOUSEHOLD)
_PARTIES = (Persons.ACTOR, Persons.PRINCIPAL)

OWN_PROCESSING = (
    OwnProcessing(
        name="drafts",
        tables=("draft",),
        purpose="The citizen can fill in the form over several visits, and go on after a payment.",
        persons=_EVERYBODY,
        data="CPR numbers, names, addresses and protection, custody of children, how the citizen"
        " logged in, answers; where nobody logs in, answers, and a keyed hash of the code that"
        " opens them",
        kept=Kept.DRAFT,
        is_sealed=True,
        is_removed=True,
    ),
    OwnProcessing(
        name="submissions",
        tables=("submission",),
        purpose="What was submitted is delivered, and the citizen has a receipt for it.",
        persons=_PARTIES,
        data="CPR numbers, names, addresses, answers, receipt number, on what basis somebody acts,"
        " what was paid; where nobody logged in, no CPR number, name or address of anybody's login",
        kept=Kept.DELIVERED,
        is_sealed=True,
        is_removed=True,
    ),
    OwnProcessing(
        name="files",
        tables=("upload",),
        purpose="Files that the citizen sends along go with the submission.",
        persons=_EVERYBODY,
        data="whatever the files hold, their names, types and sizes; those of a draft go with it",
        kept=Kept.DELIVERED,
        is_sealed=True,
        is_removed=True,
    ),
    OwnProcessing(
        name="deliveries",
        tables=("delivery", "delivery_attempt"),
        purpose="What was submitted is sent on until it has arrived, and it can be shown that it"
        " has.",
        persons=_PARTIES,
        data="the number of the submission, destination, state, times, the receiver's answer",
        kept=Kept.DELIVERED,
        is_sealed=True,
        is_removed=True,
    ),
    OwnProcessing(
        name="payments",
        tables=("payment",),
        purpose="A fee is collected, and the books can be accounted for.",
        persons=(Persons.ACTOR,),
        data="amount, times, state, means of payment, the payment provider's reference, the number"
        " of the draft",
        kept=Kept.BOOKS,
        is_sealed=False,
        is_removed=True,
    ),
    OwnProcessing(
        name="sessions",
        tables=("web_session", "pending_login", "seen_assertion"),
        purpose="The citizen is logged in, and nobody else can use the login.",
        persons=(Persons.ACTOR,),
        data="CPR number, name, how and when the citizen logged in, what the login provider calls"
        " the login and the citizen; without login none of it",
        kept=Kept.SESSION,
        is_sealed=True,
        is_removed=True,
    ),
    OwnProcessing(
        name="staff_sessions",
        tables=("staff_session",),
        purpose="A member of staff is logged in, and nobody else can use the login.",
        persons=(Persons.STAFF,),
        data="name, the name they log in with, the municipalities they work for, their roles, what"
        " the login provider calls the login and the person",
        kept=Kept.SESSION,
        is_sealed=True,
        is_removed=True,
    ),
    OwnProcessing(
        name="receivers",
        tables=("receiver",),
        purpose="Deliveries to one receiver can be paused, and it can be seen who did so and why.",
        persons=(Persons.STAFF,),
        data="the name a member of staff logs in with, when and why it was paused",
        kept=Kept.RECEIVER,
        is_sealed=False,
        is_removed=True,
    ),
    OwnProcessing(
        name="component_store",
        tables=("component_value",),
        purpose="A component remembers what it needs from one call to the next.",
        persons=_EVERYBODY,
        data="what the component says that it holds; see the components",
        kept=Kept.COMPONENT,
        is_sealed=True,
        is_removed=True,
    ),
    OwnProcessing(
        name="audit",
        tables=("audit", "audit_seal"),
        purpose="It can be shown afterwards what happened, who saw it, and that the log of it is"
        " as it was written.",
        persons=(*_PARTIES, Persons.STAFF),
        data="event, time, purpose, and the number of what it is about; no citizen's name, no CPR"
        " number, but a keyed index by which a citizen's own lines are found again; the name a"
        " member of staff logs in with, and the reason they gave",
        kept=Kept.LOG,
        is_sealed=False,
        is_removed=True,
    ),
)
"""Everything the application keeps about people."""

ABOUT_NOBODY = ("task", "journey_count", "retention")
"""Tables that are about nobody: when tasks are due, how many began and finished, and how long
what is accepted is kept."""
