"""A destination that is a folder on another machine, reached over SFTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import implementer

from selvbetjening_core.errors import BadSettings, NotInstalled
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
    SettingFault,
    Verdict,
)
from selvbetjening_core.values.parcel_files import unusable_names
from selvbetjening_sftp.host_keys import fingerprints

if TYPE_CHECKING:
    from selvbetjening_sftp.attempts import Attempts

_PORT = 22
_SECONDS = 10
_TO_TELL = 1.0

SETTINGS = (
    Setting("host", "text", help="The name or address of the receiver's server."),
    Setting(
        "port",
        "number",
        help="The port it listens on.",
        required=False,
        default=_PORT,
        minimum=1,
    ),
    Setting(
        "host_key",
        "text",
        help=(
            "How the server proves that it is the right one: the fingerprint of its key"
            " (SHA256:…), the public key, or the lines of a known_hosts file; several keys"
            " on several lines. A server with another key is sent nothing."
        ),
    ),
    Setting("user", "text", help="The user that the receiver gave you."),
    Setting("password", "secret", help="The user's password.", required=False),
    Setting(
        "private_key",
        "secret",
        help="The user's private key, as ssh-keygen writes it, in place of a password.",
        required=False,
    ),
    Setting(
        "passphrase", "secret", help="What opens the private key, if anything.", required=False
    ),
    Setting(
        "folder",
        "text",
        help="The folder on the server that parcels are put into. It must be there.",
    ),
    Setting(
        "taken",
        "text",
        help=(
            "The folder on the server that the receiver moves parcels to, under the same names,"
            " when it has taken them. Without it nobody can tell by machine what the receiver"
            " took away in the very moment when a connection broke."
        ),
        required=False,
    ),
    Setting(
        "seconds",
        "number",
        help="How many seconds to wait for the connection, for the login, and for an answer"
        " about a parcel.",
        required=False,
        default=_SECONDS,
        minimum=1,
    ),
)


@implementer(IDelivery, IDeliveryQuery)
class SftpDelivery:
    """Puts one zip archive for each parcel on a server, whole or not at all.

    It holds the same files as the folder that ``folder`` writes, and is called by the
    delivery's key. Whoever polls the folder never sees half a parcel under that name.
    """

    resolves_unknown = ResolvesUnknown.QUERY

    def __init__(self, context: ComponentContext) -> None:
        """Keep the settings. Nothing is asked and nothing happens yet.

        :raises BadSettings: a setting is of no use
        :raises NotInstalled: the extra ``[sftp]`` is missing
        """
        faults = self.check_settings(context)
        if faults:
            raise BadSettings(*faults)
        self._attempts = _attempts(context)
        self._now = context.now

    @classmethod
    def check_settings(cls, context: ComponentContext) -> tuple[SettingFault, ...]:
        """What is wrong, as far as it can be told without the secrets and the server."""
        faults = [
            SettingFault(name, "it is the name of a folder on the server, without line breaks")
            for name in ("folder", "taken")
            if not context.text(name).isprintable()
        ]
        if context.text("taken") and context.text("taken") == context.text("folder"):
            faults.append(SettingFault("taken", "it must be another folder than folder"))
        try:
            fingerprints(context.text("host_key"))
        except ValueError as error:
            faults.append(SettingFault("host_key", str(error)))
        return tuple(faults)

    def accepts(self, parcel: Parcel) -> Verdict:
        """Whether the names of its documents can name files."""
        reasons = unusable_names(parcel)
        return Verdict(not reasons, reasons)

    def send(self, parcel: Parcel) -> Outcome:
        """Put the parcel on the server, unless an earlier attempt did.

        Not idempotent, since the receiver takes parcels away: what may have arrived is
        *unknown*, and :meth:`query` looks. Whatever ends before the parcel was about to
        take its name did not arrive, and is *transient*: also a wrong password or
        another host key, which an operator mends for all parcels at once.
        """
        verdict = self.accepts(parcel)
        if not verdict.ok:
            return Outcome(OutcomeKind.PERMANENT, "; ".join(verdict.reasons))
        seconds = (parcel.deadline - self._now()).total_seconds()
        if seconds <= 0:
            return Outcome(OutcomeKind.TRANSIENT, "no time was left to send it")
        # A little before the deadline, so that there is time to tell what was found out.
        return self._attempts.send(parcel, seconds - min(_TO_TELL, seconds / 5))

    def query(self, delivery: DeliveryRef) -> Outcome:
        """Look whether it is there, or where the receiver moves what it has taken.

        *Unknown* where it is in neither and may have been taken away: then a person
        asks the receiver.
        """
        return self._attempts.query(delivery.key)


def _attempts(context: ComponentContext) -> Attempts:
    try:
        from selvbetjening_sftp.attempts import attempts_of  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise NotInstalled("Delivery over SFTP", "sftp") from error
    return attempts_of(context)


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer delivery over SFTP."""
    register.component(
        IDelivery,
        SftpDelivery,
        help="Puts each submission as one zip archive into a folder on another server.",
        settings=SETTINGS,
        reads=(Data.CPR, Data.NAME, Data.ADDRESS, Data.ANSWERS, Data.DOCUMENTS, Data.ATTACHMENTS),
        holds="The whole case with all its files, on the receiver's server until it is removed.",
        built_for="0.1",
    )
