"""The component, and the hooks."""

from __future__ import annotations

from collections.abc import Sequence

import click
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import Register, SetContext, hookimpl
from selvbetjening_core.interfaces import IDelivery, IScheduled
from selvbetjening_core.values import (
    ComponentContext,
    Data,
    Health,
    Outcome,
    OutcomeKind,
    Parcel,
    ResolvesUnknown,
    Setting,
    Task,
    Verdict,
)
from selvbetjening_core.values.case_json import case_to_json
from zope.interface import implementer

from nordlys_parking.access import RENEWED_EVERY, Access, NoToken
from nordlys_parking.service import Answer, NotSent, Service

SETTINGS = (
    Setting("url", "url", help="The address of Nordlys' intake."),
    Setting("password", "secret", help="The password that Nordlys gave the municipality."),
    Setting("zone", "text", help="The parking zone that permits are for."),
    Setting(
        "seconds",
        "number",
        help="How many seconds to wait for Nordlys.",
        required=False,
        default=8,
    ),
)
RENEW = Task("renew-token", RENEWED_EVERY, "Fetches a fresh access token.")
LARGEST = 5_000_000


@implementer(IDelivery, IScheduled)
class NordlysParking:
    """One municipality's agreement with Nordlys."""

    # In writing: the same Idempotency-Key never makes a second application.
    resolves_unknown = ResolvesUnknown.SAFE_REPEAT

    def __init__(self, context: ComponentContext) -> None:
        """Keep the settings. Nothing is asked yet."""
        self._service = Service(context.text("url"), float(context.number("seconds") or 8))
        self._zone = context.text("zone")
        self._now = context.now
        self._access = Access(self._service, context.text("password"), context.store, context.now)

    def accepts(self, parcel: Parcel) -> Verdict:
        """Nordlys takes applications of up to five megabytes, without attachments."""
        reasons = []
        if sum(len(document.content) for document in parcel.documents) > LARGEST:
            reasons.append(f"the documents are over {LARGEST} bytes")
        if parcel.attachments:
            reasons.append("Nordlys takes no attachments")
        return Verdict(ok=not reasons, reasons=tuple(reasons))

    def send(self, parcel: Parcel) -> Outcome:
        """One attempt, ended before the parcel's deadline."""
        verdict = self.accepts(parcel)
        if not verdict.ok:
            return Outcome(OutcomeKind.PERMANENT, "; ".join(verdict.reasons))
        seconds = (parcel.deadline - self._now()).total_seconds()
        if seconds <= 0:
            return Outcome(OutcomeKind.TRANSIENT, "no time was left to send it")
        try:
            return self._outcome(self._sent(parcel, seconds))
        except NoToken as refused:
            return self._outcome(refused.answer)
        except NotSent as error:
            return Outcome(OutcomeKind.TRANSIENT, str(error))
        except Unavailable as error:
            return Outcome(OutcomeKind.UNKNOWN, str(error))

    def run(self, task: Task) -> None:
        """Fetch a fresh token before the old one ends."""
        self._access.renew()

    def _sent(self, parcel: Parcel, seconds: float) -> Answer:
        headers = {
            "Authorization": f"Bearer {self._access.token()}",
            "Content-Type": "application/json",
            "Idempotency-Key": parcel.key,
        }
        application = {"zone": self._zone, "case": case_to_json(parcel.case)}
        return self._service.ask("POST", "/applications", application, headers, seconds)

    def _outcome(self, answer: Answer) -> Outcome:
        permit = answer.data.get("permit")
        match answer.status:
            case 201 if isinstance(permit, str):
                return Outcome(OutcomeKind.DELIVERED, "HTTP 201", permit)
            case 401 | 403:
                self._access.forget()
                return Outcome(OutcomeKind.PERMANENT, f"HTTP {answer.status}")
            case 429 | 503:
                return Outcome(OutcomeKind.TRANSIENT, f"HTTP {answer.status}")
            case status if 400 <= status < 500:
                return Outcome(OutcomeKind.PERMANENT, f"HTTP {status}")
        return Outcome(OutcomeKind.UNKNOWN, f"HTTP {answer.status}")


@hookimpl
def selvbetjening_settings() -> Sequence[Setting]:
    """What a plugin set says once, for every municipality."""
    return (Setting("status_url", "url", help="Where Nordlys tells how it is.", required=False),)


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.component(
        IDelivery,
        NordlysParking,
        help="Parking permits at Nordlys Parkering.",
        settings=SETTINGS,
        reads=(Data.CPR, Data.NAME, Data.ADDRESS, Data.ANSWERS),
        holds="Nordlys keeps the application until the permit has run out.",
        built_for="0.1",
        tasks=(RENEW,),
    )


@hookimpl
def selvbetjening_health(context: SetContext) -> Sequence[Health]:
    """Whether Nordlys answers."""
    service = _status_of(context)
    if service is None:
        return ()
    try:
        answer = service.ask("GET", "/status")
    except Unavailable as error:
        return (Health("Nordlys", is_ok=False, text=str(error)),)
    return (Health("Nordlys", is_ok=answer.status == 200, text=f"HTTP {answer.status}"),)


@hookimpl
def selvbetjening_commands(group: click.Group, context: SetContext) -> None:
    """``selvbetjening plugin nordlys_parking zones``."""

    @group.command("zones")
    def zones() -> None:
        """List the parking zones there are."""
        service = _status_of(context)
        if service is None:
            raise click.ClickException("set status_url under [plugin.nordlys_parking]")
        try:
            answer = service.ask("GET", "/zones")
        except Unavailable as error:
            raise click.ClickException(str(error)) from None
        for zone in answer.data.get("zones", ()):
            click.echo(zone)


def _status_of(context: SetContext) -> Service | None:
    url = context.settings.get("status_url")
    return Service(str(url), 2.0) if url else None
