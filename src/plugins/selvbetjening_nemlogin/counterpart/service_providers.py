"""The systems that log people in at the counterpart, each by its metadata."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from selvbetjening_nemlogin.keys import certificate_of
from selvbetjening_nemlogin.names import NS, POST, REDIRECT
from selvbetjening_nemlogin.parsing import Refused, parsed

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from lxml.etree import _Element as Element


@dataclass(frozen=True)
class ServiceProvider:
    """One system: its name, where answers and log-outs go, and its certificates."""

    entity_id: str
    answer_url: str
    logout_url: str
    certificates: tuple[Certificate, ...]


def read_service_providers(files: Iterable[Path]) -> dict[str, ServiceProvider]:
    """By their names.

    :raises ValueError: one of the files cannot be read; the sentence names it
    """
    found = {}
    for file in files:
        try:
            one = _read(file.read_bytes())
        except (OSError, Refused, ValueError, AttributeError) as error:
            raise ValueError(f"{file}: it cannot be read as metadata ({error})") from None
        found[one.entity_id] = one
    return found


def _read(raw: bytes) -> ServiceProvider:
    root = parsed(raw)
    role = root.find("md:SPSSODescriptor", NS)
    return ServiceProvider(
        root.get("entityID", ""),
        _location(role.findall("md:AssertionConsumerService", NS), POST),
        _location(role.findall("md:SingleLogoutService", NS), REDIRECT),
        tuple(_certificates(role)),
    )


def _location(services: Iterable[Element], binding: str) -> str:
    for one in services:
        if one.get("Binding") == binding:
            return str(one.get("Location", ""))
    raise ValueError(f"it has no address for {binding.rpartition(':')[2]}")


def _certificates(role: Element) -> Iterable[Certificate]:
    for one in role.findall("md:KeyDescriptor/ds:KeyInfo/ds:X509Data/ds:X509Certificate", NS):
        body = "".join((one.text or "").split())
        yield certificate_of(f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
