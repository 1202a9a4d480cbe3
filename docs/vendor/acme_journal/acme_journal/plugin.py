"""Delivers submissions to Acme Journal, over HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from zope.interface import implementer

from selvbetjening_core.composition.register import Register
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import (
    ComponentContext,
    Outcome,
    OutcomeKind,
    Parcel,
    ResolvesUnknown,
    Setting,
    Verdict,
)
from selvbetjening_core.values.case_json import case_to_json

SETTINGS = (
    Setting("url", "url", help="The address of the journal's intake."),
    Setting("token", "secret", help="The token the journal's owner gave you."),
)
LARGEST = 10_000_000


@implementer(IDelivery)
class AcmeJournal:
    """One journal of one municipality."""

    # The journal promises: the same Idempotency-Key never makes a second case.
    resolves_unknown = ResolvesUnknown.SAFE_REPEAT

    def __init__(self, context: ComponentContext) -> None:
        self._url = context.text("url")
        self._token = context.text("token")
        self._now = context.now

    def accepts(self, parcel: Parcel) -> Verdict:
        """Whether the journal could take the parcel at all."""
        if len(body(parcel)) > LARGEST:
            return Verdict(ok=False, reasons=(f"the case is over {LARGEST} bytes",))
        return Verdict(ok=True)

    def send(self, parcel: Parcel) -> Outcome:
        """One attempt. The core decides whether there is to be another."""
        seconds = max((parcel.deadline - self._now()).total_seconds(), 0.1)
        try:
            with urllib.request.urlopen(self._request(parcel), timeout=seconds) as answer:
                case = str(json.load(answer)["case"])
        except urllib.error.HTTPError as refusal:
            return refused(refusal.code)
        except urllib.error.URLError as error:
            if isinstance(error.reason, ConnectionRefusedError):
                return Outcome(OutcomeKind.TRANSIENT, "the journal took no connection")
            return Outcome(OutcomeKind.UNKNOWN, "the connection broke")
        except (OSError, ValueError, KeyError):
            return Outcome(OutcomeKind.UNKNOWN, "no answer that could be read")
        return Outcome(OutcomeKind.DELIVERED, "HTTP 201", remote_reference=case)

    def _request(self, parcel: Parcel) -> urllib.request.Request:
        return urllib.request.Request(
            self._url,
            data=body(parcel),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "Idempotency-Key": parcel.key,
            },
            method="POST",
        )


def body(parcel: Parcel) -> bytes:
    """The case as the journal takes it."""
    return json.dumps(case_to_json(parcel.case)).encode()


def refused(status: int) -> Outcome:
    """What an HTTP status other than success means."""
    if status in (429, 503):
        return Outcome(OutcomeKind.TRANSIENT, f"HTTP {status}")
    if status >= 500:
        return Outcome(OutcomeKind.UNKNOWN, f"HTTP {status}")
    return Outcome(OutcomeKind.PERMANENT, f"HTTP {status}")


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.component(
        IDelivery,
        AcmeJournal,
        help="Delivers to Acme Journal.",
        settings=SETTINGS,
    )
