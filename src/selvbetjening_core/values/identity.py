"""Who acts, for whom, on what basis, and how sure we are."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from selvbetjening_core.values.cpr import CprNumber
from selvbetjening_core.values.personal import Personal

WITHOUT_LOGIN = "none"
"""What stands in files and records where a level of assurance would, and nobody logged in."""


class AssuranceLevel(enum.IntEnum):
    """NSIS assurance levels; a higher one satisfies a lower demand."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3

    @classmethod
    def named(cls, word: str) -> AssuranceLevel | None:
        """The level called ``low``, ``substantial`` or ``high``; None if unknown.

        Unknown is never taken for a level: the caller refuses.
        """
        # Beyond ASCII, upper() makes the same of different words.
        return cls.__members__.get(word.upper()) if word.isascii() else None


class Basis(enum.StrEnum):
    """On what basis somebody acts for the principal."""

    SELF = "self"
    CUSTODY = "custody"
    HOUSEHOLD = "household"
    """They live at the same address, and the law lets one report for the other."""


class Channel(enum.StrEnum):
    """How the submission came in. One list for measuring, prices and receipts."""

    SELF_SERVICE = "self_service"
    COUNTER = "counter"
    PHONE = "phone"
    PAPER = "paper"


class ScopeKind(enum.StrEnum):
    """What a privilege is valid for, as OIO Basic Privilege Profile names it."""

    PERSON = "cpr"
    """A CPR number: somebody else has given a digital power of attorney."""
    COMPANY = "cvr"
    PRODUCTION_UNIT = "p_number"
    """A P-number: one place of a company."""


@dataclass(frozen=True, slots=True, repr=False)
class Privilege(Personal):
    """A right that a login carries: what its holder may do, and for whom or what.

    :param scope_kind: what ``scope`` is a number of
    :param scope: digits; a CPR number, a CVR number or a P-number
    :param name: the privilege's address (URI), as the municipality or KOMBIT registered it
    :param constraints: names and values that limit it, such as a KLE number
    """

    scope_kind: ScopeKind
    scope: str
    name: str
    constraints: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """The core asks an identity component to log somebody in.

    ``request_id`` must come back as ``Claims.in_response_to``; ``audience`` as
    ``Claims.audience``; ``return_url`` is where the answer is to be sent and
    must come back as ``Claims.recipient``. Where ``is_fresh``, the provider is to ask the
    person again, even one who is logged in there (SAML's ForceAuthn, OIDC's prompt=login).
    """

    request_id: str
    audience: str
    return_url: str
    level: AssuranceLevel
    locale: str
    is_fresh: bool = False


@dataclass(frozen=True, slots=True)
class Challenge:
    """Send the citizen's browser to ``url``.

    ``reference`` is the outside system's own id of what was begun, if it gave
    one. It is stored, and handed back in later questions.
    """

    url: str
    reference: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Claims(Personal):
    """What an identity provider said, exactly as found under its signature.

    A plugin fills in what was there and nothing else. Only the core judges:
    an empty or missing claim is a refusal. Personal data.

    :param level: the provider's word, lower case: ``low``, ``substantial``, ``high``
    :param not_before: start of validity
    :param not_after: end of validity
    :param vouched_by: who says so, where that is no identity provider but another
        site that has logged the person in
    :param logged_in_at: when the person logged in there; a voucher without it is
        a refusal
    :param session: what the provider calls this login, if it ever tells that it ended
    :param subject: what the provider calls the person, for the same
    :param privileges: the rights that the login carries
    :param farewell: what ending the login at the provider will take; the core keeps it
        sealed and hands it back
    """

    issuer: str
    audience: str
    recipient: str
    in_response_to: str
    assertion_id: str
    issued_at: datetime.datetime
    not_before: datetime.datetime
    not_after: datetime.datetime
    algorithm: str
    level: str
    attributes: Mapping[str, str]
    vouched_by: str = ""
    logged_in_at: datetime.datetime | None = None
    session: str = ""
    subject: str = ""
    farewell: str = ""
    privileges: tuple[Privilege, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A login that did not succeed. ``code`` is for the log, never shown.

    ``cancelled`` is the citizen's own wish, and told so.
    """

    code: str
    cancelled: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Identity(Personal):
    """Somebody the core has accepted as logged in. Personal data.

    Made by the core alone, from :class:`Claims`. ``vouched_by`` is empty where an
    identity provider logged the person in.
    """

    cpr: CprNumber
    name: str
    level: AssuranceLevel
    issuer: str
    component: str
    logged_in_at: datetime.datetime
    vouched_by: str = ""

    @property
    def owner(self) -> CprNumber:
        """Whose a draft or a case is that is made by this login."""
        return self.cpr


@dataclass(frozen=True, slots=True, repr=False)
class GuestId(Personal):
    """Whose the drafts of a guest are: random, and nothing about a person.

    It opens nothing by itself: what opens is the token of a session or a resume code.
    """

    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Guest(Personal):
    """Somebody who uses a solution without login: nobody knows who it is.

    Never enough for a solution of a level, whichever. ``name`` is always empty.
    """

    owner: GuestId
    name: str = field(default="", init=False)


Citizen = Identity | Guest
"""Who uses a solution: logged in, or as a guest."""
Owner = CprNumber | GuestId
"""Whose a draft or a case is."""
