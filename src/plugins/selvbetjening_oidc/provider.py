"""What the provider says of itself: where it is asked, and its keys.

Both are kept for a while in the component's own store, for all processes. A key that is not
known is looked for anew, at most twice a minute, whoever asks for it.
"""

from __future__ import annotations

import datetime
import hashlib
import http.client
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import ComponentContext
from selvbetjening_oidc.asking import Deadline, ask, is_safe, origin_of
from selvbetjening_oidc.parsing import Refused, json_object, text_of, texts_of
from selvbetjening_oidc.settings import Agreement
from selvbetjening_oidc.tokens import Key, public_keys

log = logging.getLogger(__name__)

DOCUMENT_LASTS = datetime.timedelta(hours=1)
KEYS_LAST = datetime.timedelta(minutes=15)
"""As long as a key that the provider has withdrawn may still count."""
BETWEEN_SEARCHES = datetime.timedelta(seconds=30)
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_ENDPOINTS = (*_NEEDED, "userinfo_endpoint", "end_session_endpoint")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the provider is asked; empty where it has no such place.

    :param names_itself: its answers by the browser say which issuer they are of (RFC 9207)
    """

    login: str
    tokens: str
    keys: str
    userinfo: str
    logout: str
    names_itself: bool


class Provider:
    """One provider, by its discovery document. Safe to use from several threads and processes."""

    def __init__(self, agreement: Agreement, context: ComponentContext) -> None:
        self._agreement = agreement
        self._store = context.store
        self._now = context.now
        # What was kept for another issuer, before the settings were changed, is not this one's.
        told = " ".join((agreement.issuer, *sorted(agreement.origins)))
        self._mark = hashlib.sha256(told.encode()).hexdigest()[:32]

    def places(self, deadline: Deadline) -> Places:
        """Where it is asked.

        :raises Unavailable: the document cannot be fetched
        :raises Refused: what is there is not to be believed
        """
        url = f"{self._agreement.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = self._kept("document", DOCUMENT_LASTS, lambda: self._document(url, deadline))
        return Places(
            login=text_of(found, "authorization_endpoint"),
            tokens=text_of(found, "token_endpoint"),
            keys=text_of(found, "jwks_uri"),
            userinfo=text_of(found, "userinfo_endpoint"),
            logout=text_of(found, "end_session_endpoint"),
            names_itself=found.get("names_itself") is True,
        )

    def keys(self, key_id: str, deadline: Deadline) -> Sequence[Key]:
        """Its public keys; fetched anew where the one looked for is not among them.

        :raises Unavailable: they cannot be fetched
        :raises Refused: what is there is no set of keys
        """
        found = self._kept("keys", KEYS_LAST, lambda: self._fetched_keys(deadline))["keys"]
        if key_id and all(one.get("kid") != key_id for one in found) and self._may_search():
            fresh = self._fetched_keys(deadline)
            self._keep("keys", KEYS_LAST, fresh)
            found = fresh["keys"]
        return list(found)

    def _may_search(self) -> bool:
        return self._store.add(f"searched:{self._mark}", b"1", self._now() + BETWEEN_SEARCHES)

    def _kept(
        self, name: str, lasts: datetime.timedelta, fetch: Callable[[], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        raw = self._store.get(f"{name}:{self._mark}")
        if raw is not None:
            kept: dict[str, Any] = json.loads(raw)
            if kept["until"] > self._now().timestamp():
                return kept
        found = fetch()
        self._keep(name, lasts, found)
        return found

    def _keep(self, name: str, lasts: datetime.timedelta, found: Mapping[str, Any]) -> None:
        until = self._now() + lasts
        raw = json.dumps({**found, "until": until.timestamp()}).encode()
        try:
            self._store.put(f"{name}:{self._mark}", raw, until)
        except ValueError:
            raise Refused("too-long") from None

    def _fetched_keys(self, deadline: Deadline) -> dict[str, Any]:
        return {"keys": public_keys(_fetched(self.places(deadline).keys, deadline))}

    def _document(self, url: str, deadline: Deadline) -> dict[str, Any]:
        said = json_object(_fetched(url, deadline), "discovery-unreadable")
        if text_of(said, "issuer") != self._agreement.issuer:
            raise Refused("discovery-issuer")
        for name in _ENDPOINTS:
            address = text_of(said, name)
            if (name in _NEEDED or address) and not self._is_believed(address):
                raise Refused("discovery-address")
        for name, word in (
            ("response_types_supported", "code"),
            ("code_challenge_methods_supported", "S256"),
        ):
            if name in said and word not in texts_of(said, name):
                raise Refused("discovery-without-code")
        names_itself = said.get("authorization_response_iss_parameter_supported") is True
        places = {name: text_of(said, name) for name in _ENDPOINTS}
        return {**places, "names_itself": names_itself}

    def _is_believed(self, address: str) -> bool:
        return is_safe(address) and origin_of(address) in self._agreement.origins


def _fetched(url: str, deadline: Deadline) -> bytes:
    answer = ask("GET", url, deadline)
    if answer.status != http.client.OK:
        log.error("the login provider answers %d where its document should be", answer.status)
        raise Unavailable(f"the provider answers with status {answer.status}")
    return answer.body
