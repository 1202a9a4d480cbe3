"""The site's half: say who has logged in, for one request of ours."""

from __future__ import annotations

import datetime
import secrets
from typing import Any
from urllib.parse import urlencode

from selvbetjening_host_identity.words import (
    GIVEN_UP,
    REQUEST,
    VOUCHER,
    check_key,
    hide,
    read,
    sign,
)

LASTS = datetime.timedelta(seconds=60)


class BadRequest(ValueError):
    """The word in the address is no request of ours, or an old one. Send nobody anywhere."""


def vouch(
    request: str,
    *,
    key: str,
    issuer: str,
    cpr: str,
    name: str,
    level: str,
    logged_in_at: datetime.datetime,
    now: datetime.datetime | None = None,
) -> str:
    """The address to send the browser to, with a voucher for the citizen.

    It counts once, for 60 seconds, for the request that it answers and in the browser
    that asked. The address holds no personal data that can be read.

    :param request: what the browser brought as ``request`` to the site's ``login_url``
    :param key: the secret shared with the municipality's file
    :param issuer: the site's name, as in the municipality's file
    :param cpr: the CPR number of the one the site has logged in
    :param level: ``low``, ``substantial`` or ``high``: how sure the site is, and no surer
    :param logged_in_at: when the person logged in at the site (aware)
    :param now: the clock; another than the real one is for tests
    :raises BadRequest: the word is none of ours; nobody must be sent on
    :raises ValueError: the key is too short
    """
    moment = now or datetime.datetime.now(tz=datetime.UTC)
    asked = _asked(request, key, moment)
    start = int(moment.timestamp())
    voucher = sign(
        key,
        VOUCHER,
        {
            "iss": issuer,
            "aud": asked["audience"],
            "recipient": asked["return_url"],
            "in_response_to": asked["request_id"],
            "jti": secrets.token_urlsafe(24),
            "iat": start,
            "nbf": start,
            "exp": start + int(LASTS.total_seconds()),
            "auth_time": int(logged_in_at.timestamp()),
            "level": level,
            "citizen": hide(key, {"cpr": cpr, "name": name}),
        },
    )
    return f"{asked['return_url']}?{urlencode({'voucher': voucher})}"


def give_up(request: str, *, key: str, now: datetime.datetime | None = None) -> str:
    """The address to send the browser to when the citizen does not want to log in after all.

    The citizen is back where the login began, and told so kindly. No personal data.

    :param request: what the browser brought as ``request`` to the site's ``login_url``
    :param key: the secret shared with the municipality's file
    :param now: the clock; another than the real one is for tests
    :raises BadRequest: the word is none of ours; nobody must be sent on
    :raises ValueError: the key is too short
    """
    asked = _asked(request, key, now or datetime.datetime.now(tz=datetime.UTC))
    word = sign(key, GIVEN_UP, {"in_response_to": asked["request_id"]})
    return f"{asked['return_url']}?{urlencode({'given_up': word})}"


def _asked(request: str, key: str, moment: datetime.datetime) -> dict[str, Any]:
    check_key(key)
    asked = read(key, REQUEST, request)
    if asked is None or not isinstance(asked.get("exp"), int):
        raise BadRequest("no request for a login of ours")
    if asked["exp"] < moment.timestamp():
        raise BadRequest("the request for a login is too old")
    return asked
