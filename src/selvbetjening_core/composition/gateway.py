"""The one way in which components are called while the application runs.

A component is a vendor's code. Whatever it does, it stays its own: what it is
handed is a copy, without what it does not declare to read; it runs in a thread
of its own; the caller is answered at the deadline; what comes back is checked
and copied; and whatever it raises comes out as an
:class:`~selvbetjening_core.errors.Unavailable` in our own words.
"""

from __future__ import annotations

import datetime
import functools
import logging
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zope.interface import directlyProvides, providedBy
from zope.interface.interface import InterfaceClass

from selvbetjening_core.composition.copying import Copier
from selvbetjening_core.composition.installation import THREADS
from selvbetjening_core.composition.result_types import fault_of
from selvbetjening_core.composition.threads import Places, Threads
from selvbetjening_core.errors import (
    PluginFailed,
    StoreUnavailable,
    TimedOut,
    TooBusy,
    Unavailable,
)
from selvbetjening_core.interfaces.versions import CONTRACTS, NOBODY_WAITS, CallRules
from selvbetjening_core.masking import masked
from selvbetjening_core.values import Data, Parcel

log = logging.getLogger(__name__)

CALLS_AT_ONCE = THREADS // 2
"""How many calls of one component may be under way, the abandoned ones included, unless
the installation says otherwise."""

_RESULTS = Copier()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all guarded components of a composition share.

    :param now: the clock, by which parcels have their deadlines
    :param work_seconds: how long a call may take where nobody waits for a page
    :param at_once: how many calls of one component may be under way
    """

    threads: Threads
    now: Callable[[], datetime.datetime]
    work_seconds: float = NOBODY_WAITS
    at_once: int = CALLS_AT_ONCE


class Guarded:
    """Stands in for a component: the same contracts, every call through the gateway.

    A contract's attributes are read and copied once, when it is made. What belongs to no
    contract of ours cannot be reached.
    """

    def __init__(self, component: Any, name: str, members: Mapping[str, object]) -> None:
        self.__dict__.update(members)
        self._component = component
        self._name = name

    def __repr__(self) -> str:
        return f"<{self._name}>"


def guard(component: Any, name: str, reads: frozenset[Data], around: Surroundings) -> Any:
    """A stand-in for ``component``; itself, where no contract of it reaches outside.

    :param name: what log and errors call it; it names plugin and component
    :param reads: the personal data its plugin declares
    """
    contracts = tuple(one for one in providedBy(component).flattened() if one in CONTRACTS)
    asked = _members(contracts)
    if not any(asked.values()):
        return component
    places = Places(around.at_once)
    copier = Copier(reads)
    members: dict[str, object] = {}
    for member, rules in asked.items():
        if rules:
            what = f"{name}: {member}()"
            # Looked up at each call, in the other thread: it is the vendor's, too.
            method = functools.partial(_call, component, member)
            members[member] = _Call(method, what, rules, places, copier, around)
        else:
            members[member] = _RESULTS.copy(getattr(component, member))
    guarded = Guarded(component, name, members)
    directlyProvides(guarded, *contracts)
    return guarded


def unguarded(component: Any) -> Any:
    """The component itself. For those who look at it; calls go through its stand-in."""
    return component._component if isinstance(component, Guarded) else component  # noqa: SLF001


def _call(component: Any, method: str, argument: Any) -> Any:
    return getattr(component, method)(argument)


@functools.cache
def _members(contracts: tuple[InterfaceClass, ...]) -> dict[str, CallRules | None]:
    """What the contracts have: how a method is called, and None for an attribute."""
    rules = {name: rule for one in contracts for name, rule in CONTRACTS[one].calls.items()}
    return {member: rules.get(member) for one in contracts for member in one.names(all=True)}


class _Call:
    """One method of a guarded component."""

    __slots__ = ("_around", "_copier", "_method", "_places", "_rules", "_seconds", "_what")

    def __init__(
        self,
        method: Callable[[Any], object],
        what: str,
        rules: CallRules,
        places: Places,
        copier: Copier,
        around: Surroundings,
    ) -> None:
        self._method = method
        self._what = what
        self._rules = rules
        self._places = places
        self._copier = copier
        self._around = around
        is_work = rules.seconds == NOBODY_WAITS
        self._seconds = around.work_seconds if is_work else rules.seconds

    def __call__(self, argument: Any) -> Any:
        """The result, or why there is none.

        :raises Unavailable: the component says so
        :raises TimedOut: it is still at work; it may have an effect
        :raises TooBusy: it was not called
        :raises PluginFailed: it did what its contract does not allow
        """
        seconds = self._time_for(argument)
        given = self._copier.copy(argument)
        ended: queue.SimpleQueue[_Ended] = queue.SimpleQueue()
        self._begin(lambda place: ended.put(self._carried_out(given, place)))
        try:
            found = ended.get(timeout=seconds)
        except queue.Empty:
            raise _told(TimedOut(f"{self._what} gave no answer in {seconds:.1f} s")) from None
        if found.error is not None:
            raise found.error
        return found.value

    def _time_for(self, argument: object) -> float:
        """Seconds until the caller is answered. :raises TooBusy: there are none."""
        if not isinstance(argument, Parcel):
            return self._seconds
        left = (argument.deadline - self._around.now()).total_seconds()
        if left <= 0:
            raise _told(TooBusy(f"{self._what} was not called: the attempt's time is over"))
        return min(self._seconds, left)

    def _begin(self, work: Callable[[threading.Semaphore], None]) -> None:
        place = self._places.take()
        if place is None:
            raise _told(
                TooBusy(f"{self._what} was not called: {self._around.at_once} calls are under way")
            )
        try:
            self._around.threads.run(lambda: work(place))
        except RuntimeError:
            place.release()
            raise _told(TooBusy(f"{self._what} was not called: no thread is free")) from None

    def _carried_out(self, given: Any, place: threading.Semaphore) -> _Ended:
        """In the other thread. Raises nothing, not even for what ends a process."""
        try:
            value = _RESULTS.copy(self._method(given))
            fault = fault_of(value, self._rules)
        except BaseException as error:  # noqa: BLE001 - sys.exit of a plugin is a failed call
            return _Ended(None, self._failure(type(error)))
        finally:
            place.release()
        if fault:
            return _Ended(None, _told(PluginFailed(f"{self._what} returned {fault}")))
        return _Ended(value)

    def _failure(self, kind: type[BaseException]) -> Unavailable:
        """In our words: a plugin's own may hold whatever it was handed."""
        name = _class_name(kind)
        if issubclass(kind, Unavailable):
            return Unavailable(f"{self._what} is unavailable: {name}")
        if issubclass(kind, StoreUnavailable):
            return Unavailable(f"{self._what} needs the store: {name}")
        return _told(PluginFailed(f"{self._what} raised {name}"))


@dataclass(frozen=True, slots=True)
class _Ended:
    value: Any
    error: Unavailable | None = None


def _class_name(kind: type) -> str:
    """A class's own name. Nothing of the class is run: its metaclass may be the vendor's."""
    found: str = type.__dict__["__name__"].__get__(kind)
    return masked(found)


def _told(error: Unavailable) -> Unavailable:
    log.warning("%s", error)
    return error
