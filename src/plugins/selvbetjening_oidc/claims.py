"""The rules of OpenID Connect that are about one login, and what it says as ``Claims``.

The core judges what every protocol has: times, level, replay, browser. Here is what only
this protocol knows, each rule with a code. Source: OpenID Connect Core 1.0, 3.1.3.7.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from selvbetjening_core.values import Claims, Message
from selvbetjening_oidc.begun import Begun
from selvbetjening_oidc.exchange import Tokens
from selvbetjening_oidc.maps import ATTRIBUTES
from selvbetjening_oidc.parsing import Refused, moment_of, text_of, url_text
from selvbetjening_oidc.privileges import read_privileges
from selvbetjening_oidc.settings import STAFF, Agreement
from selvbetjening_oidc.staff import staff_attributes
from selvbetjening_oidc.tokens import Signed

SKEW = datetime.timedelta(seconds=60)
_KINDS = ("", "jwt", "id_token+jwt")
_CVR = re.compile(r"[0-9]{8}", re.ASCII)
_DIGESTS = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}
_LONGEST_SUBJECT = 255
_LONGEST_CODE = 100


def check_audience(said: Mapping[str, Any], client_id: str) -> None:
    """Is the token for us, and for nobody else?

    :raises Refused: it is not
    """
    found = said.get("aud")
    # For several it is for others, too: whoever of them has it could bring it here.
    if found not in (client_id, [client_id]):
        raise Refused("audience")


def check_token(token: Signed, begun: Begun, agreement: Agreement) -> None:
    """Does the ID token answer the login that was begun?

    :raises Refused: it does not
    """
    said = token.said
    if token.kind not in _KINDS or "events" in said:
        raise Refused("no-id-token")
    if text_of(said, "iss") != agreement.issuer:
        raise Refused("issuer")
    check_audience(said, agreement.client_id)
    if said.get("azp", agreement.client_id) != agreement.client_id:
        raise Refused("authorised-party")
    if not 0 < len(text_of(said, "sub")) <= _LONGEST_SUBJECT:
        raise Refused("subject")
    if not hmac.compare_digest(text_of(said, "nonce").encode(), begun.nonce.encode()):
        raise Refused("nonce")
    _check_times(said, begun, agreement)


def check_access(token: Signed, access: str) -> None:
    """Was the access token given with this ID token, if it says with which?

    :raises Refused: with another
    """
    if "at_hash" not in token.said:
        return
    digest = _DIGESTS[token.algorithm[-3:]](access.encode()).digest()
    half = url_text(digest[: len(digest) // 2])
    if text_of(token.said, "at_hash") != half:
        raise Refused("access-token-hash")


def joined(
    token: Mapping[str, Any], userinfo: Mapping[str, Any], agreement: Agreement
) -> dict[str, Any]:
    """What both say. Personal data.

    :raises Refused: they say different things of one that is used
    """
    both = set(token) & set(userinfo) & set(agreement.claims.values())
    if any(token[name] != userinfo[name] for name in both):
        raise Refused("userinfo-differs")
    return {**userinfo, **token}


def claims_of(
    token: Signed,
    said: Mapping[str, Any],
    begun: Begun,
    agreement: Agreement,
    message: Message,
    tokens: Tokens,
) -> Claims:
    """What a login says that was checked. Personal data.

    :param said: what is told of the person, in the ID token and at userinfo
    :raises Refused: the level is unknown, or it is about others than were agreed on
    """
    issued_at = moment_of(token.said, "iat")
    privileges = read_privileges(text_of(said, agreement.claims.get("privileges", "")))
    code = message.query["code"]
    return Claims(
        issuer=agreement.issuer,
        audience=begun.audience,
        recipient=message.url,
        in_response_to=message.query["state"],
        # A code stands for one answer, once; ``jti`` is not asked of an ID token.
        assertion_id=code if len(code) <= _LONGEST_CODE else _short(code),
        issued_at=issued_at,
        not_before=moment_of(token.said, "nbf") if "nbf" in token.said else issued_at,
        not_after=moment_of(token.said, "exp"),
        algorithm=token.algorithm,
        level=_level(said, agreement),
        attributes=(
            staff_attributes(said, agreement, privileges)
            if agreement.who == STAFF
            else _attributes(said, agreement)
        ),
        session=text_of(token.said, "sid"),
        subject=text_of(token.said, "sub"),
        farewell=_farewell(token.said, agreement, tokens.identity),
        privileges=privileges,
    )


def _check_times(said: Mapping[str, Any], begun: Begun, agreement: Agreement) -> None:
    began = datetime.datetime.fromtimestamp(begun.begun_at, datetime.UTC) - SKEW
    if moment_of(said, "iat") < began:
        raise Refused("issued-before-it-began")
    moment_of(said, "exp")
    if agreement.forces_login and moment_of(said, "auth_time") < began:
        raise Refused("logged-in-before")


def _level(said: Mapping[str, Any], agreement: Agreement) -> str:
    """Empty where nothing is said, which the core refuses."""
    found = text_of(said, agreement.claims.get("level", ""))
    if found and found not in agreement.levels:
        raise Refused("level-unknown")
    return agreement.levels.get(found, "")


def _attributes(said: Mapping[str, Any], agreement: Agreement) -> dict[str, str]:
    named = {word: text_of(said, agreement.claims.get(word, "")).strip() for word in ATTRIBUTES}
    found = {word: text for word, text in named.items() if text}
    is_professional = "cvr" in found
    if agreement.profile != "any" and is_professional != (agreement.profile == "professional"):
        raise Refused("profile")
    if is_professional and not _CVR.fullmatch(found["cvr"]):
        raise Refused("cvr")
    return found


def _farewell(said: Mapping[str, Any], agreement: Agreement, token: str) -> str:
    """What a log-out has to say later; the core keeps it sealed.

    The ID token goes into an address then. One that tells who the person is does not.
    """
    telling = {agreement.claims.get(word) for word in (*ATTRIBUTES, "staff")} & set(said)
    return json.dumps({"session": text_of(said, "sid"), "hint": "" if telling else token})


def _short(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
