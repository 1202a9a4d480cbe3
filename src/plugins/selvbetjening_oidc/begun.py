"""What must be known of a login between its beginning and its answer.

Kept in the component's own store, encrypted, until the login can no longer be answered:
another process may be the one that reads the answer.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import secrets
from dataclasses import dataclass

from selvbetjening_core.values import ComponentContext, LoginRequest
from selvbetjening_oidc.parsing import url_text

LASTS = datetime.timedelta(minutes=15)
"""As long as a login that was begun can be completed."""
_LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that was begun.

    ``verifier`` never leaves but to the provider's token address; what is sent with the
    browser is its :attr:`challenge` (RFC 7636).

    :param begun_at: seconds since 1970, UTC
    """

    verifier: str
    nonce: str
    audience: str
    return_url: str
    begun_at: int

    @property
    def challenge(self) -> str:
        """By the method S256."""
        return url_text(hashlib.sha256(self.verifier.encode()).digest())


class BegunLogins:
    """Those of one component. Safe to use from several threads and processes."""

    def __init__(self, context: ComponentContext) -> None:
        self._store = context.store
        self._now = context.now

    def keep(self, request: LoginRequest) -> Begun:
        """A new one, with secrets of its own. In place of one with the same id."""
        now = self._now()
        begun = Begun(
            verifier=secrets.token_urlsafe(48),
            nonce=secrets.token_urlsafe(32),
            audience=request.audience,
            return_url=request.return_url,
            begun_at=int(now.timestamp()),
        )
        raw = json.dumps(dataclasses.asdict(begun)).encode()
        self._store.put(_key(request.request_id), raw, now + LASTS)
        return begun

    def find(self, request_id: str) -> Begun | None:
        """The one with this id that can still be answered; None if there is none."""
        if not 0 < len(request_id) <= _LONGEST_ID or not request_id.isascii():
            return None
        raw = self._store.get(_key(request_id))
        return None if raw is None else Begun(**json.loads(raw))

    def forget(self, request_id: str) -> None:
        """It was answered. Twice is as once."""
        self._store.remove(_key(request_id))


def _key(request_id: str) -> str:
    return f"login:{request_id}"
