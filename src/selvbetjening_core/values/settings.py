"""Settings of a component: declared by the plugin, filled by a municipality."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting that a plugin understands.

    The same declaration gives validation, documentation and help texts.

    :param kind: ``text``, ``number`` (whole), ``yes_no``, ``path`` (relative to
        the installation's folder), ``url``, ``email`` or ``secret``. A secret
        is written as a reference (``env:NAME`` or ``file:PATH``), never plainly.
    :param choices: the only values allowed, for kind ``text``
    :param minimum: the smallest value allowed, for kind ``number``
    """

    name: str
    kind: str
    help: str
    required: bool = True
    default: object = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None


@dataclass(frozen=True, slots=True)
class SettingFault:
    """What is wrong with one setting, found by the plugin itself.

    :param setting: its name
    :param text: what is wrong and what to do, in a sentence or two. Never a secret
    :param is_warning: it works, and will not for long; said by ``check_settings`` alone
    """

    setting: str
    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Something a component does regularly, in one process at a time.

    The component provides ``IScheduled``.
    """

    name: str
    every: datetime.timedelta
    help: str


LONGEST_KEY = 200
LARGEST_VALUE = 64 * 1024


def check_kept(key: object, value: object, expires: datetime.datetime | None) -> None:
    """Hold what a component wants to keep to the limits of :class:`ComponentStore`.

    :raises ValueError: it is too long, no text or no bytes, or a time without a
        time zone; the sentence holds neither key nor value
    """
    if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY:
        raise ValueError(f"a key is a text of 1 to {LONGEST_KEY} characters")
    if not isinstance(value, bytes) or len(value) > LARGEST_VALUE:
        raise ValueError(f"what is kept is at most {LARGEST_VALUE} bytes")
    if expires is not None and expires.tzinfo is None:
        raise ValueError("the time when it expires needs a time zone")


class ComponentStore(Protocol):
    """What one component remembers between calls, in one municipality.

    Small and few: at most 64 kB under a key, text keys of at most 200
    characters. Kept encrypted; no other component can read it. Safe to use
    from several threads and processes.
    """

    def get(self, key: str) -> bytes | None:
        """What was kept under ``key`` and has not expired, or None."""

    def put(self, key: str, value: bytes, expires: datetime.datetime | None = None) -> None:
        """Keep ``value`` under ``key``, in place of what was there.

        :raises ValueError: a limit is not kept to; so does :meth:`add`
        """

    def add(self, key: str, value: bytes, expires: datetime.datetime | None = None) -> bool:
        """Keep ``value`` unless there is something under ``key``: then False. Atomic."""

    def remove(self, key: str) -> None:
        """Forget what is under ``key``, if anything."""


class MemoryStore:
    """A :class:`ComponentStore` that lasts as long as its process. For tests and checks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[bytes, datetime.datetime | None]] = {}

    def get(self, key: str) -> bytes | None:
        """See :class:`ComponentStore`."""
        with self._lock:
            return self._current(key)

    def put(self, key: str, value: bytes, expires: datetime.datetime | None = None) -> None:
        """See :class:`ComponentStore`."""
        check_kept(key, value, expires)
        with self._lock:
            self._kept[key] = (value, expires)

    def add(self, key: str, value: bytes, expires: datetime.datetime | None = None) -> bool:
        """See :class:`ComponentStore`."""
        check_kept(key, value, expires)
        with self._lock:
            if self._current(key) is not None:
                return False
            self._kept[key] = (value, expires)
            return True

    def remove(self, key: str) -> None:
        """See :class:`ComponentStore`."""
        with self._lock:
            self._kept.pop(key, None)

    def _current(self, key: str) -> bytes | None:
        value, expires = self._kept.get(key, (None, None))
        if expires is not None and expires <= datetime.datetime.now(tz=datetime.UTC):
            return None
        return value


@dataclass(frozen=True, slots=True)
class ComponentContext:
    """What a component is made from.

    ``settings`` holds every declared setting: checked, defaults filled in,
    secrets read, paths absolute. ``now`` is the clock (UTC, aware); a component
    asks no other, so that tests can move it. ``store`` is the component's own:
    it keeps what must outlive the process, since a module keeps nothing.
    """

    name: str
    municipality_code: str
    settings: Mapping[str, object]
    folder: Path
    now: Callable[[], datetime.datetime]
    store: ComponentStore = field(default_factory=MemoryStore, repr=False, compare=False)

    def text(self, name: str) -> str:
        """The setting ``name`` as text; empty when it was left out."""
        value = self.settings.get(name)
        return "" if value is None else str(value)

    def number(self, name: str) -> int:
        """The setting ``name`` as a whole number; 0 when it was left out."""
        value = self.settings.get(name)
        return value if isinstance(value, int) else 0
