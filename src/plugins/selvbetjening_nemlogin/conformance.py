"""Runs the kits on the plugin: ``selvbetjening conformance nemlogin``."""

from __future__ import annotations

import base64
import datetime
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from lxml import etree

from selvbetjening_core.testing import (
    Fault,
    IdentityBench,
    IdentityConformance,
    SingleLogoutBench,
    SingleLogoutConformance,
)
from selvbetjening_core.testing.logins import Forgery, Said
from selvbetjening_core.values import AssuranceLevel, Challenge, LoginRequest, LogoutNotice, Message
from selvbetjening_nemlogin.counterpart.certificates import key_pem, made_key_pair
from selvbetjening_nemlogin.counterpart.issuing import (
    Changes,
    Login,
    as_field,
    refusal_to,
    response_to,
    sign,
)
from selvbetjening_nemlogin.counterpart.own_metadata import provider_metadata
from selvbetjening_nemlogin.keys import KeyPair, pem_of
from selvbetjening_nemlogin.names import CPR, FULL_NAME, LOA, NS, SAML, SAMLP, SPEC, SPEC_VERSION
from selvbetjening_nemlogin.redirect import REQUEST, RESPONSE, signed_address
from selvbetjening_nemlogin.requests import written

_PROVIDER = "https://login.example"
_ENTITY = "https://saml.login.example"
_US = "https://selvbetjening.mors.example"
_HERE = f"{_US}/-/messages/login"
_PERSON = "https://data.gov.dk/model/core/eid/person/uuid/"
_UUID = "3c2fa5a3-1d75-4d08-a0bb-2b6e1ce6f0e7"
_FORM = {"content-type": "application/x-www-form-urlencoded"}


class NemLogInCounterpart:
    """A provider of OIOSAML that says whatever the kit has it say. It is never asked."""

    def __init__(self, keys: KeyPair, theirs: KeyPair, other: KeyPair) -> None:
        self.keys, self.theirs, self.other = keys, theirs, other

    def behave(self, fault: Fault) -> None:
        """Nothing stands at the other end but the browser."""

    def asked(self, challenge: Challenge) -> LoginRequest:
        """What the signed request in the address says."""
        query = parse_qs(urlsplit(challenge.url).query)
        root = etree.fromstring(zlib.decompress(base64.b64decode(query[REQUEST][0]), -15))
        word = root.find("samlp:RequestedAuthnContext/saml:AuthnContextClassRef", NS).text
        level = AssuranceLevel.named(word.rpartition("/")[2].lower())
        if level is None:
            raise LookupError("level")
        return LoginRequest(
            request_id=root.get("ID")[1:],
            audience=root.find("saml:Issuer", NS).text,
            return_url=root.get("AssertionConsumerServiceURL"),
            level=level,
            locale="",
        )

    def log_in(self, challenge: Challenge, said: Said, forgery: Forgery) -> Message:
        """An answer, true or forged."""
        request = self.asked(challenge)
        login = _login(said)
        keys = self.other if forgery is Forgery.OTHER_KEY else self.keys
        raw = response_to(login, keys, self.theirs.certificate, _CHANGES.get(forgery, Changes()))
        return _posted({RESPONSE: as_field(raw)}, request.return_url)

    def cancel(self, challenge: Challenge) -> Message:
        """Somebody gives up."""
        request = self.asked(challenge)
        now = datetime.datetime.now(datetime.UTC)
        login = Login(
            _ENTITY, "", request.return_url, f"_{request.request_id}", "", {}, now, now, now
        )
        status = "urn:oasis:names:tc:SAML:2.0:status:"
        refusal = refusal_to(login, f"{status}Responder", f"{status}AuthnFailed")
        signed = etree.tostring(sign(refusal, self.keys))
        return _posted({RESPONSE: as_field(signed)}, request.return_url)

    def log_out(self, said: LogoutNotice, forgery: Forgery) -> tuple[Message, ...]:
        """By Redirect and by POST."""
        return _redirected(self, said, forgery), _by_post(self, said, forgery)

    def answer_to_a_login(self) -> Message:
        """Of nobody in particular."""
        return _posted({RESPONSE: "PHg+PC94Pg=="}, _HERE)


class _Telling(NemLogInCounterpart):
    """For the kit of log-outs, where ``log_in`` is an answer without a request."""

    def log_in(self) -> Message:  # type: ignore[override]
        """See :meth:`answer_to_a_login`."""
        return self.answer_to_a_login()


def _altered(assertion: etree._Element) -> etree._Element:
    for value in assertion.findall(".//saml:AttributeValue", NS):
        if value.text and value.text.isdigit() and len(value.text) == 10:
            value.text = "0101010101"
    return assertion


def _unsigned(assertion: etree._Element) -> etree._Element:
    assertion.remove(assertion.find("ds:Signature", NS))
    return assertion


_CHANGES = {
    Forgery.ALTERED: Changes(signed=_altered),
    Forgery.UNSIGNED: Changes(signed=_unsigned),
    Forgery.OTHER_ALGORITHM: Changes(signature="rsa-sha1", digest="sha1"),
}


def _login(said: Said) -> Login:
    def text(name: str) -> str:
        found = said.get(name, "")
        return found if isinstance(found, str) else ""

    def moment(name: str) -> datetime.datetime | None:
        found = said.get(name)
        return found if isinstance(found, datetime.datetime) else None

    level = text("level")
    named = {SPEC_VERSION: SPEC, LOA: level.capitalize(), CPR: text("cpr"), FULL_NAME: text("name")}
    return Login(
        issuer=text("issuer"),
        audience=text("audience"),
        recipient=text("recipient"),
        in_response_to=f"_{text('in_response_to')}" if text("in_response_to") else "",
        name_id=f"{_PERSON}{_UUID}",
        attributes={name: value for name, value in named.items() if value},
        issued_at=moment("issued_at"),
        not_before=moment("not_before"),
        not_after=moment("not_after"),
        assertion_id=text("assertion_id"),
    )


def _posted(fields: dict[str, str], url: str) -> Message:
    now = datetime.datetime.now(datetime.UTC)
    return Message(url, "POST", {}, _FORM, urlencode(fields).encode(), now)


def _logout_request(said: LogoutNotice) -> etree._Element:
    root = etree.Element(f"{{{SAMLP}}}LogoutRequest", nsmap={"samlp": SAMLP, "saml": SAML})
    at = said.issued_at or datetime.datetime.now(datetime.UTC)
    for name, value in (
        ("ID", said.notice_id),
        ("Version", "2.0"),
        ("IssueInstant", written(at)),
        ("Destination", _HERE),
    ):
        root.set(name, value)
    etree.SubElement(root, f"{{{SAML}}}Issuer").text = said.issuer
    etree.SubElement(root, f"{{{SAML}}}NameID").text = said.subject
    for one in said.sessions:
        etree.SubElement(root, f"{{{SAMLP}}}SessionIndex").text = one
    return root


def _redirected(by: NemLogInCounterpart, said: LogoutNotice, forgery: Forgery) -> Message:
    keys = by.other if forgery is Forgery.OTHER_KEY else by.keys
    url = signed_address(_HERE, REQUEST, etree.tostring(_logout_request(said)), keys)
    query = {name: found[0] for name, found in parse_qs(urlsplit(url).query).items()}
    if forgery is Forgery.UNSIGNED:
        del query["Signature"]
    if forgery is Forgery.OTHER_ALGORITHM:
        query["SigAlg"] = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
    if forgery is Forgery.ALTERED:
        query["RelayState"] = "added"
    return Message(_HERE, "GET", query, {}, b"", datetime.datetime.now(datetime.UTC))


def _by_post(by: NemLogInCounterpart, said: LogoutNotice, forgery: Forgery) -> Message:
    keys = by.other if forgery is Forgery.OTHER_KEY else by.keys
    ways = ("rsa-sha1", "sha1") if forgery is Forgery.OTHER_ALGORITHM else ("rsa-sha256", "sha256")
    root = sign(_logout_request(said), keys, *ways)
    if forgery is Forgery.ALTERED:
        root.find("saml:NameID", NS).text = "somebody-else"
    if forgery is Forgery.UNSIGNED:
        root = _unsigned(root)
    return _posted({REQUEST: as_field(etree.tostring(root))}, _HERE)


@pytest.fixture(scope="module")
def three_keys() -> tuple[KeyPair, KeyPair, KeyPair]:
    """The provider's, ours, and somebody else's. Made once: it takes a while."""
    return made_key_pair("provider"), made_key_pair("us"), made_key_pair("somebody else")


@pytest.fixture
def settings(three_keys: tuple[KeyPair, KeyPair, KeyPair]) -> Iterator[dict[str, object]]:
    """Metadata and certificate in files of their own."""
    provider, ours, _ = three_keys
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        metadata, certificate = folder / "metadata.xml", folder / "certificate.pem"
        metadata.write_bytes(provider_metadata(_ENTITY, _PROVIDER, [provider.certificate]))
        certificate.write_text(pem_of(ours.certificate), "utf-8")
        yield {
            "metadata": str(metadata),
            "provider": _PROVIDER,
            "key": key_pem(ours),
            "certificate": str(certificate),
        }


class TestNemLogin(IdentityConformance):
    """Login with NemLog-in."""

    @pytest.fixture
    def bench(
        self, settings: dict[str, object], three_keys: tuple[KeyPair, KeyPair, KeyPair]
    ) -> IdentityBench:
        """A counterpart of the provider."""
        return IdentityBench(
            plugin="nemlogin",
            settings=settings,
            remote=NemLogInCounterpart(*three_keys),
            tells_language=False,
        )


class TestNemLoginLogout(SingleLogoutConformance):
    """Log-out that the provider tells of."""

    @pytest.fixture
    def bench(
        self, settings: dict[str, object], three_keys: tuple[KeyPair, KeyPair, KeyPair]
    ) -> SingleLogoutBench:
        """The same counterpart."""
        return SingleLogoutBench(plugin="nemlogin", settings=settings, remote=_Telling(*three_keys))
