"""Which call goes wrong, and the faults that any call can have."""

from __future__ import annotations

import enum
import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import ComponentContext, ComponentStore, Setting

log = logging.getLogger(__name__)

T = TypeVar("T")

_CALLS, _FAULTS = "calls", "faults"
# Not 2: what is asked about after every failure would then fail for ever.
_OFTEN, _LONG = 3, 15


class Fault(enum.StrEnum):
    """A way to misbehave. What it means is said by each component's settings."""

    SLOW = "slow"
    DOWN = "down"
    LYING = "lying"
    DUPLICATING = "duplicating"
    OUT_OF_ORDER = "out_of_order"
    FORGETTING = "forgetting"


def fault_settings(**meanings: str) -> tuple[Setting, ...]:
    """The settings of a component that misbehaves.

    :param meanings: what each :class:`Fault` is with this component, in a few words
    """
    told = "; ".join(f'"{Fault(name)}": {meaning}' for name, meaning in meanings.items())
    return (
        Setting(
            name="fault",
            kind="text",
            help=f"What goes wrong. {told}.",
            choices=tuple(Fault(name).value for name in meanings),
        ),
        Setting(
            name="every",
            kind="number",
            help="How often: 1 for each time, 3 for every third time, and so on. "
            "The first time always goes wrong.",
            required=False,
            default=_OFTEN,
            minimum=1,
        ),
        Setting(
            name="seconds",
            kind="number",
            help='How long the answer takes when the fault is "slow".',
            required=False,
            default=_LONG,
            minimum=1,
        ),
    )


class Mischief:
    """Decides for one component which calls go wrong, and counts them."""

    def __init__(self, context: ComponentContext) -> None:
        self._name = f"{context.municipality_code}, {context.name}"
        self._fault = Fault(context.text("fault"))
        self._every = max(context.number("every") or _OFTEN, 1)
        self._seconds = context.number("seconds") or _LONG
        self._store = context.store
        self._lock = threading.Lock()

    @property
    def made(self) -> int:
        """How many faults the component has made so far."""
        return _number(self._store, _FAULTS)

    def strikes(self, fault: Fault) -> bool:
        """Does this call go wrong in this way? Counts it, if it could."""
        if fault is not self._fault:
            return False
        with self._lock:
            call = _count(self._store, _CALLS)
            if (call - 1) % self._every:
                return False
            _count(self._store, _FAULTS)
        log.warning("a fault was made on purpose (%s): %s, call %d", self._name, fault, call)
        return True

    def reached(self, call: Callable[[], T]) -> T:
        """Make ``call`` over a way that may be slow or closed.

        :raises Unavailable: it is the turn of "down"; nothing was called
        """
        if self.strikes(Fault.DOWN):
            raise Unavailable("down on purpose")
        answer = call()
        if self.strikes(Fault.SLOW):
            # It has happened; only the answer comes too late.
            time.sleep(self._seconds)
        return answer

    def doubled(self, call: Callable[[], T]) -> T:
        """As :meth:`reached`, for what has an effect: ``call`` may be made twice.

        :raises Unavailable: it is the turn of "down"; nothing was called
        """
        if self.strikes(Fault.DUPLICATING):
            call()
        return self.reached(call)


def _count(store: ComponentStore, key: str) -> int:
    number = _number(store, key) + 1
    store.put(key, str(number).encode())
    return number


def _number(store: ComponentStore, key: str) -> int:
    return int(store.get(key) or b"0")
