"""How the provider is to misbehave, set by tests and by the demo's narrator."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "down": bool,
    "slow": (int, float),
    "wrong_amount": bool,
    "claims": dict,
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the provider answers.

    :param down: answer 503 to everything but the control addresses
    :param slow: wait so many seconds before every answer
    :param wrong_amount: report every payment as 1 krone less than it is
    :param claims: claims to sign instead of the right ones; None leaves one out
    """

    down: bool = False
    slow: float = 0.0
    wrong_amount: bool = False
    claims: Mapping[str, str | None] = field(default_factory=dict)


class BehaviourBox:
    """Holds the behaviour of the moment. Thread safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._behaviour = Behaviour()

    @property
    def current(self) -> Behaviour:
        """The behaviour of the moment."""
        return self._behaviour

    def change(self, wanted: Mapping[str, Any]) -> Behaviour:
        """Change what is named in ``wanted``; the rest stays.

        :raises ValueError: an unknown name or a value of the wrong type
        """
        for name, value in wanted.items():
            if name not in _KINDS or not isinstance(value, _KINDS[name]):
                raise ValueError(f"not a behaviour, or not a value for it: {name}")
        with self._lock:
            self._behaviour = replace(self._behaviour, **wanted)
            return self._behaviour
