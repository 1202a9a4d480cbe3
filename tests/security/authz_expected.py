"""Who may use what: each route and method, and everybody who succeeds there.

Whoever is not named must be refused, with nothing stored and nothing shown. A route
without a line here is a failure of the suite, and so is a line without a route.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Actor(enum.StrEnum):
    """Everybody who tries. What belongs to :attr:`OWNER` stands in the address.

    The two representatives try what a guardian has ordered for their ward. Power of
    attorney does not exist yet (issue 8).
    """

    ANONYMOUS = "anonymous"
    OWNER = "citizen"
    OTHER = "another citizen"
    RIVAL = "another citizen with a draft of their own"
    LOW = "the citizen, not surely enough"
    GUARDIAN = "representative with the right"
    NO_GUARDIAN = "representative without the right"
    STAFF_WITHOUT_ROLE = "staff without the role"
    STAFF = "staff with the role"
    AUDITOR = "staff with another role: auditor"
    STAFF_ELSEWHERE = "staff of another municipality"
    CITIZEN_ELSEWHERE = "the citizen, logged in in another municipality"
    EXPIRED = "the citizen, after the session ran out"
    LOGGED_OUT = "the citizen, after logging out"
    WATCHER = "whoever has the token of the watchers"
    GUEST = "a guest with a draft"
    OTHER_GUEST = "another guest with a draft of their own"


class Stage(enum.StrEnum):
    """How far the drafts have come."""

    BEGUN = "begun"
    ANSWERED = "answered"
    PAYING = "paying"
    SENT = "sent"


@dataclass(frozen=True)
class Line:
    """What is expected of a route and method.

    :param may: who succeeds
    :param stage: where the drafts stand meanwhile
    :param fields: what is sent beside the token and what the page's own form holds
    :param tells: it is a way in for an outside system: what is stored is that system's
        own answer, whoever comes by
    """

    may: frozenset[Actor]
    stage: Stage = Stage.SENT
    fields: Mapping[str, str] | None = None
    tells: bool = False


_A = Actor
_EVERYBODY = frozenset(Actor)
_NOBODY: frozenset[Actor] = frozenset()
_WATCHERS = frozenset({_A.WATCHER})
_CITIZENS = frozenset({_A.OWNER, _A.OTHER, _A.RIVAL, _A.GUARDIAN, _A.NO_GUARDIAN})
_LOGGED_IN = _CITIZENS | {_A.LOW}
_OWNERS = frozenset({_A.OWNER, _A.GUARDIAN})
# One with a draft sees that; never the owner's.
_WITH_DRAFT = _OWNERS | {_A.RIVAL}
_ALL_STAFF = frozenset({_A.STAFF, _A.AUDITOR, _A.STAFF_WITHOUT_ROLE})
_AUDITORS = frozenset({_A.AUDITOR})
_OPERATORS = frozenset({_A.STAFF})
_REASON = {"why": "A look at the receiver first", "reason": "A look at the receiver first"}

EXPECTED: Mapping[tuple[str, str], Line] = {
    # Anybody.
    ("home", "GET"): Line(_EVERYBODY),
    ("was", "GET"): Line(_EVERYBODY),
    ("asset", "GET"): Line(_EVERYBODY),
    ("health", "GET"): Line(_EVERYBODY),
    ("health-live", "GET"): Line(_EVERYBODY),
    ("health-ready", "GET"): Line(_EVERYBODY),
    ("intro", "GET"): Line(_EVERYBODY),
    ("paper", "GET"): Line(_EVERYBODY),
    # The health card has no blank; functional/test_templates.py fetches one as nobody.
    ("template", "GET"): Line(_NOBODY),
    ("start", "POST"): Line(_EVERYBODY, Stage.BEGUN),
    ("framed-home", "GET"): Line(_EVERYBODY),
    ("framed-intro", "GET"): Line(_EVERYBODY),
    ("session-status", "GET"): Line(_EVERYBODY),
    ("session-ended", "GET"): Line(_EVERYBODY),
    ("logged-out", "GET"): Line(_EVERYBODY),
    ("session-ended-in", "GET"): Line(_EVERYBODY),
    # A message proves itself to the component that it is for; these prove nothing.
    ("message", "GET"): Line(_NOBODY, Stage.PAYING),
    ("message", "POST"): Line(_NOBODY, Stage.PAYING),
    # Whoever has the token.
    ("health-deep", "GET"): Line(_WATCHERS),
    ("metrics", "GET"): Line(_WATCHERS),
    # Citizens, about what is theirs.
    ("logout", "POST"): Line(_LOGGED_IN),
    ("session-prolong", "POST"): Line(_LOGGED_IN),
    ("sent", "GET"): Line(_CITIZENS),
    ("saved", "GET"): Line(_WITH_DRAFT, Stage.BEGUN),
    ("step", "GET"): Line(_WITH_DRAFT, Stage.BEGUN),
    ("step", "POST"): Line(_OWNERS, Stage.BEGUN),
    ("summary", "GET"): Line(_WITH_DRAFT, Stage.ANSWERED),
    ("summary", "POST"): Line(_OWNERS, Stage.ANSWERED),
    # A code is for whoever cannot log in.
    ("saved", "POST"): Line(_NOBODY, Stage.BEGUN),
    ("resume", "GET"): Line(_NOBODY),
    ("resume", "POST"): Line(_NOBODY),
    ("guest-receipt", "GET"): Line(_NOBODY),
    ("guest-receipt-status", "GET"): Line(_NOBODY),
    ("guest-receipt-document", "GET"): Line(_NOBODY),
    ("guest-status", "GET"): Line(_NOBODY),
    ("guest-prolong", "POST"): Line(_NOBODY),
    ("guest-leave", "POST"): Line(_NOBODY),
    ("payment", "GET"): Line(_WITH_DRAFT, Stage.PAYING),
    ("payment", "POST"): Line(_OWNERS, Stage.PAYING, {"action": "check"}),
    # Coming back from the provider nobody is shown anything before they are logged in.
    ("payment-return", "GET"): Line(
        _EVERYBODY - {_A.OTHER, _A.RIVAL, _A.LOW, _A.NO_GUARDIAN}, Stage.PAYING, tells=True
    ),
    ("guest-payment-return", "GET"): Line(_NOBODY, Stage.PAYING),
    ("receipt", "GET"): Line(_OWNERS),
    ("receipt-status", "GET"): Line(_OWNERS),
    ("receipt-document", "GET"): Line(_OWNERS),
    # The way in for staff, and that there is nothing else.
    ("staff-login", "GET"): Line(_EVERYBODY),
    ("staff-login", "POST"): Line(_EVERYBODY),
    ("staff-session", "GET"): Line(_EVERYBODY),
    ("staff-ended", "GET"): Line(_EVERYBODY),
    ("staff-logged-out", "GET"): Line(_EVERYBODY),
    **{("staff-nothing", method): Line(_NOBODY) for method in ("GET", "POST")},
    ("staff-logout", "POST"): Line(_ALL_STAFF),
    ("staff-prolong", "POST"): Line(_ALL_STAFF),
    ("staff-help", "GET"): Line(_ALL_STAFF),
    ("staff-help", "POST"): Line(_ALL_STAFF, fields={"code": "7KQ4-M2XP"}),
    # Who has seen what.
    ("staff-audit", "GET"): Line(_AUDITORS),
    # Looking after deliveries.
    ("staff", "GET"): Line(_OPERATORS),
    ("staff-deliveries", "GET"): Line(_OPERATORS),
    ("staff-export", "GET"): Line(_OPERATORS),
    ("staff-delivery", "GET"): Line(_OPERATORS),
    ("staff-submission", "GET"): Line(_OPERATORS),
    ("staff-receiver", "GET"): Line(_OPERATORS),
    ("staff-find", "POST"): Line(_OPERATORS),
    ("staff-retry", "GET"): Line(_OPERATORS),
    ("staff-retry", "POST"): Line(_OPERATORS, fields={"asked": "1", "looked": "1"}),
    ("staff-rebind", "GET"): Line(_OPERATORS),
    ("staff-rebind", "POST"): Line(_OPERATORS, fields={"receiver": "post", "looked": "1"}),
    ("staff-waive", "GET"): Line(_OPERATORS),
    ("staff-waive", "POST"): Line(_OPERATORS, fields=_REASON),
    ("staff-pause", "POST"): Line(_OPERATORS, fields=_REASON),
    ("staff-resume", "POST"): Line(_OPERATORS),
}

_GUEST = frozenset({_A.GUEST})
# One with a draft sees that; never the other's.
_GUESTS = frozenset({_A.GUEST, _A.OTHER_GUEST})

WITHOUT_LOGIN: Mapping[tuple[str, str], Line] = {
    ("intro", "GET"): Line(_EVERYBODY),
    ("paper", "GET"): Line(_EVERYBODY),
    ("framed-intro", "GET"): Line(_EVERYBODY),
    ("start", "POST"): Line(_EVERYBODY, Stage.BEGUN),
    ("resume", "GET"): Line(_EVERYBODY),
    ("template", "GET"): Line(_NOBODY),
    # Nobody knows the code.
    ("resume", "POST"): Line(_NOBODY, Stage.BEGUN, {"code": "0000-0000-0000-0000"}),
    ("session-ended-in", "GET"): Line(_EVERYBODY),
    ("guest-status", "GET"): Line(_EVERYBODY),
    ("guest-prolong", "POST"): Line(_GUESTS),
    ("guest-leave", "POST"): Line(_GUESTS),
    ("sent", "GET"): Line(_GUESTS),
    ("saved", "GET"): Line(_GUESTS, Stage.BEGUN),
    # The form says whose draft it was made for.
    ("saved", "POST"): Line(_GUEST, Stage.BEGUN),
    ("step", "GET"): Line(_GUESTS, Stage.BEGUN),
    ("step", "POST"): Line(_GUEST, Stage.BEGUN),
    ("summary", "GET"): Line(_GUESTS, Stage.ANSWERED),
    ("summary", "POST"): Line(_GUEST, Stage.ANSWERED),
    # It costs nothing: one who has a draft is led on to where it stands.
    ("payment", "GET"): Line(_GUESTS, Stage.BEGUN),
    ("payment", "POST"): Line(_GUEST, Stage.BEGUN),
    # There is no payment: nothing costs anything.
    ("guest-payment-return", "GET"): Line(_NOBODY, Stage.BEGUN),
    ("guest-receipt", "GET"): Line(_GUEST),
    ("guest-receipt-status", "GET"): Line(_GUEST),
    ("guest-receipt-document", "GET"): Line(_GUEST),
}
"""The same of the routes that name a solution, where that is one that nobody logs in to."""

REFERENCES = frozenset({"submission", "payment", "delivery"})
"""What stands in an address and may not be guessed: at least 128 random bits."""
NAMES = frozenset({"solution", "step", "field", "component", "receiver", "reason", "path", "rest"})
"""What stands in an address and is in a definition, a file or the code: no secret."""
