"""Hosts and prefixes: how they are written, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from selvbetjening_core.files import Table
from selvbetjening_core.problems import Place, Problems


@dataclass(frozen=True, slots=True)
class AddressKind:
    """How an address looks, and how to say it."""

    shape: re.Pattern[str]
    advice: str


HOSTS = AddressKind(
    re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII),
    'write a host name, such as "selvbetjening.mors.dk": a-z, 0-9, - and points alone,'
    " without https:// and without a port",
)
PREFIXES = AddressKind(
    re.compile(r"(/[a-z0-9][a-z0-9-]*)+", re.ASCII),
    'write a path, such as "/mors": a / in front and none at the end; a-z, 0-9 and - alone',
)


class Addressed(Protocol):
    """What is known of a municipality's addresses."""

    @property
    def code(self) -> str:
        """Its kommunekode."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts it declares."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The path prefixes it declares."""

    @property
    def host_places(self) -> Mapping[str, Place]:
        """Where each of the two is declared."""


def read_addresses(table: Table, key: str, kind: AddressKind) -> dict[str, Place]:
    """The addresses under ``key``, and where each stands. A bad one is reported."""
    places: dict[str, Place] = {}
    for address in table.text_list(key, required=False):
        position = table.position(key, address)
        places[address] = table.place(key, position)
        if not kind.shape.fullmatch(address):
            table.error(
                "bad-address",
                f'"{address}" cannot be used in {key}',
                kind.advice,
                key,
                position,
            )
    return places


def check_addresses(
    municipalities: Iterable[Addressed], prefix_hosts: Mapping[str, Place], problems: Problems
) -> None:
    """Is every address one municipality's alone, and every prefix served by some host?

    :param prefix_hosts: the hosts that serve prefixes, and where each is declared
    """
    taken: dict[str, Addressed] = {}
    for municipality in municipalities:
        if municipality.prefixes and not prefix_hosts:
            problems.error(
                "prefix-without-host",
                municipality.host_places[municipality.prefixes[0]],
                f'no host serves the prefix "{municipality.prefixes[0]}"',
                'say on which hosts in the installation: prefix_hosts = ["selvbetjening.dk"]',
            )
        for address in (*municipality.hosts, *municipality.prefixes):
            other = taken.setdefault(address, municipality)
            # Two files about one municipality are reported as that.
            if other is not municipality and other.code != municipality.code:
                _report_taken(address, municipality, other, problems)
    _check_prefix_hosts(taken, prefix_hosts, problems)


def _report_taken(
    address: str, municipality: Addressed, other: Addressed, problems: Problems
) -> None:
    problems.error(
        "address-taken",
        municipality.host_places[address],
        f'"{address}" already belongs to {_whose(other, address)}',
        "give one of them another address",
    )


def _check_prefix_hosts(
    taken: Mapping[str, Addressed], prefix_hosts: Mapping[str, Place], problems: Problems
) -> None:
    for host, place in prefix_hosts.items():
        if host in taken:
            problems.error(
                "address-taken",
                place,
                f'"{host}" belongs to {_whose(taken[host], host)} alone: no prefix is looked'
                " for there",
                "take it out here, or there",
            )


def _whose(municipality: Addressed, address: str) -> str:
    place = municipality.host_places[address]
    return f"{municipality.name} ({place.file.parent.name}/{place.file.name}:{place.line})"
