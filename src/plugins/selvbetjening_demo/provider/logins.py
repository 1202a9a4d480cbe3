"""Logins that were made here and are waiting to be fetched."""

from __future__ import annotations

import datetime
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ISSUER = "demo-idp"
ALGORITHM = "HS256"
CITIZENS, STAFF = "citizens", "pretended-staff"
"""Who may be asked for."""
LIFE_OF_ARTIFACT = datetime.timedelta(seconds=60)
LIFE_OF_CLAIMS = datetime.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class LoginOrder:
    """What the municipality asked for, as it was signed."""

    request_id: str
    audience: str
    return_url: str
    level: str
    locale: str
    who: str

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> LoginOrder | None:
        """Read a request; None if it is incomplete or leads nowhere."""
        words = {"who": CITIZENS, **data}
        words = {name: words.get(name) for name in cls.__slots__}
        if not all(isinstance(word, str) and word for word in words.values()):
            return None
        order = cls(**{name: str(word) for name, word in words.items()})
        return order if order.return_url.startswith(("http://", "https://")) else None


@dataclass(frozen=True, slots=True)
class _Kept:
    data: Mapping[str, object]
    until: datetime.datetime


class LoginDesk:
    """Keeps the answer to each login until it is fetched, once. Thread safe.

    The browser carries only the artifact, a random word that says nothing; the
    claims, with the CPR number, go from server to server.
    """

    def __init__(self, now: Callable[[], datetime.datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}

    def log_in(
        self,
        order: LoginOrder,
        attributes: Mapping[str, str],
        level: str,
        wrong: Mapping[str, str | None],
    ) -> str:
        """Keep the claims about somebody with these attributes; return the artifact."""
        issued = self._now()
        claims: dict[str, object] = {
            "issuer": ISSUER,
            "audience": order.audience,
            "recipient": order.return_url,
            "in_response_to": order.request_id,
            "assertion_id": secrets.token_urlsafe(16),
            "issued_at": issued.isoformat(),
            "not_before": issued.isoformat(),
            "not_after": (issued + LIFE_OF_CLAIMS).isoformat(),
            "algorithm": ALGORITHM,
            "level": level,
            **attributes,
        }
        claims.update(wrong)
        return self._keep({k: v for k, v in claims.items() if v is not None})

    def cancel(self, order: LoginOrder) -> str:
        """Keep the answer that the citizen gave up; return the artifact."""
        return self._keep({"cancelled": True, "in_response_to": order.request_id})

    def fetch(self, artifact: str) -> Mapping[str, object] | None:
        """The answer, the first time it is asked for within its life; else None."""
        with self._lock:
            kept = self._kept.pop(artifact, None)
        return kept.data if kept is not None and self._now() < kept.until else None

    def _keep(self, data: Mapping[str, object]) -> str:
        artifact = secrets.token_urlsafe(24)
        now = self._now()
        with self._lock:
            self._kept = {word: kept for word, kept in self._kept.items() if now < kept.until}
            self._kept[artifact] = _Kept(data, now + LIFE_OF_ARTIFACT)
        return artifact
