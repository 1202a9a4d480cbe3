"""What the kit for logins has said to a component, and what it makes of the answers."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import quote, quote_plus

from selvbetjening_core.interfaces import IIdentity
from selvbetjening_core.interfaces.versions import CONTRACTS
from selvbetjening_core.testing import cases
from selvbetjening_core.testing.common import GRACE, Called, called
from selvbetjening_core.testing.conformance import broken, expect
from selvbetjening_core.testing.counterpart import Fault
from selvbetjening_core.testing.watching import personal_words
from selvbetjening_core.values import (
    AssuranceLevel,
    Challenge,
    Claims,
    LoginRequest,
    Message,
    Person,
    Refusal,
)

TIMES = ("issued_at", "not_before", "not_after")
TEXTS = ("issuer", "audience", "recipient", "in_response_to", "assertion_id", "level")
ATTRIBUTES = ("cpr", "name")

_CALLS = CONTRACTS[IIdentity].calls
# A login begins to count a tenth of its life before it is handed over.
_BEFORE = 10
_EARLIER = datetime.timedelta(minutes=7)
_NONSENSE = (
    "",
    "x",
    "\x00",
    "%",
    "a.b.c",
    "a" * 100_000,
    "æ\ud800",
    "../../etc/passwd",
    "{}",
    "==",
)

Said = Mapping[str, str | datetime.datetime]
"""What the provider is to say: every field of ``Claims`` by name, ``cpr`` and ``name``.

A field that is not there is one that the provider is not to say at all. ``vouched_by``
and ``logged_in_at`` are there for a site that vouches, and for no other.
"""


class Forgery(enum.StrEnum):
    """One way in which an answer is not the provider's own."""

    NONE = "none"
    ALTERED = "altered"
    """Signed by the provider, and changed afterwards."""
    UNSIGNED = "unsigned"
    """Without a signature; where the protocol has it, with the algorithm ``none``."""
    OTHER_KEY = "other key"
    """Signed with a key that is not the provider's."""
    OTHER_ALGORITHM = "other algorithm"
    """By an algorithm that the component does not accept."""


class IdentityRemote(Protocol):
    """The provider at the other end. Written by the vendor, driven by the kit."""

    def behave(self, fault: Fault) -> None:
        """Have this fault from now on."""

    def asked(self, challenge: Challenge) -> LoginRequest:
        """What the provider understands when a browser comes with ``challenge``."""

    def log_in(self, challenge: Challenge, said: Said, forgery: Forgery) -> Message:
        """Somebody logs in, and the provider says ``said``: what the browser brings back."""

    def cancel(self, challenge: Challenge) -> Message:
        """Somebody gives up at the provider: what the browser brings back."""


def a_request(request_id: str = "request-1") -> LoginRequest:
    """What the core asks for, with an id of its own."""
    return LoginRequest(
        request_id=request_id,
        audience="https://selvbetjening.mors.example",
        return_url="https://selvbetjening.mors.example/-/messages/login",
        level=AssuranceLevel.SUBSTANTIAL,
        locale="da",
    )


def said_of(
    bench: Any, component: Any, request: LoginRequest, person: Person | None = None
) -> dict[str, str | datetime.datetime]:
    """What the provider is to say of a login that is all as it should be."""
    somebody = person or cases.a_person()
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    begins = now - datetime.timedelta(seconds=bench.login_lasts.total_seconds() // _BEFORE)
    return {
        "issuer": component.issuer,
        "audience": request.audience,
        "recipient": request.return_url,
        "in_response_to": request.request_id,
        "assertion_id": f"assertion-of-{request.request_id}",
        "issued_at": now,
        "not_before": begins,
        "not_after": begins + bench.login_lasts,
        "algorithm": min(component.algorithms),
        "level": request.level.name.lower(),
        "cpr": somebody.cpr.reveal(),
        "name": somebody.name,
        **(vouching(component, now - _EARLIER) if bench.vouches else {}),
    }


def vouching(component: Any, at: datetime.datetime) -> dict[str, str | datetime.datetime]:
    """What a site that vouches says besides: that it does, and when the person logged in."""
    return {"vouched_by": component.issuer, "logged_in_at": at}


def answered(
    bench: Any,
    component: Any,
    request: LoginRequest,
    said: Said | None = None,
    forgery: Forgery = Forgery.NONE,
) -> object:
    """What the component makes of a login in which the provider says ``said``."""
    told = said_of(bench, component, request) if said is None else said
    message = bench.remote.log_in(begun(component, request), told, forgery)
    call = called(lambda: component.complete(message))
    if call.error is not None:
        broken(f"complete {call.described}")
    found: object = call.value
    return found


def begun(component: Any, request: LoginRequest) -> Challenge:
    """Where the component sends the browser to log in."""
    call = called(lambda: component.begin(request))
    if not isinstance(call.value, Challenge):
        broken(f"begin {call.described}")
    return call.value


def under(bench: Any, fault: Fault) -> tuple[Called, Said]:
    """What a login comes to whose provider fails before the answer is read."""
    component = bench.make()
    request = a_request(f"request-{fault.name}")
    said = said_of(bench, component, request)
    message = bench.remote.log_in(begun(component, request), said, Forgery.NONE)
    bench.remote.behave(fault)
    call = called(lambda: component.complete(message))
    bench.remote.behave(Fault.NONE)
    in_time(call, "complete")
    return call, said


def in_time(call: Called, method: str) -> None:
    """Fail the check when a call took longer than its contract allows."""
    limit = _CALLS[method].seconds
    in_time = call.seconds <= limit + GRACE
    expect(in_time, f"{method} took {call.seconds:.1f} s; at most {limit:.0f} s")


def refuses(bench: Any, forgery: Forgery) -> None:
    """Fail the check unless an answer forged so is refused, and a genuine one is not."""
    component = bench.make()
    # The control: the same answer, not forged, is accepted.
    same(*_genuine(bench, component))
    found = answered(bench, component, a_request(), forgery=forgery)
    is_refused(found, f"an answer that is {forgery.value}")
    if isinstance(found, Refusal):
        expect(not found.cancelled, "a forged answer was taken for a login that was given up")


def _genuine(bench: Any, component: Any) -> tuple[object, Said]:
    request = a_request("request-genuine")
    said = said_of(bench, component, request)
    return answered(bench, component, request, said), said


def same(found: object, said: Said) -> None:
    """Fail the check unless the claims are what was said."""
    exactly(found, said, "for a genuine answer")


def exactly(found: object, said: Said, where: str) -> None:
    """Fail the check unless the claims are what was said; ``where`` says of what answer."""
    if not isinstance(found, Claims):
        broken(f"{where}: {described(found)}")
    for name in (*TEXTS, "algorithm", *TIMES):
        same = getattr(found, name) == said.get(name, "")
        expect(same, f"{where}: {name} is not what the provider said")
    for name in ATTRIBUTES:
        same = found.attributes.get(name, "") == said.get(name, "")
        expect(same, f"{where}: the attribute {name} is not what the provider said")


def is_vouched(found: object, said: Said) -> None:
    """Fail the check unless who vouches, and since when, are what was said; or both empty."""
    if not isinstance(found, Claims):
        broken(f"a genuine answer gave {described(found)}")
    by = found.vouched_by == said.get("vouched_by", "")
    expect(by, "vouched_by is not what the provider said")
    at = found.logged_in_at
    expect(at == said.get("logged_in_at"), "logged_in_at is not what the provider said")
    expect(at is None or not at.utcoffset(), "logged_in_at is not in UTC")


def without(said: Said, name: str) -> Said:
    """What was said, but for one field."""
    return {key: value for key, value in said.items() if key != name}


def same_or_refused(found: object, said: Said) -> None:
    """Fail the check unless it was refused, or the claims are what was said."""
    if not isinstance(found, Refusal):
        exactly(found, said, "for an answer that is not as it should be")


def is_refused(found: object, what: str) -> None:
    """Fail the check unless it was refused."""
    expect(isinstance(found, Refusal), f"{what} was not refused: {described(found)}")


def described(found: object) -> str:
    """What came, without what was in it: claims are personal data."""
    return repr(found) if isinstance(found, Refusal) else type(found).__name__


def moment_of(said: Said, name: str) -> datetime.datetime:
    """The time that was said."""
    moment = said[name]
    if not isinstance(moment, datetime.datetime):
        raise TypeError(name)
    return moment


def nonsense(genuine: Message) -> list[Message]:
    """Messages that nobody in his senses sends, of the shape of a genuine one."""
    bare = replace(genuine, query={}, body=b"")
    found = [bare, replace(bare, method="BREW", headers={"content-type": "\x00"})]
    for text in _NONSENSE:
        found += [
            replace(bare, query=dict.fromkeys(genuine.query, text)),
            replace(bare, body=text.encode("utf-8", "replace")),
            replace(bare, body=b"&".join(_field(name, text) for name in _names(genuine.body))),
        ]
    return found


def _names(body: bytes) -> list[str]:
    pairs = [part.partition(b"=")[0] for part in body.split(b"&") if b"=" in part]
    return [pair.decode("utf-8", "replace") for pair in pairs] or ["token"]


def _field(name: str, text: str) -> bytes:
    return f"{name}={quote_plus(text.encode('utf-8', 'replace'))}".encode()


def is_address(url: str) -> None:
    """Fail the check unless a browser can be sent there."""
    expect(url.startswith(("https://", "http://")), "a challenge leads to no http(s) address")


def is_silent(text: str, person: Person, where: str) -> None:
    """Fail the check when the text tells of the person."""
    told = any(word in text for word in words_about(person))
    expect(not told, f"{where} holds a CPR number or a name")


def words_about(person: Person) -> tuple[str, ...]:
    """What may not be told, as it is and as an address writes it."""
    words = personal_words(person)
    return tuple(dict.fromkeys((*words, *map(quote_plus, words), *map(quote, words))))
