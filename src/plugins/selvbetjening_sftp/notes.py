"""What is noted before the last step, so that it can be told afterwards whether it was taken."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from selvbetjening_core.values import ComponentStore

# Longer than any delivery is tried, and than a receiver keeps us in doubt.
_KEPT = datetime.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Note:
    """A parcel is written whole under the temporary name of this attempt.

    :param size: of the archive, in bytes
    """

    attempt: int
    size: int
    sha256: str


class Notes:
    """Kept by the core, so that every worker on every machine reads the same. Nothing personal.

    It is written before the parcel takes its own name, and stays afterwards: without
    it, what the receiver has taken away and what was never there would look alike.
    """

    def __init__(self, store: ComponentStore, now: Callable[[], datetime.datetime]) -> None:
        self._store = store
        self._now = now

    def get(self, stem: str) -> Note | None:
        """What was noted of the parcel with this name, if anything."""
        kept = self._store.get(stem)
        return None if kept is None else Note(**json.loads(kept))

    def put(self, stem: str, note: Note) -> None:
        """Note it, in place of what an earlier attempt noted."""
        self._store.put(stem, json.dumps(asdict(note)).encode("ascii"), self._now() + _KEPT)

    def drop(self, stem: str, note: Note) -> None:
        """It was certainly not put in place. Another attempt's note is left alone."""
        if self.get(stem) == note:
            self._store.remove(stem)
