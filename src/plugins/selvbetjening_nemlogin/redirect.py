"""Messages in an address, signed: the HTTP-Redirect binding of SAML (saml-bindings-2.0, 3.4)."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from selvbetjening_nemlogin.keys import SIGNATURE, KeyPair, check_signature
from selvbetjening_nemlogin.parsing import LARGEST, Refused, decoded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.x509 import Certificate

REQUEST, RESPONSE = "SAMLRequest", "SAMLResponse"
_SIGNED = ("RelayState", "SigAlg")


def signed_address(url: str, name: str, xml: bytes, keys: KeyPair, relay: str = "") -> str:
    """``url`` with the message ``xml`` in it, as ``name``, and our signature.

    :param relay: what the provider is to hand back
    """
    deflated = zlib.compress(xml, 9)[2:-4]
    asked = {name: base64.b64encode(deflated).decode()}
    if relay:
        asked["RelayState"] = relay
    asked["SigAlg"] = SIGNATURE
    query = urlencode(asked, quote_via=quote, safe="")
    mark = base64.b64encode(keys.signature(query.encode())).decode()
    return f"{url}{'&' if '?' in url else '?'}{query}&Signature={quote(mark, safe='')}"


def opened(query: Mapping[str, str], name: str, certificates: Iterable[Certificate]) -> bytes:
    """The message called ``name`` in an address, when the provider has signed it.

    What is signed is the text as it was sent. It came decoded, so it is written again
    as it must have been: in the three ways that are in use.

    :raises Refused: it is not signed by the provider, or cannot be read
    """
    algorithm = query.get("SigAlg", "")
    signature = decoded(query.get("Signature", ""))
    if not signature:
        raise Refused("unsigned")
    parts = [(one, query[one]) for one in (name, *_SIGNED) if one in query]
    known = tuple(certificates)
    for written in _ways_to_write(parts):
        try:
            check_signature(known, algorithm, signature, written)
        except Refused as refused:
            if refused.code != "bad-signature":
                raise
            continue
        return inflated(decoded(query[name]))
    raise Refused("bad-signature")


def _ways_to_write(parts: list[tuple[str, str]]) -> Iterable[bytes]:
    yield urlencode(parts, quote_via=quote, safe="").encode()
    # .NET writes the codes in small letters, some leave out what need not be coded.
    yield "&".join(f"{name}={_small(quote(value, safe=''))}" for name, value in parts).encode()
    yield urlencode(parts).encode()


def _small(quoted: str) -> str:
    first, *rest = quoted.split("%")
    return first + "".join(f"%{one[:2].lower()}{one[2:]}" for one in rest)


def inflated(data: bytes) -> bytes:
    """What was deflated, as long as it is not longer than a message may be.

    :raises Refused: it is longer, or was not deflated
    """
    reader = zlib.decompressobj(-15)
    try:
        found = reader.decompress(data, LARGEST + 1)
    except zlib.error:
        raise Refused("unreadable") from None
    if len(found) > LARGEST or not reader.eof:
        raise Refused("too-long")
    return found
