"""What brokers call what we need to know: ready maps, which settings can change.

Sources: the brokers' public documentation as of November 2026 (Nets eID Broker and
Signaturgruppen, Idura that was Criipto, Signicat), and the names of OIOSAML 3.0 for
KOMBIT's Context Handler. None was tried at the broker itself, and Idura's documentation does not
show the claim of the level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_NSIS = "https://data.gov.dk/concept/core/nsis/"
_EID = "https://data.gov.dk/model/core/eid/"
LEVELS = ("low", "substantial", "high")
ATTRIBUTES = ("cpr", "name", "cvr", "organisation", "p_number", "rid", "employee")
"""What is handed on about a citizen or a company, by the core's words."""
CLAIMS = (*ATTRIBUTES, "level", "staff", "roles", "municipalities", "privileges")
"""Everything that the name of a claim can be given for."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BrokerMap:
    """How one broker speaks.

    :param claims: names of claims, by the core's words for what is in them
    :param levels: core's words for levels, and the broker's: several may mean one
    :param request: what else is sent along to log in; ``{level}`` and ``{Level}`` in it
        are the level that is asked for
    """

    scopes: str
    claims: Mapping[str, str]
    levels: Pairs
    request: str = ""
    asks_userinfo: bool = False


def _levels(pattern: str = "{level}") -> Pairs:
    return tuple((one, named(pattern, one)) for one in LEVELS)


def named(pattern: str, level: str) -> str:
    """A text with the level in it: ``{level}`` as it is, ``{Level}`` with a capital letter."""
    return pattern.replace("{level}", level).replace("{Level}", level.capitalize())


_CAPITALS: Pairs = tuple((one, one.upper()) for one in LEVELS)

MAPS: Mapping[str, BrokerMap] = {
    "nets": BrokerMap(
        scopes="openid mitid ssn",
        claims={
            "cpr": "dk.cpr",
            "name": "mitid.identity_name",
            "level": "loa",
            "cvr": "nemlogin.cvr",
            "organisation": "nemlogin.org_name",
            "p_number": "nemlogin.p_number",
            "rid": "nemlogin.nemid.rid",
            "employee": "nemlogin.persistent_professional_id",
        },
        levels=_levels(f"{_NSIS}{{Level}}"),
        request=f'idp_values=mitid&idp_params={{"mitid":{{"loa_value":"{_NSIS}{{Level}}"}}}}',
        asks_userinfo=True,
    ),
    "idura": BrokerMap(
        scopes="openid",
        claims={"cpr": "cprNumberIdentifier", "name": "name", "level": "loA"},
        levels=_CAPITALS,
        request="acr_values=urn:grn:authn:dk:mitid:{level}",
    ),
    "signicat": BrokerMap(
        scopes="openid profile nin mitid-extra",
        claims={"cpr": "nin", "name": "name", "level": "mitid_loa"},
        levels=_CAPITALS,
        request="acr_values=idp:mitid loa:{level}",
    ),
    "kombit": BrokerMap(
        scopes="openid",
        claims={
            "name": f"{_EID}fullName",
            "level": f"{_NSIS}loa",
            "staff": f"{_EID}professional/uuid/persistent",
            "municipalities": f"{_EID}professional/cvr",
            "privileges": f"{_EID}privilegesIntermediate",
        },
        levels=(*_levels("{Level}"), *_levels(f"{_NSIS}loa/{{Level}}")),
        request=f"acr_values={_NSIS}loa/{{Level}}",
    ),
    "own": BrokerMap(
        scopes="openid",
        claims={"name": "name", "level": "acr"},
        levels=_levels(),
        request="acr_values={level}",
    ),
}
