"""The access token: fetched with the password, kept in the component's own store.

The store, and no module and no attribute: a token fetched by one process serves
the others, and lasts over a restart.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import ComponentStore

from nordlys_parking.service import Answer, Service

LASTS = datetime.timedelta(minutes=30)
RENEWED_EVERY = datetime.timedelta(minutes=10)
_KEY = "access-token"


class NoToken(Exception):
    """Nordlys gives us none; ``answer`` is what it said instead."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"HTTP {answer.status}")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Access:
    """How one component gets in at Nordlys."""

    service: Service
    password: str = field(repr=False)
    store: ComponentStore = field(repr=False)
    now: Callable[[], datetime.datetime]

    def token(self) -> str:
        """A token that is good now. Fetching one has no effect on any case.

        :raises NoToken, Unavailable: as :meth:`renew`
        """
        kept = self.store.get(_KEY)
        return kept.decode() if kept else self.renew()

    def renew(self) -> str:
        """A fresh token, kept for the next call.

        :raises NoToken: Nordlys refuses
        :raises Unavailable: no answer, or not a proper one
        """
        answer = self.service.ask("POST", "/tokens", {"password": self.password})
        if answer.status != 200:
            raise NoToken(answer)
        token = answer.data.get("token")
        if not isinstance(token, str):
            raise Unavailable("Nordlys' token cannot be read")
        self.store.put(_KEY, token.encode(), self.now() + LASTS)
        return token

    def forget(self) -> None:
        """The token was refused: the next call fetches another."""
        self.store.remove(_KEY)
