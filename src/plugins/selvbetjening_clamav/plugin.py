"""A scanner: ClamAV's daemon, on this machine or another."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Generator, Mapping, Sequence

from zope.interface import implementer

from selvbetjening_clamav import clamd
from selvbetjening_clamav.answers import TOO_LARGE, verdict_of
from selvbetjening_clamav.archives import Limits, Unseen, look_into
from selvbetjening_clamav.wellbeing import found_by_asking
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import Register, SetContext, hookimpl
from selvbetjening_core.interfaces import IScanner
from selvbetjening_core.values import (
    Attachment,
    ComponentContext,
    Data,
    Health,
    ScanResult,
    ScanVerdict,
    Setting,
)
from selvbetjening_core.values.attachment import read_attachment

_MEGABYTE = 1_000_000
_UNREADABLE = "the file cannot be read, or is not the file that was sent"

SETTINGS = (
    Setting(
        "socket",
        "path",
        help="The UNIX socket that clamd listens on (LocalSocket in clamd.conf).",
        required=False,
        default="/var/run/clamav/clamd.ctl",
    ),
    Setting(
        "host",
        "text",
        help=(
            "The machine that clamd runs on, if it is reached over TCP and not by its socket."
            " Files go there unencrypted, and clamd asks nobody who they are: only over a"
            " network that nobody else is on."
        ),
        required=False,
        default="",
    ),
    Setting(
        "port",
        "number",
        help="The TCP port that clamd listens on (TCPSocket in clamd.conf).",
        required=False,
        default=3310,
        minimum=1,
    ),
    Setting(
        "largest_mb",
        "number",
        help=(
            "The largest file that is looked through, in megabytes; a larger one is refused."
            " StreamMaxLength and MaxFileSize in clamd.conf must not be less, and MaxScanSize"
            " not less than four times as much."
        ),
        required=False,
        default=25,
        minimum=1,
    ),
    Setting(
        "seconds",
        "number",
        help=(
            "How many seconds one file may take. A citizen's page waits for ten at most,"
            " whatever stands here."
        ),
        required=False,
        default=8,
        minimum=1,
    ),
    Setting(
        "signature_days",
        "number",
        help="After how many days the health check says that the signatures are old.",
        required=False,
        default=7,
        minimum=1,
    ),
)


@implementer(IScanner)
class ClamavScanner:
    """Has clamd look through files. Keeps nothing of what it sees.

    :param settings: those of the plugin as a whole
    """

    def __init__(self, settings: Mapping[str, object]) -> None:
        """Keep the settings. Nothing is asked yet."""
        self._clamd = clamd_of(settings)
        self._largest = _number(settings, "largest_mb") * _MEGABYTE

    def scan(self, attachment: Attachment) -> ScanVerdict:
        """Whether the file may go on: *clean* is clamd's clear yes to the whole file.

        *Refused* is what is larger than the settings or clamd allow, and what cannot be
        looked into. See :class:`IScanner`.

        :raises Unavailable: clamd cannot be reached in time or reports an error, or the
            file cannot be read
        """
        if attachment.size > self._largest:
            return ScanVerdict(ScanResult.REFUSED, TOO_LARGE)
        try:
            _look_into(attachment, Limits(self._largest))
        except Unseen as why:
            return ScanVerdict(ScanResult.REFUSED, str(why))
        with contextlib.closing(_pieces(attachment)) as pieces:
            return verdict_of(clamd.stream(self._clamd, pieces))


def clamd_of(settings: Mapping[str, object]) -> clamd.Clamd:
    """Where the settings say that clamd is."""
    return clamd.Clamd(
        path=str(settings["socket"]),
        host=str(settings["host"] or ""),
        port=_number(settings, "port"),
        seconds=_number(settings, "seconds"),
    )


def _number(settings: Mapping[str, object], name: str) -> int:
    value = settings[name]
    if not isinstance(value, int):
        raise TypeError(f"the setting {name} is not a whole number")
    return value


def _look_into(attachment: Attachment, limits: Limits) -> None:
    try:
        with attachment.open() as opened:
            look_into(opened, limits)
    except OSError:
        raise Unavailable(_UNREADABLE) from None


def _pieces(attachment: Attachment) -> Generator[bytes]:
    """The file, held against its size and fingerprint."""
    try:
        yield from read_attachment(attachment)
    except OSError:
        raise Unavailable(_UNREADABLE) from None


@hookimpl
def selvbetjening_settings() -> Sequence[Setting]:
    """One clamd for all municipalities of a plugin set."""
    return SETTINGS


@hookimpl
def selvbetjening_register(register: Register, context: SetContext) -> None:
    """Offer the scanner."""

    @implementer(IScanner)
    def scanner(component: ComponentContext) -> ClamavScanner:  # noqa: ARG001 - has no settings
        return ClamavScanner(context.settings)

    register.component(
        IScanner,
        scanner,
        help="Has ClamAV look through files; what it cannot look into is refused.",
        reads=(Data.ATTACHMENTS,),
        holds="Nothing: clamd has a file in its temporary folder while it looks through it.",
        built_for="0.1",
    )


@hookimpl
def selvbetjening_health(context: SetContext) -> Sequence[Health]:
    """Whether clamd is there, its signatures are recent, and it tells what it cannot see."""
    oldest = _number(context.settings, "signature_days")
    return tuple(found_by_asking(clamd_of(context.settings), oldest, _today()))


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
