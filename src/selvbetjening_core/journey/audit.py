"""What is asked of the audit log, and what its chain comes to."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass

from selvbetjening_core.values import CprNumber


class AuditWay(enum.StrEnum):
    """By which way whoever did something came."""

    APPLICATION = ""
    """Nobody came: the application did it by itself."""
    STAFF = "staff"
    """The pages for staff."""
    COMMAND = "command"
    """A command on the machine; the actor is a user of its operating system."""
    CITIZEN = "citizen"
    """The pages for citizens. Who it was stands nowhere but as a keyed index."""
    OUTSIDE = "outside"
    """A message of another system."""


class AuditPurpose(enum.StrEnum):
    """Why something was looked at or done, as it is kept in a line.

    Where a citizen came, it is the id of the solution, or the basis one acts on.
    """

    OPERATING = "operating deliveries"
    OVERSIGHT = "oversight"
    ACCESS = "right of access"
    """Of the citizen whose data it is, by article 15 of the GDPR."""
    RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """Which lines of the audit log are wanted; what is empty does not limit them.

    :param subjects: ids of what they are about
    :param person: whose data they are about. Personal data.
    :param most: how many at most, the newest of them
    """

    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    subjects: tuple[str, ...] = ()
    event: str = ""
    actor: str = ""
    way: str = ""
    person: CprNumber | None = None
    most: int = 1000


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of a municipality's chain, to be kept where nobody who has the database writes.

    :param position: how many lines the chain has had, those removed by retention among them
    :param link: the last link; made with a key, and tells nothing of the lines
    :param told_at: when it was exported
    :param key_id: the master key that ``mac`` is made with
    :param mac: of all of it, so that nobody can write another date on an old one
    """

    municipality: str
    position: int
    link: str
    told_at: datetime.datetime
    key_id: str
    mac: str

    def __str__(self) -> str:
        """As one line of a file."""
        told = self.told_at.astimezone(datetime.UTC).isoformat(timespec="seconds")
        return (
            f"{told} {self.municipality} {self.position} {self.link or '-'}"
            f" {self.key_id} {self.mac}"
        )
