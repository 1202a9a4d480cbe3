"""Does what a plugin offers keep what its contract promises? Found before anything is made."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from zope.interface import Attribute
from zope.interface.exceptions import (  # type: ignore[attr-defined]  # types without the last
    BrokenImplementation,
    BrokenMethodImplementation,
    DoesNotImplement,
    Invalid,
    MultipleInvalid,
)
from zope.interface.interface import InterfaceClass, Method
from zope.interface.verify import verifyClass, verifyObject

from selvbetjening_core.composition.register import Claim, ComponentOffer
from selvbetjening_core.composition.settings import SETTING_KINDS
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.interfaces import (
    IDelivery,
    IDeliveryQuery,
    IMessages,
    IScheduled,
    ITheme,
)
from selvbetjening_core.interfaces.versions import CONTRACTS
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import ResolvesUnknown, Setting

if TYPE_CHECKING:
    from selvbetjening_core.composition.plugin_set import PluginSet

_MEND = "mend the plugin, or take it out of the plugin set"
_HOW = tuple(str(one) for one in ResolvesUnknown)
_PROVIDES = {ResolvesUnknown.QUERY: IDeliveryQuery, ResolvesUnknown.INBOX: IMessages}


def verify_set(plugin_set: PluginSet, problems: Problems) -> None:
    """Report every offer and claim that does not keep what its contract promises."""
    for offers in plugin_set.offers.values():
        for offer in offers:
            _verify_offer(offer, problems)
    for claim in plugin_set.claims.values():
        _verify_claim(claim, plugin_set, problems)


class Verifier:
    """Verifies the components of one composition as they are made.

    The signatures of one class are looked at once, not for each municipality.
    """

    def __init__(self) -> None:
        self._seen: set[tuple[InterfaceClass, type[Any]]] = set()

    def verify(self, contract: InterfaceClass, component: Any) -> None:
        """:raises Invalid: it does not keep what the contract promises"""
        if contract is IDelivery:
            _need_known_way(component)
        key = contract, type(component)
        is_there = all(hasattr(component, name) for name in contract.names(all=True))
        if key not in self._seen or not is_there or not contract.providedBy(component):
            verifyObject(contract, component)
            self._seen.add(key)


def _need_known_way(component: Any) -> None:
    """:raises Invalid: nobody would know what to do with what may have arrived"""
    declared = getattr(component, "resolves_unknown", None)
    if declared not in _HOW:
        raise Invalid(f"resolves_unknown is {declared!r}, and not one of {listed(_HOW)}")


def fits(built_for: str, version: str) -> bool:
    """Does what was written for one version of a contract work with another?

    While a contract is provisional (``0.N``) only with the very same; from 1.0
    on with a later one of the same first number.
    """
    try:
        wanted, found = (tuple(map(int, one.split("."))) for one in (built_for, version))
    except ValueError:
        return False
    if found[0] == 0:
        return wanted == found
    return wanted[0] == found[0] and wanted <= found


def _verify_offer(offer: ComponentOffer, problems: Problems) -> None:
    _verify_settings(offer, offer.settings, problems)
    if not _is_contract(offer, problems):
        return
    _verify_version(offer, problems)
    if not inspect.isclass(offer.factory):
        # What a function makes is verified when it is made.
        return
    try:
        verifyClass(offer.contract, offer.factory)
    except Invalid as error:
        _report_contract(offer, _reason(offer.contract, error), problems)
        return
    missing = list(_missing_attributes(offer.contract, offer.factory))
    if missing:
        _report_contract(offer, f"{listed(missing)} is missing", problems)
        return
    _verify_tasks(offer, offer.factory, problems)
    if offer.contract is IDelivery:
        _verify_unknown(offer, offer.factory, problems)


def _is_contract(culprit: ComponentOffer | Claim, problems: Problems) -> bool:
    if culprit.contract in CONTRACTS:
        return True
    names = sorted(contract.__name__ for contract in CONTRACTS)
    name = culprit.contract.__name__
    problems.error(
        "unknown-contract",
        culprit.place,
        f'the plugin "{culprit.plugin}" offers {name} ({culprit.contract.__module__}), which is no'
        f" contract of selvbetjening{closest(name, names)}",
        f"offer one of: {listed(names)}",
    )
    return False


def _verify_version(offer: ComponentOffer, problems: Problems) -> None:
    version = CONTRACTS[offer.contract].version
    if offer.built_for and not fits(offer.built_for, version):
        problems.error(
            "contract-version",
            offer.place,
            f'the plugin "{offer.plugin}" {offer.version} was written for'
            f" {offer.contract.__name__} {offer.built_for}, and this is {version}",
            "install a version of the plugin that was written for this one; its vendor"
            " changes what is different and says so with built_for",
        )


def _missing_attributes(contract: InterfaceClass, factory: type[Any]) -> Iterator[str]:
    """The attributes of the contract that no object of the class can be seen to get."""
    for name, wanted in contract.namesAndDescriptions(all=True):
        is_attribute = isinstance(wanted, Attribute) and not isinstance(wanted, Method)
        if is_attribute and not _gets(factory, name):
            yield name


def _gets(factory: type[Any], name: str) -> bool:
    if hasattr(factory, name):
        return True
    return any(
        name in getattr(base, "__annotations__", {}) or _is_assigned(base, name)
        for base in factory.__mro__
    )


def _is_assigned(base: type[Any], name: str) -> bool:
    """Does a method of the class use the name at all, as ``self.name = …`` does?"""
    functions = (one for one in vars(base).values() if inspect.isfunction(one))
    return any(name in one.__code__.co_names for one in functions)


def _verify_tasks(offer: ComponentOffer, factory: type[Any], problems: Problems) -> None:
    if not offer.tasks:
        return
    try:
        verifyClass(IScheduled, factory)
    except Invalid as error:
        tasks = listed(task.name for task in offer.tasks)
        problems.error(
            "tasks-not-carried-out",
            offer.place,
            f'the plugin "{offer.plugin}" declares tasks ({tasks}), and {factory.__name__} does not'
            f" fulfil IScheduled: {_reason(IScheduled, error)}",
            "let the class implement IScheduled, or declare no tasks",
        )


def _verify_unknown(offer: ComponentOffer, factory: type[Any], problems: Problems) -> None:
    """Can it find out what it says that it finds out?"""
    declared = getattr(factory, "resolves_unknown", None)
    if declared is None or isinstance(declared, property) or inspect.isdatadescriptor(declared):
        # Set on each object: verified when one is made.
        return
    if declared not in _HOW:
        problems.error(
            "resolves-unknown",
            offer.place,
            f'the plugin "{offer.plugin}" does not say how it finds out what became of a delivery:'
            f" resolves_unknown is {declared!r}",
            f"write one of: {listed(f'ResolvesUnknown.{one.name}' for one in ResolvesUnknown)}",
        )
        return
    needed = _PROVIDES.get(ResolvesUnknown(declared))
    if needed is None:
        return
    try:
        verifyClass(needed, factory)
    except Invalid as error:
        problems.error(
            "resolves-unknown",
            offer.place,
            f'the plugin "{offer.plugin}" declares resolves_unknown = "{declared}", and'
            f" {factory.__name__} does not fulfil {needed.__name__}: {_reason(needed, error)}",
            f"let the class implement {needed.__name__}, or declare another way",
        )


def _verify_claim(claim: Claim, plugin_set: PluginSet, problems: Problems) -> None:
    if not _is_contract(claim, problems):
        return
    try:
        verifyObject(claim.contract, claim.component)
    except Invalid as error:
        _report_contract(claim, _reason(claim.contract, error), problems)
        return
    if claim.contract is ITheme:
        _verify_settings(claim, claim.component.settings, problems)
        _verify_extends(claim, plugin_set, problems)


def _verify_extends(claim: Claim, plugin_set: PluginSet, problems: Problems) -> None:
    """No page can be shown in a theme whose templates cannot be found."""
    themes, direct = plugin_set.themes(), claim.component.extends
    extended, name = [], direct
    while name in themes and name not in extended:
        extended.append(name)
        name = getattr(plugin_set.theme(name), "extends", "")
    if direct and not extended:
        fault = f'"{direct}", which is not here'
    elif claim.name in extended:
        fault = "itself"
    else:
        return
    problems.error(
        "theme-extends",
        claim.place,
        f'the theme "{claim.name}" of the plugin "{claim.plugin}" extends {fault}',
        f"mend the plugin: the themes here are {listed(themes)}",
    )


def _verify_settings(
    culprit: ComponentOffer | Claim, settings: Iterable[Setting], problems: Problems
) -> None:
    for setting in settings:
        if setting.kind not in SETTING_KINDS:
            problems.error(
                "bad-setting-kind",
                culprit.place,
                f'the plugin "{culprit.plugin}" declares the setting "{setting.name}" of the'
                f' unknown kind "{setting.kind}"{closest(setting.kind, SETTING_KINDS)}',
                f"the kinds are: {listed(SETTING_KINDS)}",
            )


def _report_contract(culprit: ComponentOffer | Claim, reason: str, problems: Problems) -> None:
    problems.error(
        "contract-not-fulfilled",
        culprit.place,
        f'the plugin "{culprit.plugin}" does not fulfil {culprit.contract.__name__}: {reason}',
        _MEND,
    )


def _reason(contract: InterfaceClass, error: Invalid) -> str:
    """What zope found, in a plugin author's words."""
    parts = error.exceptions if isinstance(error, MultipleInvalid) else (error,)
    return "; ".join(_part(contract, one) for one in parts)


def _part(contract: InterfaceClass, error: Exception) -> str:
    if isinstance(error, BrokenMethodImplementation):
        method, said = error.args[0], error.args[1]
        return f"its method {getattr(method, '__name__', method)} is called otherwise ({said})"
    if isinstance(error, BrokenImplementation):
        wanted = error.args[1]
        signature = wanted.getSignatureString() if isinstance(wanted, Method) else ""  # type: ignore[no-untyped-call]
        return f"{getattr(wanted, '__name__', wanted)}{signature} is missing"
    if isinstance(error, DoesNotImplement):
        return f"it does not say @implementer({contract.__name__})"
    return " ".join(str(error).split())
