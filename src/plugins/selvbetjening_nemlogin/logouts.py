"""What the provider says of log-outs: that one has begun there, or that ours is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from selvbetjening_core.values import LogoutNotice, Message
from selvbetjening_nemlogin.assertions import signed_element
from selvbetjening_nemlogin.claims import check_envelope
from selvbetjening_nemlogin.names import ENTITY, NS, SAMLP
from selvbetjening_nemlogin.parsing import Refused, decoded, moment, parsed, text_of, the_one
from selvbetjening_nemlogin.redirect import REQUEST, RESPONSE, opened

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from lxml.etree import _Element as Element


def read_logout(message: Message, certificates: Iterable[Certificate]) -> LogoutNotice | None:
    """What a message says of logging out, without an answer to it; None: it is no such message.

    By Redirect the address is signed, by POST the message in itself.

    :raises Refused: it is one, and is not the provider's own
    """
    known = tuple(certificates)
    if message.method == "GET":
        return _by_redirect(message, known)
    fields = parse_qs(message.body.decode("utf-8", "replace"))
    if REQUEST in fields:
        return _notice(_signed(fields[REQUEST][0], known), message.url)
    return None


def relay_state(message: Message) -> str:
    """What the provider wants back with our answer."""
    if message.method == "GET":
        return message.query.get("RelayState", "")
    return parse_qs(message.body.decode("utf-8", "replace")).get("RelayState", [""])[0]


def _by_redirect(message: Message, known: tuple[Certificate, ...]) -> LogoutNotice | None:
    if REQUEST in message.query:
        return _notice(parsed(opened(message.query, REQUEST, known)), message.url)
    if RESPONSE not in message.query:
        return None
    answer = parsed(opened(message.query, RESPONSE, known))
    if answer.tag != f"{{{SAMLP}}}LogoutResponse":
        raise Refused("no-logout")
    check_envelope(answer, message.url)
    # Whatever its status: our own session was ended before.
    return LogoutNotice(_issuer(answer))


def _signed(text: str, known: tuple[Certificate, ...]) -> Element:
    return signed_element(parsed(decoded(text)), known, "bad-signature")


def _notice(root: Element, address: str) -> LogoutNotice:
    if root.tag != f"{{{SAMLP}}}LogoutRequest" or root.get("Version") != "2.0":
        raise Refused("no-logout")
    check_envelope(root, address)
    sessions = tuple(text_of(one) for one in root.findall("samlp:SessionIndex", NS))
    return LogoutNotice(
        issuer=_issuer(root),
        notice_id=root.get("ID", ""),
        sessions=tuple(one for one in sessions if one),
        subject=text_of(the_one(root, "saml:NameID", "name-id")),
        issued_at=moment(root.get("IssueInstant"), "issue-instant"),
    )


def _issuer(root: Element) -> str:
    issuer = the_one(root, "saml:Issuer", "issuer")
    if issuer.get("Format") not in (None, ENTITY):
        raise Refused("issuer-format")
    return text_of(issuer)
