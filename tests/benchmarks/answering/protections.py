"""What each of our protections costs: it is switched off here, in a process of the benchmark."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any


def switch_off(name: str) -> None:
    """Before our application is made, in this process alone. Empty: nothing is switched off."""
    if name:
        PROTECTIONS[name]()


def _csrf() -> None:
    from selvbetjening_core.web import security  # noqa: PLC0415 - in our process alone
    from selvbetjening_core.web.front import steps  # noqa: PLC0415

    security.check_form = lambda _request: None  # type: ignore[attr-defined]
    steps._is_ours = lambda *_: True  # type: ignore[assignment]


def _headers() -> None:
    from selvbetjening_core.web import headers  # noqa: PLC0415
    from selvbetjening_core.web.front.answers import Answer, PageHeaders  # noqa: PLC0415

    def answer(self: PageHeaders, body: bytes, _nonce: str) -> Answer:
        length = ("Content-Length", str(len(body)))
        return Answer(self.status, [("Content-Type", "text/html; charset=utf-8"), length], body)

    headers.headers_tween_factory = lambda handler, _registry: handler
    PageHeaders.answer = answer  # type: ignore[method-assign]


def _session() -> None:
    """The first request's session is taken for that of all others: nobody else asks."""
    from selvbetjening_core.store import looking, store  # noqa: PLC0415
    from selvbetjening_core.web import sessions  # noqa: PLC0415

    look_up, found = sessions._web_session, []
    look, seen = looking.visit, []

    def remembered(request: Any) -> Any:
        if not found:
            found.append(look_up(request))
        return found[0]

    def draft_alone(way: Any, sealing: Any, token_hash: str, solution: str, now: Any) -> Any:
        if not seen:
            first = look(way, sealing, token_hash, solution, now).session
            # So long that nothing is written down to make it last longer.
            seen.append(dataclasses.replace(first, expires_at=now + datetime.timedelta(hours=1)))
        owner = sealing.index(seen[0].identity.cpr)
        found = way.found(looking._DRAFT, owner=owner, solution=solution)
        return looking.Visit(seen[0], looking.draft_in(way, sealing, seen[0], solution, found))

    sessions._web_session = remembered
    store.visit = draft_alone  # type: ignore[attr-defined]


def _encryption() -> None:
    from selvbetjening_core.store.crypto import KeyRing  # noqa: PLC0415

    KeyRing.seal = lambda _self, _cell, text: text  # type: ignore[method-assign]
    KeyRing.open = lambda _self, _cell, token: token  # type: ignore[method-assign]


def _language() -> None:
    from selvbetjening_core.web import tenancy  # noqa: PLC0415

    tenancy._language = lambda _request: "da"


PROTECTIONS: dict[str, Callable[[], None]] = {
    "CSRF check": _csrf,
    "security headers": _headers,
    "web session in the store": _session,
    "encryption of the store": _encryption,
    "language of the address": _language,
}
"""By name. A step writes no line of the audit log, so there is none to leave out."""
