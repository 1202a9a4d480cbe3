"""The version of each contract, and the rules that its calls are held to.

A call that breaks a rule is the plugin's fault, and is reported as such: the
core's gateway and the conformance kits both read this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zope.interface.interface import InterfaceClass

from selvbetjening_core import values as v
from selvbetjening_core.interfaces.delivery import IDelivery, IDeliveryQuery
from selvbetjening_core.interfaces.digest import IDigest
from selvbetjening_core.interfaces.field_kind import IFieldKind
from selvbetjening_core.interfaces.form import IForm
from selvbetjening_core.interfaces.identity import IIdentity
from selvbetjening_core.interfaces.importer import IImporter
from selvbetjening_core.interfaces.lookup import ILookup
from selvbetjening_core.interfaces.measure import IMeasure
from selvbetjening_core.interfaces.messages import IMessages
from selvbetjening_core.interfaces.paper_form import IPaperForm
from selvbetjening_core.interfaces.payment import IPayment
from selvbetjening_core.interfaces.prefill import IPrefill
from selvbetjening_core.interfaces.receipt import IReceipt
from selvbetjening_core.interfaces.scanner import IScanner
from selvbetjening_core.interfaces.scheduled import IScheduled
from selvbetjening_core.interfaces.secrets import ISecrets
from selvbetjening_core.interfaces.single_logout import ISingleLogout
from selvbetjening_core.interfaces.solutions import ISolutions
from selvbetjening_core.interfaces.status import IStatus
from selvbetjening_core.interfaces.theme import ITheme

CITIZEN_WAITS = 10.0
"""Seconds a call may take while somebody waits for the page."""
NOBODY_WAITS = 30.0
"""Seconds a call may take in a worker, unless the installation says otherwise."""


@dataclass(frozen=True, slots=True)
class CallRules:
    """What one method may return, and how long it may take.

    :param returns: the types allowed; ``tuple`` is checked item by item against
        ``items``
    :param seconds: after so long the caller is answered without it
    """

    returns: tuple[type, ...]
    seconds: float
    items: type | None = None


@dataclass(frozen=True, slots=True)
class ContractRules:
    """One contract.

    :param version: ``0.N`` while provisional; plugins written for another ``0.N``
        are not accepted
    :param calls: its methods that reach outside systems, by name. A contract
        without any is answered inside the process and is not guarded
    """

    version: str
    calls: Mapping[str, CallRules] = field(default_factory=dict)


def _waits(*returns: type, items: type | None = None) -> CallRules:
    return CallRules(returns, CITIZEN_WAITS, items)


def _works(*returns: type, items: type | None = None) -> CallRules:
    return CallRules(returns, NOBODY_WAITS, items)


_NONE = type(None)

CONTRACTS: Mapping[InterfaceClass, ContractRules] = {
    IForm: ContractRules("0.1"),
    IIdentity: ContractRules(
        "0.2",
        {
            "begin": _waits(v.Challenge),
            "complete": _waits(v.Claims, v.Refusal),
            "end": _waits(v.Challenge, _NONE),
        },
    ),
    ISingleLogout: ContractRules("0.1", {"read_logout": _waits(v.LogoutNotice, v.Refusal, _NONE)}),
    IPayment: ContractRules(
        "0.1",
        {
            "begin": _waits(v.Challenge),
            "capture": _waits(v.PaymentState),
            "cancel": _waits(v.PaymentState),
            "refund": _waits(v.PaymentState),
            "query": _waits(v.PaymentState),
            "settlements": _works(tuple, items=v.Settlement),
            "notice": _waits(v.Reply),
        },
    ),
    IReceipt: ContractRules("0.1", {"issue": _waits(v.Document), "verify": _waits(v.Verdict)}),
    IPaperForm: ContractRules("0.1", {"print_out": _waits(v.Document)}),
    IDelivery: ContractRules("0.1", {"accepts": _works(v.Verdict), "send": _works(v.Outcome)}),
    IDeliveryQuery: ContractRules("0.1", {"query": _works(v.Outcome)}),
    IMessages: ContractRules("0.1", {"notice": _waits(v.Reply)}),
    IScheduled: ContractRules("0.1", {"run": _works(_NONE)}),
    IPrefill: ContractRules("0.1", {"household": _waits(v.Household, _NONE)}),
    ILookup: ContractRules(
        "0.1",
        {"search": _waits(tuple, items=v.LookupMatch), "find": _waits(v.LookupMatch, _NONE)},
    ),
    IStatus: ContractRules("0.1", {"status": _waits(v.CaseStatus)}),
    IDigest: ContractRules("0.1", {"send": _works(_NONE)}),
    IMeasure: ContractRules("0.1", {"record": _works(_NONE)}),
    IScanner: ContractRules("0.1", {"scan": _waits(v.ScanVerdict)}),
    IFieldKind: ContractRules("0.1"),
    ITheme: ContractRules("0.1"),
    ISecrets: ContractRules("0.1"),
    ISolutions: ContractRules("0.1"),
    IImporter: ContractRules("0.1"),
}
"""Every contract there is. A plugin can offer no other."""
