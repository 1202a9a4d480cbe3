"""Log-outs that the provider did not tell of, by both bindings; each must end nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml import etree
from saml_town import ENTITY, MESSAGES, NAME_ID, Begun, SamlTown
from webob import Response

from selvbetjening_nemlogin.counterpart.issuing import as_field, sign
from selvbetjening_nemlogin.keys import KeyPair
from selvbetjening_nemlogin.names import SAML, SAMLP
from selvbetjening_nemlogin.redirect import REQUEST, signed_address
from selvbetjening_nemlogin.requests import new_xml_id, written

Element = etree._Element
_PATH = urlsplit(MESSAGES).path


@dataclass
class Told:
    """A ``LogoutRequest``, and what is changed in it."""

    by: KeyPair
    at: datetime.datetime
    session: str = ""
    issuer: str = ENTITY
    name_id: str = NAME_ID
    notice_id: str = field(default_factory=new_xml_id)
    destination: str = MESSAGES

    def xml(self) -> Element:
        """It, without a signature."""
        root = etree.Element(f"{{{SAMLP}}}LogoutRequest", nsmap={"samlp": SAMLP, "saml": SAML})
        said = {
            "ID": self.notice_id,
            "Version": "2.0",
            "IssueInstant": written(self.at),
            "Destination": self.destination,
        }
        for name, value in said.items():
            if value:
                root.set(name, value)
        if self.issuer:
            etree.SubElement(root, f"{{{SAML}}}Issuer").text = self.issuer
        if self.name_id:
            etree.SubElement(root, f"{{{SAML}}}NameID").text = self.name_id
        if self.session:
            etree.SubElement(root, f"{{{SAMLP}}}SessionIndex").text = self.session
        return root


Send = Callable[[Begun, Told], Response]


def by_redirect(begun: Begun, told: Told, change: Callable[[str], str] = str) -> Response:
    """In an address, as a browser without our cookies brings it."""
    url = urlsplit(signed_address(MESSAGES, REQUEST, etree.tostring(told.xml()), told.by))
    return begun.window.send("GET", f"{_PATH}?{change(url.query)}", cookies={})


def by_post(begun: Begun, told: Told, change: Callable[[Element], Any] = len) -> Response:
    """In a form."""
    root = sign(told.xml(), told.by)
    change(root)
    fields = {REQUEST: as_field(etree.tostring(root))}
    return begun.window.send("POST", _PATH, fields, cookies={})


def _without_signature(root: Element) -> None:
    root.remove(root.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))


def _about_somebody(root: Element) -> None:
    root.find(f"{{{SAML}}}NameID").text = f"{NAME_ID[:-1]}0"


def _old(query: str) -> str:
    new = urlencode({"SigAlg": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"})
    start, _, rest = query.partition("SigAlg=")
    return f"{start}{new}&{rest.partition('&')[2]}"


_HOUR = datetime.timedelta(hours=1)
_OTHERS: dict[str, Callable[[Told, SamlTown], None]] = {
    "by somebody else": lambda told, town: setattr(told, "by", town.keys.attacker),
    "by ourselves": lambda told, town: setattr(told, "by", town.keys.ours),
    "by another issuer": lambda told, _: setattr(told, "issuer", "https://evil.example"),
    "by nobody": lambda told, _: setattr(told, "issuer", ""),
    "without an id": lambda told, _: setattr(told, "notice_id", ""),
    "of nobody": lambda told, _: setattr(told, "name_id", ""),
    "of an hour ago": lambda told, _: setattr(told, "at", told.at - _HOUR),
    "of tomorrow": lambda told, _: setattr(told, "at", told.at + 24 * _HOUR),
    "for another destination": lambda told, _: setattr(told, "destination", "https://evil.example"),
}
_REDIRECTS: dict[str, Callable[[str], str]] = {
    "not signed": lambda query: query.partition("&SigAlg")[0],
    "an empty signature": lambda query: query.partition("Signature=")[0] + "Signature=",
    "by an old algorithm": _old,
    "with more than was signed": lambda query: query.replace("&SigAlg", "&RelayState=x&SigAlg"),
    "cut off": lambda query: query[len(REQUEST) + 20 :],
}
_POSTS: dict[str, Callable[[Element], Any]] = {
    "not signed": _without_signature,
    "about somebody else": _about_somebody,
}


def forged(town: SamlTown) -> dict[str, Send]:
    """Every log-out that must end nothing, by name."""
    found: dict[str, Send] = {}
    for way, send in (("redirect", by_redirect), ("post", by_post)):
        for name, change in _OTHERS.items():

            def one(begun: Begun, told: Told, send: Any = send, change: Any = change) -> Response:
                change(told, town)
                return send(begun, told)

            found[f"{way}: {name}"] = one
    for name, change in _REDIRECTS.items():
        found[f"redirect: {name}"] = lambda begun, told, how=change: by_redirect(begun, told, how)
    for name, change in _POSTS.items():
        found[f"post: {name}"] = lambda begun, told, how=change: by_post(begun, told, how)
    return found
