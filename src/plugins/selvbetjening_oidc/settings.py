"""What a municipality says of its login through a broker, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from selvbetjening_core.values import (
    AssuranceLevel,
    ComponentContext,
    Setting,
    SettingFault,
    StaffRole,
)
from selvbetjening_oidc.asking import is_safe, origin_of
from selvbetjening_oidc.maps import CLAIMS, LEVELS, MAPS, Pairs, named

CITIZENS, STAFF = "citizens", "staff"
_SECONDS = 8
# What the protocol itself says, which no setting may say otherwise.
_OWN_PARAMETERS = frozenset(
    {
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "redirect_uri",
        "request",
        "request_uri",
        "response_mode",
        "response_type",
        "scope",
        "state",
    }
)

SETTINGS = (
    Setting(
        "issuer",
        "url",
        help=(
            "The broker's name: the issuer in its discovery document, letter by letter. The"
            " document is fetched below it, at /.well-known/openid-configuration."
        ),
    ),
    Setting(
        "login_address",
        "url",
        help=(
            "Where the broker's pages are, if not at the issuer's own address. A document that"
            " sends people, or our questions, anywhere else is not believed."
        ),
        required=False,
    ),
    Setting("client_id", "text", help="What the broker calls your system."),
    Setting(
        "client_secret",
        "secret",
        help="The secret that the broker has given your system.",
        required=False,
    ),
    Setting(
        "client_authentication",
        "text",
        help="How the secret is sent: basic (in a header) or post (in the form).",
        required=False,
        default="basic",
        choices=("basic", "post"),
    ),
    Setting(
        "broker",
        "text",
        help=(
            "Whose words the claims are in: nets, idura, signicat, kombit, or own, where claims"
            " and levels say it all."
        ),
        choices=tuple(MAPS),
    ),
    Setting(
        "who",
        "text",
        help="Who logs in: citizens, or staff, for the role staff_login.",
        required=False,
        default=CITIZENS,
        choices=(CITIZENS, STAFF),
    ),
    Setting(
        "profile",
        "text",
        help="Which citizens: person, professional (for a company, with a CVR number), or any.",
        required=False,
        default="person",
        choices=("person", "professional", "any"),
    ),
    Setting(
        "claims",
        "text",
        help=(
            "Claims that are called otherwise than in the map, as words: cpr=dk.cpr"
            f" name=full_name. Words: {', '.join(CLAIMS)}."
        ),
        required=False,
    ),
    Setting(
        "levels",
        "text",
        help=(
            "What the broker calls the levels of NSIS, in place of the map: low=…"
            " substantial=… high=…, several for one level if need be. Any other word is refused."
        ),
        required=False,
    ),
    Setting(
        "roles",
        "text",
        help=(
            "For staff: what your user administration calls the roles here, as"
            " operator=http://… auditor=…."
        ),
        required=False,
    ),
    Setting(
        "municipalities",
        "text",
        help=(
            "For staff: what the claim says for which municipality, as 0773=41333014, the"
            " kommunekode first."
        ),
        required=False,
    ),
    Setting("scopes", "text", help="Scopes, in place of those of the map.", required=False),
    Setting(
        "request",
        "text",
        help=(
            "What else is sent along to log in, in place of that of the map:"
            " acr_values={level}&idp=mitid. {level} is low, substantial or high."
        ),
        required=False,
    ),
    Setting(
        "userinfo",
        "yes_no",
        help=(
            "Whether CPR number and name are asked for at the broker's userinfo, and not only"
            " looked for in the ID token. Without it the map decides."
        ),
        required=False,
    ),
    Setting(
        "force_login",
        "yes_no",
        help="Whether whoever is logged in elsewhere has to log in again here.",
        required=False,
        default=False,
    ),
    Setting(
        "front_channel",
        "yes_no",
        help=(
            "Whether a log-out that the browser brings is believed. It is not signed: the broker"
            " must send sid, and server to server (back-channel) is better."
        ),
        required=False,
        default=False,
    ),
    Setting(
        "timeout",
        "number",
        help="How many seconds a page waits for the broker altogether.",
        required=False,
        default=_SECONDS,
        minimum=1,
    ),
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed with the broker, as its parts are used.

    :param levels: our words for levels, by the broker's
    :param roles: our roles, by what the user administration calls them
    :param municipalities: kommunekoder, by what the claim says
    """

    issuer: str
    origins: frozenset[str]
    client_id: str
    secret: str
    is_basic: bool
    who: str
    profile: str
    claims: Mapping[str, str]
    levels: Mapping[str, str]
    roles: Mapping[str, str]
    municipalities: Mapping[str, str]
    scopes: str
    request: str
    asks_userinfo: bool
    forces_login: bool
    has_front_channel: bool
    seconds: int

    @classmethod
    def of(cls, context: ComponentContext) -> Agreement:
        """By the settings, which :func:`faults` has found no fault with."""
        base = MAPS[context.text("broker")]
        addresses = (context.text("issuer"), context.text("login_address"))
        userinfo = context.settings.get("userinfo")
        levels = pairs_of(context.text("levels")) or base.levels
        return cls(
            issuer=context.text("issuer"),
            origins=frozenset(origin_of(one) for one in addresses if one),
            client_id=context.text("client_id"),
            secret=context.text("client_secret"),
            is_basic=context.text("client_authentication") != "post",
            who=context.text("who") or CITIZENS,
            profile=context.text("profile") or "person",
            claims={**base.claims, **dict(pairs_of(context.text("claims")))},
            levels=_theirs(levels),
            roles=_theirs(pairs_of(context.text("roles"))),
            municipalities=_theirs(pairs_of(context.text("municipalities"))),
            scopes=context.text("scopes") or base.scopes,
            request=context.text("request") or base.request,
            asks_userinfo=base.asks_userinfo if userinfo is None else userinfo is True,
            forces_login=context.settings.get("force_login") is True,
            has_front_channel=context.settings.get("front_channel") is True,
            seconds=context.number("timeout") or _SECONDS,
        )

    def asked_beside(self, level: AssuranceLevel) -> list[tuple[str, str]]:
        """What else is sent along to log in."""
        return parse_qsl(named(self.request, level.name.lower()))


def pairs_of(text: str) -> Pairs:
    """Words of the form ``ours=theirs``.

    :raises ValueError: one of them is not
    """
    found = []
    for word in text.split():
        ours, mark, theirs = word.partition("=")
        if not (ours and mark and theirs):
            raise ValueError(f'"{word}" is not of the form ours=theirs')
        found.append((ours, theirs))
    return tuple(found)


def _theirs(pairs: Pairs) -> dict[str, str]:
    return {theirs: ours for ours, theirs in pairs}


def faults(context: ComponentContext) -> Iterator[SettingFault]:
    """What is wrong with the settings, as far as it can be told without the secret."""
    for name in ("issuer", "login_address"):
        if context.text(name) and not is_safe(context.text(name)):
            yield SettingFault(name, "it is not over https; write the address with https://")
    if "?" in context.text("issuer"):
        yield SettingFault("issuer", "an issuer has no question mark; write it as the broker does")
    yield from _pairs_faults(context)
    yield from _request_faults(context)
    if "openid" not in (context.text("scopes") or "openid").split():
        yield SettingFault("scopes", 'the scope "openid" is missing; add it')
    if context.text("who") == STAFF and not context.text("municipalities"):
        yield SettingFault(
            "municipalities",
            "staff log in, and no municipality is known; write kommunekode=CVR number",
        )


def _pairs_faults(context: ComponentContext) -> Iterator[SettingFault]:
    known = {"claims": CLAIMS, "levels": LEVELS, "roles": tuple(StaffRole), "municipalities": ()}
    for name, words in known.items():
        try:
            pairs = pairs_of(context.text(name))
        except ValueError as error:
            yield SettingFault(name, f"{error}; write the word here, =, and the broker's word")
            continue
        for ours, _ in pairs:
            if words and ours not in words:
                told = ", ".join(words)
                yield SettingFault(name, f'"{ours}" is not known here; write one of {told}')
        if len(_theirs(pairs)) != len(pairs) and name != "claims":
            yield SettingFault(name, "one of the broker's words stands for two things; choose one")


def _request_faults(context: ComponentContext) -> Iterator[SettingFault]:
    for name, _ in parse_qsl(named(context.text("request"), "low")):
        if name in _OWN_PARAMETERS:
            yield SettingFault("request", f'"{name}" is ours to say; take it out')
