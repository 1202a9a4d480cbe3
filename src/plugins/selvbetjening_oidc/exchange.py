"""What the code that a browser brings stands for: asked of the provider, server to server."""

from __future__ import annotations

import base64
import http.client
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from selvbetjening_oidc.asking import Deadline, ask
from selvbetjening_oidc.begun import Begun
from selvbetjening_oidc.parsing import Refused, json_object, text_of
from selvbetjening_oidc.settings import Agreement

log = logging.getLogger(__name__)

_REFUSED = (http.client.BAD_REQUEST, http.client.UNAUTHORIZED, http.client.FORBIDDEN)


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """What the provider gives for a code. Personal data; ``access`` is a secret."""

    identity: str
    access: str


def tokens_for(
    code: str, begun: Begun, agreement: Agreement, url: str, deadline: Deadline
) -> Tokens:
    """Exchange the code. The provider takes each once.

    :raises Unavailable: it cannot be asked
    :raises Refused: it does not take the code, or us; or what it says is no answer
    """
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": begun.return_url,
        "code_verifier": begun.verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if agreement.secret and agreement.is_basic:
        headers["Authorization"] = _basic(agreement)
    else:
        fields["client_id"] = agreement.client_id
        fields |= {"client_secret": agreement.secret} if agreement.secret else {}
    answer = ask("POST", url, deadline, body=urlencode(fields).encode(), headers=headers)
    if answer.status in _REFUSED:
        raise Refused(_why(answer.body))
    said = _said(answer.status, answer.content_type, answer.body, "token-answer")
    if text_of(said, "token_type").lower() != "bearer":
        raise Refused("token-type")
    return Tokens(text_of(said, "id_token"), text_of(said, "access_token"))


def userinfo(tokens: Tokens, subject: str, url: str, deadline: Deadline) -> Mapping[str, Any]:
    """What the provider tells of the one who logged in. Personal data.

    :param subject: of the ID token, which it must be about
    :raises Unavailable: it cannot be asked
    :raises Refused: it does not tell, or tells of somebody else
    """
    if not url or not tokens.access.isascii() or not tokens.access.isprintable():
        raise Refused("userinfo")
    answer = ask("GET", url, deadline, headers={"Authorization": f"Bearer {tokens.access}"})
    said = _said(answer.status, answer.content_type, answer.body, "userinfo")
    if text_of(said, "sub") != subject:
        raise Refused("userinfo-subject")
    return said


def _said(status: int, content_type: str, body: bytes, code: str) -> dict[str, Any]:
    if status != http.client.OK or content_type != "application/json":
        raise Refused(code)
    return json_object(body, code)


def _why(body: bytes) -> str:
    try:
        error = text_of(json_object(body, "code-refused"), "error")
    except Refused:
        error = ""
    if error in ("invalid_client", "unauthorized_client"):
        log.error("the login provider does not take client_id and client_secret: %s", error)
        return "client-refused"
    return "code-refused"


def _basic(agreement: Agreement) -> str:
    # Both are written as in a form first (RFC 6749, 2.3.1).
    pair = f"{quote_plus(agreement.client_id)}:{quote_plus(agreement.secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"
