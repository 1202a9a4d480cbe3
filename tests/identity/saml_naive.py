"""What goes wrong where a check is missing; and a reader that does as many do."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from unittest import mock

from lxml import etree

from selvbetjening_nemlogin import assertions, claims, logouts, plugin, redirect
from selvbetjening_nemlogin.names import BEARER, NS
from selvbetjening_nemlogin.parsing import Refused, as_bytes, parsed

Element = etree._Element

FAULTS: Mapping[str, str] = {
    "naive": "a signature anywhere is taken for that of the whole",
    "unsigned": "the signature is not looked at",
    "signed-by-anybody": "the certificate in the message is believed",
    "plain": "an assertion in clear is taken as well",
    "old-algorithms": "signatures by SHA-1 are accepted",
    "rules-skipped": "what only OIOSAML asks for is not asked for",
    "two-proofs": "one of several proofs is enough",
    "logout-unsigned": "a log-out by redirect need not be signed",
    "logout-post-unsigned": "a log-out by POST need not be signed",
}


@contextlib.contextmanager
def planted(fault: str) -> Iterator[None]:
    """Plant this fault; none if it is empty."""
    with contextlib.ExitStack() as stack:
        for target, name, value in _PLANTS[fault]() if fault else ():
            stack.enter_context(mock.patch.object(target, name, value))
        yield


def _nothing(*_: object) -> None:
    return None


def _naive(element: Element, certificates: Iterable[Any], code: str) -> Element:
    """It checks a signature, of whatever that is about, and reads what it finds first."""
    raw = as_bytes(element)
    for signature in parsed(raw).iter("{http://www.w3.org/2000/09/xmldsig#}Signature"):
        parent = signature.getparent()
        wanted = signature.find("ds:SignedInfo/ds:Reference", NS).get("URI", "")[1:]
        for about in parsed(raw).iter():
            alone = copy.deepcopy(about)
            if about.get("ID") != wanted or alone.find("ds:Signature", NS) is None:
                continue
            with contextlib.suppress(Refused):
                _real_signed(alone, certificates, code)
                return parsed(raw)
        if parent is None:
            break
    raise Refused(code)


def _believed(element: Element, _: object, code: str) -> Element:
    from selvbetjening_nemlogin.keys import certificate_of  # noqa: PLC0415 - beside its use

    found = element.find(".//ds:X509Certificate", NS)
    if found is None or not found.text:
        raise Refused(code)
    body = "".join(found.text.split())
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    own = certificate_of(f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
    return _real_signed(element, [own], code)


def _also_plain(response: Element, pairs: Any, certificates: Any) -> tuple[Element, str]:
    found = response.find("saml:Assertion", NS)
    if found is None:
        return _real_assertion(response, pairs, certificates)
    return found, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def _one_proof(assertion: Element) -> Element:
    return next(
        one.find("saml:SubjectConfirmationData", NS)
        for one in assertion.findall("saml:Subject/saml:SubjectConfirmation", NS)
        if one.get("Method") == BEARER
    )


_real_signed = assertions.signed_element
_real_assertion = assertions.signed_assertion
_SHA1 = frozenset({"http://www.w3.org/2000/09/xmldsig#rsa-sha1"})
_DIGEST1 = frozenset({"http://www.w3.org/2000/09/xmldsig#sha1"})

_PLANTS: Mapping[str, Callable[[], list[tuple[object, str, object]]]] = {
    "naive": lambda: [
        (assertions, "signed_element", _naive),
        (assertions, "_check_plain", _nothing),
    ],
    "unsigned": lambda: [
        (assertions, "signed_element", lambda element, *_: element),
        (assertions, "_algorithm", lambda _: min(assertions.SIGNATURES)),
    ],
    "signed-by-anybody": lambda: [(assertions, "signed_element", _believed)],
    "plain": lambda: [(plugin, "signed_assertion", _also_plain)],
    "old-algorithms": lambda: [
        (assertions, "SIGNATURES", assertions.SIGNATURES | _SHA1),
        (assertions, "DIGESTS", assertions.DIGESTS | _DIGEST1),
        (plugin.NemLogin, "algorithms", assertions.SIGNATURES | _SHA1),
    ],
    "rules-skipped": lambda: [(claims, "_check_attributes", _nothing)],
    "two-proofs": lambda: [(claims, "_confirmation", _one_proof)],
    "logout-unsigned": lambda: [(redirect, "check_signature", _nothing)],
    "logout-post-unsigned": lambda: [(logouts, "signed_element", lambda element, *_: element)],
}
