"""Which roles a solution has, and which contract each wants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zope.interface.interface import InterfaceClass

from selvbetjening_core.definitions.model import ADDRESSES, FILES, LOOKUPS, Field, Solution
from selvbetjening_core.interfaces import (
    IDelivery,
    IIdentity,
    ILookup,
    IPayment,
    IPrefill,
    IReceipt,
    IScanner,
)
from selvbetjening_core.problems import Place

IDENTITY = "identity"
REGISTER = "register"
RECEIPT = "receipt"
PAYMENT = "payment"
SCANNER = "scanner"

STAFF_LOGIN = "staff_login"
"""The role of a whole municipality: how its staff log in. Without it, it has no staff pages."""

DIGEST = "digest"
"""The role of a whole municipality: who is told once a day of what is parked or overdue."""

MUNICIPAL_ROLES = (DIGEST, STAFF_LOGIN)
"""What a municipality may bind for itself, whatever solutions it offers."""

COMMON_ROLES = (ADDRESSES, IDENTITY, PAYMENT, RECEIPT, REGISTER, SCANNER)
"""What any solution may need; the other roles are destinations."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role, the contract it wants, and where the solution asks for it."""

    name: str
    contract: InterfaceClass
    place: Place


def roles_of(solution: Solution) -> Iterator[Role]:
    """Every role that must be filled for ``solution`` to run."""
    if solution.needs_login:
        yield Role(IDENTITY, IIdentity, solution.place)
        yield Role(REGISTER, IPrefill, solution.place)
    yield Role(RECEIPT, IReceipt, solution.place)
    paid = next((row for row in solution.prices if row.amount.ore > 0), None)
    if paid is not None:
        yield Role(PAYMENT, IPayment, paid.place)
    asking = next((field for field in solution.fields() if field.kind == FILES), None)
    if asking is not None:
        yield Role(SCANNER, IScanner, asking.place)
    yield from _look_ups(solution)
    for destination in solution.destinations:
        yield Role(destination.role, IDelivery, destination.place)


def lookup_role(field: Field) -> str:
    """The role of the component that is asked about a field that is looked up."""
    return str(field.settings.get("role", ADDRESSES))


def _look_ups(solution: Solution) -> Iterator[Role]:
    asking = {lookup_role(field): field for field in solution.fields() if field.kind in LOOKUPS}
    for name, field in asking.items():
        yield Role(name, ILookup, field.place)
