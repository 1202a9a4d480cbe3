"""Keys and certificates that are worth something on this machine alone."""

from __future__ import annotations

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from selvbetjening_nemlogin.keys import KeyPair

YEAR = datetime.timedelta(days=365)


def made_key_pair(
    name: str, begins: datetime.datetime | None = None, lasts: datetime.timedelta = YEAR
) -> KeyPair:
    """A new key, and a certificate for it that it has signed itself."""
    start = begins or datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + lasts)
        .sign(key, hashes.SHA256())
    )
    return KeyPair(key, certificate)


def key_pem(pair: KeyPair) -> str:
    """The private key, as a file has it."""
    return pair.key.private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    ).decode()
