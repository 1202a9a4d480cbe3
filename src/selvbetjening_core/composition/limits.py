"""``[limits]``: how much is read, how long it may take, and how often things are done.

The installation's file says what holds for all; a municipality's file may say other
rates for itself. Everything may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from selvbetjening_core.files import Table
from selvbetjening_core.uploads.limits import UploadLimits

HOUR, MINUTE = 3600, 60
MOST_BYTES = 10_000_000
"""What no installation can read more of at once, files apart."""
MOST_FILE_BYTES = 100_000_000
MOST_UPLOAD_BYTES = 200_000_000
MOST_FIELD_FILES = 20
_MOST_TIMES = 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """How often one thing may be done; 0: as often as one likes.

    :param address: in an hour, from one address; many may share it
    :param person: in an hour, by one person
    :param municipality: in a minute, by all of a municipality together
    """

    address: int
    person: int
    municipality: int


RATES: Final[Mapping[str, Rate]] = {
    "logins": Rate(600, 0, 600),
    "drafts": Rate(600, 60, 600),
    "submissions": Rate(600, 30, 600),
    "uploads": Rate(1200, 300, 1200),
    "lookups": Rate(1200, 300, 1200),
    "messages": Rate(6000, 0, 6000),
    "staff_logins": Rate(600, 0, 600),
    "searches": Rate(1200, 300, 300),
    "guest_drafts": Rate(600, 0, 600),
    "resume_codes": Rate(60, 0, 120),
}
"""What is counted, and how often it may be done unless a file says otherwise."""

ANONYMOUS = frozenset({"guest_drafts", "logins", "messages", "resume_codes", "staff_logins"})
"""What is done by somebody nobody knows yet."""


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """How much of one request is read.

    :param form_bytes: of a form that was sent, files apart
    :param upload_bytes: of all files in one form together
    :param message_bytes: of a message from an outside system
    :param message_depth: how deep such a message may be nested (JSON, XML)
    :param header_bytes: of all headers together, the address of the page included
    """

    form_bytes: int = 200_000
    upload_bytes: int = 20_000_000
    form_fields: int = 500
    message_bytes: int = 200_000
    message_depth: int = 50
    header_bytes: int = 16_384


@dataclass(frozen=True, slots=True)
class ProxyLimits:
    """What ``selvbetjening proxy-config`` writes into the proxy's configuration.

    :param header_seconds: for all headers of a request
    :param body_seconds: between two parts of a body
    :param send_seconds: between two parts of an answer that are taken
    :param address_requests: in a second, from one address, files of pages included
    :param address_connections: requests under way from one address
    """

    header_seconds: int = 5
    body_seconds: int = 10
    send_seconds: int = 20
    address_requests: int = 50
    address_connections: int = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits of an installation."""

    sizes: SizeLimits = SizeLimits()
    proxy: ProxyLimits = ProxyLimits()
    rates: Mapping[str, Rate] = field(default_factory=lambda: dict(RATES))
    uploads: UploadLimits = field(default_factory=UploadLimits)

    @property
    def body_limit(self) -> int:
        """The largest body that gets as far as the application, which may still refuse it.

        So it can answer in the citizen's language; what is far beyond is refused unread.
        """
        sizes = self.sizes
        return 2 * max(sizes.form_bytes, sizes.message_bytes, sizes.upload_bytes)


def read_limits(root: Table) -> Limits:
    """The table of the installation's file; it, and each of its keys, may be left out."""
    table = root.table("limits")
    if table is None:
        return Limits()
    uploads = _uploads(table, UploadLimits(MOST_FILE_BYTES, MOST_FIELD_FILES), UploadLimits())
    found = Limits(_sizes(table), _proxy(table), _rates(table, RATES), uploads)
    table.finish()
    return found


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """What a municipality's file may say for itself."""

    rates: Mapping[str, Rate]
    uploads: UploadLimits


def read_own_limits(root: Table, common: Limits) -> OwnLimits:
    """The table of a municipality's file; what it leaves out holds as for all."""
    table = root.table("limits")
    if table is None:
        return OwnLimits(common.rates, common.uploads)
    found = OwnLimits(_rates(table, common.rates), _uploads(table, common.uploads, common.uploads))
    table.finish(
        "a municipality's file says how often: [limits.logins]; and file_bytes and field_files;"
        " other sizes are for all"
    )
    return found


def _uploads(table: Table, most: UploadLimits, usual: UploadLimits) -> UploadLimits:
    """:param most: no more than that"""
    return UploadLimits(
        file_bytes=_number(table, "file_bytes", usual.file_bytes, 10_000, most.file_bytes),
        field_files=_number(table, "field_files", usual.field_files, 1, most.field_files),
    )


def _sizes(table: Table) -> SizeLimits:
    usual = SizeLimits()
    return SizeLimits(
        form_bytes=_number(table, "form_bytes", usual.form_bytes, 10_000, MOST_BYTES),
        upload_bytes=_number(table, "upload_bytes", usual.upload_bytes, 100_000, MOST_UPLOAD_BYTES),
        form_fields=_number(table, "form_fields", usual.form_fields, 50, 10_000),
        message_bytes=_number(table, "message_bytes", usual.message_bytes, 10_000, MOST_BYTES),
        message_depth=_number(table, "message_depth", usual.message_depth, 10, 500),
        header_bytes=_number(table, "header_bytes", usual.header_bytes, 4096, 65_536),
    )


def _proxy(table: Table) -> ProxyLimits:
    usual = ProxyLimits()
    return ProxyLimits(
        header_seconds=_number(table, "header_seconds", usual.header_seconds, 1, 60),
        body_seconds=_number(table, "body_seconds", usual.body_seconds, 1, 60),
        send_seconds=_number(table, "send_seconds", usual.send_seconds, 1, 60),
        address_requests=_number(table, "address_requests", usual.address_requests, 1, 10_000),
        address_connections=_number(
            table, "address_connections", usual.address_connections, 1, 10_000
        ),
    )


def _rates(table: Table, usual: Mapping[str, Rate]) -> Mapping[str, Rate]:
    return {name: _rate(table.table(name), name, rate) for name, rate in usual.items()}


def _rate(table: Table | None, name: str, usual: Rate) -> Rate:
    if table is None:
        return usual
    person = 0 if name in ANONYMOUS else _number(table, "person", usual.person, 0, _MOST_TIMES)
    found = Rate(
        address=_number(table, "address", usual.address, 0, _MOST_TIMES),
        person=person,
        municipality=_number(table, "municipality", usual.municipality, 0, _MOST_TIMES),
    )
    table.finish()
    return found


def _number(table: Table, key: str, default: int, minimum: int, maximum: int) -> int:
    return table.number(key, required=False, default=default, minimum=minimum, maximum=maximum)
