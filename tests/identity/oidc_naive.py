"""What goes wrong where a check is missing; and a component that does as many do."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any
from unittest import mock

from selvbetjening_oidc import claims, logouts, plugin, provider, tokens


def _nothing(*_: object, **__: object) -> None:
    return None


def _unverified(text: str, *_: object) -> bytes:
    body = text.split(".")[1]
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))


def _of_any_key(keys: Any, *_: object) -> Any:
    return keys[0] if keys else {}


def _nonce_skipped(token: Any, begun: Any, agreement: Any) -> None:
    said = {**token.said, "nonce": begun.nonce}
    _real_check(dataclasses.replace(token, said=said), begun, agreement)


def _believed(message: Any, agreement: Any, now: Any) -> Any:
    return _real_front(message, dataclasses.replace(agreement, has_front_channel=True), now)


_real_check = claims.check_token
_real_front = logouts._told_by_browser

FAULTS: Mapping[str, str] = {
    "naive-broker": "the ID token is read and not checked: it came over TLS",
    "broker-unsigned": "the signature of the ID token is not looked at",
    "nonce-skipped": "the nonce is not compared",
    "token-unchecked": "whom the ID token is for, and by whom, is not asked",
    "answer-unchecked": "where an answer came to, and of which issuer it is, is not asked",
    "document-believed": "a discovery document may send people anywhere",
    "keys-of-any-kind": "what is no public signing key is taken for one",
    "back-channel-unchecked": "what a log-out token says is not checked",
    "front-channel-believed": "a log-out by a browser is believed without being agreed on",
}

_PLANTS: Mapping[str, list[tuple[object, str, object]]] = {
    "naive-broker": [
        (tokens, "_verified", _unverified),
        (tokens, "_fitting", _of_any_key),
        (plugin, "check_token", _nothing),
        (plugin, "check_access", _nothing),
    ],
    "broker-unsigned": [
        (tokens, "_verified", _unverified),
        (tokens, "_fitting", _of_any_key),
    ],
    "nonce-skipped": [(plugin, "check_token", _nonce_skipped)],
    "token-unchecked": [(plugin, "check_token", _nothing)],
    "answer-unchecked": [(plugin.BrokerLogin, "_check_answer", _nothing)],
    "document-believed": [(provider.Provider, "_is_believed", lambda *_: True)],
    "keys-of-any-kind": [(tokens, "_may_sign", lambda _: True)],
    "back-channel-unchecked": [(logouts, "_check", _nothing)],
    "front-channel-believed": [(logouts, "_told_by_browser", _believed)],
}


@contextlib.contextmanager
def planted(fault: str) -> Iterator[None]:
    """Plant this fault; none if it is empty or another suite's."""
    with contextlib.ExitStack() as stack:
        for target, name, value in _PLANTS.get(fault, ()):
            stack.enter_context(mock.patch.object(target, name, value))
        yield
