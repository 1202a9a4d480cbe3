"""What the counterpart does wrong when it is asked to: one thing each, to see it refused."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from selvbetjening_nemlogin.counterpart.issuing import Changes, Login
from selvbetjening_nemlogin.names import CVR, FULL_NAME, LOA, NS, ORGANISATION, SPEC_VERSION

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_HOUR = datetime.timedelta(hours=1)


def _same(login: Login) -> Login:
    return login


@dataclass(frozen=True)
class Break:
    """One fault: ``about`` says it in Danish."""

    about: str
    login: Callable[[Login], Login] = _same
    changes: Changes = field(default_factory=Changes)
    by_another: bool = False


def _without(*names: str) -> Callable[[Login], Login]:
    def change(login: Login) -> Login:
        left = {name: value for name, value in login.attributes.items() if name not in names}
        return replace(login, attributes=left)

    return change


def _level(word: str) -> Callable[[Login], Login]:
    return lambda login: replace(login, attributes={**login.attributes, LOA: word})


def _moved(by: datetime.timedelta) -> Callable[[Login], Login]:
    def change(login: Login) -> Login:
        times = {
            name: at + by
            for name in ("issued_at", "not_before", "not_after")
            if (at := getattr(login, name)) is not None
        }
        return replace(login, **times)

    return change


def _name(assertion: Element) -> Element:
    for one in assertion.findall(".//saml:Attribute", NS):
        if one.get("Name") == FULL_NAME:
            one[0].text = "En Helt Anden"
    return assertion


def _unsigned(assertion: Element) -> Element:
    assertion.remove(assertion.find("ds:Signature", NS))
    return assertion


BREAKS: Mapping[str, Break] = {
    "nothing": Break("Intet: alt er, som det skal være"),
    "audience": Break(
        "Svaret er til en anden tjeneste", lambda one: replace(one, audience="https://x.example")
    ),
    "recipient": Break(
        "Svaret skal sendes et andet sted hen",
        lambda one: replace(one, recipient="https://x.example/"),
    ),
    "request": Break(
        "Svaret er på en anden forespørgsel", lambda one: replace(one, in_response_to="_x")
    ),
    "issuer": Break(
        "Svaret er fra en anden udbyder", lambda one: replace(one, issuer="https://x.example")
    ),
    "expired": Break("Svaret er udløbet", _moved(-_HOUR)),
    "early": Break("Svaret gælder først om en time", _moved(_HOUR)),
    "level-low": Break("Sikringsniveauet er for lavt", _level("Low")),
    "level-missing": Break("Der er intet sikringsniveau", _without(LOA)),
    "level-unknown": Break("Sikringsniveauet er ukendt", _level("Enormous")),
    "specification": Break("Der står ikke, hvilken udgave af OIOSAML", _without(SPEC_VERSION)),
    "company": Break("Virksomheden mangler", _without(CVR, ORGANISATION)),
    "altered": Break("Navnet er ændret efter underskriften", changes=Changes(signed=_name)),
    "unsigned": Break("Der er ingen underskrift", changes=Changes(signed=_unsigned)),
    "other-key": Break("Underskriften er med en ukendt nøgle", by_another=True),
    "sha1": Break(
        "Underskriften er med SHA-1", changes=Changes(signature="rsa-sha1", digest="sha1")
    ),
    "clear": Break("Svaret er ikke krypteret", changes=Changes(encrypts=False)),
}
