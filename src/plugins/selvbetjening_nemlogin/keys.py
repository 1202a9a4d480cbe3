"""Our own keys, and the provider's certificates: what is signed, opened and believed."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selvbetjening_nemlogin.names import SIGNATURES
from selvbetjening_nemlogin.parsing import Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

SIGNATURE = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
LEAST_BITS = 2048


@dataclass(frozen=True)
class KeyPair:
    """A private key and the certificate that the provider knows it by."""

    key: RSAPrivateKey
    certificate: Certificate

    @property
    def pem(self) -> bytes:
        """The private key, for the library that opens what is encrypted. Secret."""
        from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - heavy

        return self.key.private_bytes(
            form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
        )

    def signature(self, data: bytes) -> bytes:
        """RSA-SHA256 over ``data``."""
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - heavy
        from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415

        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def key_pair(key: str, certificate: str) -> KeyPair:
    """A key pair from PEM.

    :raises ValueError: one of them cannot be read, they do not belong together, or the key
        is too short; the sentence has no part of them
    """
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    try:
        private = form.load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError):
        raise ValueError("it is no private key in PEM without a password") from None
    if not isinstance(private, rsa.RSAPrivateKey) or private.key_size < LEAST_BITS:
        raise ValueError(f"it is no RSA key of at least {LEAST_BITS} bits")
    own = certificate_of(certificate)
    if own.public_key() != private.public_key():
        raise ValueError("it does not belong to the certificate")
    return KeyPair(private, own)


def certificate_of(pem: str) -> Certificate:
    """:raises ValueError: it is no certificate in PEM"""
    from cryptography import x509  # noqa: PLC0415 - heavy

    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise ValueError("it is no certificate in PEM") from None


def der_of(certificate: Certificate) -> str:
    """As metadata has it: Base64 of DER, on one line."""
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - heavy

    return base64.b64encode(certificate.public_bytes(form.Encoding.DER)).decode()


def pem_of(certificate: Certificate) -> str:
    """In PEM."""
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - heavy

    return certificate.public_bytes(form.Encoding.PEM).decode()


def valid_at(
    certificates: Iterable[Certificate], now: datetime.datetime
) -> tuple[Certificate, ...]:
    """Those that have begun and not ended."""
    return tuple(
        one for one in certificates if one.not_valid_before_utc <= now < one.not_valid_after_utc
    )


def check_signature(
    certificates: Iterable[Certificate], algorithm: str, signature: bytes, data: bytes
) -> None:
    """One of the certificates' keys has signed ``data``.

    :raises Refused: none has, or by an algorithm that is not accepted
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415

    if algorithm not in SIGNATURES:
        raise Refused("signature-algorithm")
    digest = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[
        algorithm[-3:]
    ]
    for one in certificates:
        key = one.public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            continue
        try:
            key.verify(signature, data, padding.PKCS1v15(), digest)
        except InvalidSignature:
            continue
        return
    raise Refused("bad-signature")
