"""Ending a login at the provider that made it, begun here or there."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from selvbetjening_core.values.identity import Challenge
from selvbetjening_core.values.message import Reply
from selvbetjening_core.values.personal import Personal


@dataclass(frozen=True, slots=True, repr=False)
class LogoutRequest(Personal):
    """The core asks an identity component to end a login at its provider.

    ``farewell`` is what the claims of that login had; ``return_url`` is where the
    browser is to come back to.
    """

    farewell: str
    return_url: str
    locale: str


@dataclass(frozen=True, slots=True, repr=False)
class LogoutNotice(Personal):
    """What a provider says of logins that have ended, exactly as found under its signature.

    ``sessions`` and ``subject`` are the provider's words, as they stood in the claims:
    the logins of ``sessions`` end or, where there are none, each of ``subject``.
    ``notice_id`` is the provider's own, so that a notice counts once. All empty: the
    provider confirms a log-out that we began.

    :param issued_at: when the provider said so
    :param answer: what the provider is to be told: where to send the browser it came
        with, or what to answer it; None: nothing, and a browser gets our own page
    """

    issuer: str
    notice_id: str = ""
    sessions: tuple[str, ...] = ()
    subject: str = ""
    issued_at: datetime.datetime | None = None
    answer: Challenge | Reply | None = None
