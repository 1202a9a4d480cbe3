"""A login that misbehaves."""

from __future__ import annotations

import datetime
from dataclasses import replace

from zope.interface import implementer

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IIdentity
from selvbetjening_core.values import (
    Challenge,
    Claims,
    ComponentContext,
    Data,
    LoginRequest,
    LogoutRequest,
    Message,
    Refusal,
)
from selvbetjening_demo.connection import SETTINGS as PROVIDER_SETTINGS
from selvbetjening_demo.faults.mischief import Fault, Mischief, fault_settings
from selvbetjening_demo.identity import DemoIdentity

SETTINGS = (
    *PROVIDER_SETTINGS,
    *fault_settings(
        slow="the provider answers too late",
        down="the provider cannot be reached",
        lying="the answer was made for somebody else than this municipality",
        duplicating="the provider sends an answer that it has sent before",
        out_of_order="the answer belongs to the login that was begun before this one",
        forgetting="the answer lacks who the citizen is",
    ),
)

_ASSERTION, _BEGUN, _BEGUN_BEFORE = "assertion", "begun", "begun-before"
_REMEMBERED = datetime.timedelta(days=1)


@implementer(IIdentity)
class FaultyIdentity:
    """The demo login, with the fault that the municipality's file names."""

    issuer = DemoIdentity.issuer
    algorithms = DemoIdentity.algorithms

    def __init__(self, context: ComponentContext) -> None:
        self._honest = DemoIdentity(context)
        self.mischief = Mischief(context)
        self._store = context.store
        self._now = context.now

    def begin(self, request: LoginRequest) -> Challenge:
        """See ``IIdentity``."""
        challenge = self.mischief.reached(lambda: self._honest.begin(request))
        before = self._store.get(_BEGUN)
        if before is not None:
            self._remember(_BEGUN_BEFORE, before)
        self._remember(_BEGUN, request.request_id.encode())
        return challenge

    def complete(self, message: Message) -> Claims | Refusal:
        """See ``IIdentity``; the claims may not be those that were asked for."""
        answer = self.mischief.reached(lambda: self._honest.complete(message))
        if isinstance(answer, Refusal):
            return answer
        if self.mischief.strikes(Fault.LYING):
            return replace(answer, audience="https://another.example")
        if self.mischief.strikes(Fault.FORGETTING):
            return replace(answer, attributes={})
        return self._once_more(self._of_another(answer))

    def end(self, request: LogoutRequest) -> Challenge | None:
        """See ``IIdentity``."""
        return self._honest.end(request)

    def _of_another(self, claims: Claims) -> Claims:
        before = self._store.get(_BEGUN_BEFORE)
        if before is not None and self.mischief.strikes(Fault.OUT_OF_ORDER):
            return replace(claims, in_response_to=before.decode())
        return claims

    def _once_more(self, claims: Claims) -> Claims:
        sent = self._store.get(_ASSERTION)
        if sent is not None and self.mischief.strikes(Fault.DUPLICATING):
            return replace(claims, assertion_id=sent.decode())
        self._remember(_ASSERTION, claims.assertion_id.encode())
        return claims

    def _remember(self, key: str, value: bytes) -> None:
        self._store.put(key, value, self._now() + _REMEMBERED)


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the login that misbehaves."""
    register.component(
        IIdentity,
        FaultyIdentity,
        help="The demo login, misbehaving on purpose: to rehearse with.",
        settings=SETTINGS,
        demo_only=True,
        reads={Data.CPR, Data.NAME},
        holds="Nothing of the citizen; ids of logins for a day.",
        built_for="0.2",
        makes_faults=True,
        sends_to=("provider",),
    )
