"""The list of what was erased, outside the database, so that no backup brings it back.

A line for each submission or draft: the kommunekode, which of the two, and its
id, which points to nobody once it is erased. A file for each month in a folder
of its own, only ever added to; old months are removed whole.
"""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from selvbetjening_core.errors import SelvbetjeningError
from selvbetjening_core.files.appending import append_durably
from selvbetjening_core.journey.ports import Store

log = logging.getLogger(__name__)

_LINE = re.compile(r"([0-9]{4}) (draft|submission) (\S+)", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})\.txt", re.ASCII)
_AT_ONCE = 5000


class EraseListError(SelvbetjeningError):
    """The list of what was erased cannot be read or written: nothing is erased, nobody served."""

    code = "erase-list"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased in one municipality, by id."""

    submissions: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)


class EraseList:
    """The list in one folder. Several processes may add to it at the same time.

    :param folder: outside the database, and outside its backups
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(
        self,
        municipality: str,
        *,
        submissions: Collection[str] = (),
        drafts: Collection[str] = (),
        today: datetime.date,
    ) -> None:
        """Write down what is about to be erased, durably. Call it before the commit.

        What is listed and was not erased after all was to be erased anyway.

        :raises EraseListError: it could not be written
        """
        lines = [f"{municipality} submission {one}" for one in submissions]
        lines += [f"{municipality} draft {one}" for one in drafts]
        # The first newline ends a line that a crash cut off.
        text = "".join(f"\n{line}" for line in lines) + "\n"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            append_durably(self._folder / f"{today:%Y-%m}.txt", text.encode("ascii"))
        except OSError as error:
            raise EraseListError(_told(self._folder, "written", error)) from None

    def read(self) -> dict[str, Erased]:
        """All that is on it, by municipality. Empty where there is no list yet.

        :raises EraseListError: it cannot be read
        """
        found: dict[str, Erased] = {}
        for municipality, what, one in self._lines():
            erased = found.setdefault(municipality, Erased())
            (erased.submissions if what == "submission" else erased.drafts).append(one)
        return found

    def forget(self, before: datetime.date) -> None:
        """Remove the months that ended before: no backup is as old.

        :raises EraseListError: one cannot be removed
        """
        try:
            for path, month in self._months():
                if (month + datetime.timedelta(days=31)).replace(day=1) <= before:
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise EraseListError(_told(self._folder, "shortened", error)) from None

    def _lines(self) -> Iterator[tuple[str, str, str]]:
        try:
            for path, _ in self._months():
                with path.open(encoding="ascii", errors="replace") as file:
                    for line in file:
                        match = _LINE.fullmatch(line.rstrip("\n"))
                        if match:
                            yield match[1], match[2], match[3]
        except OSError as error:
            raise EraseListError(_told(self._folder, "read", error)) from None

    def _months(self) -> Iterator[tuple[Path, datetime.date]]:
        try:
            paths = sorted(self._folder.iterdir())
        except FileNotFoundError:
            return
        for path in paths:
            match = _MONTH.fullmatch(path.name)
            if match and 1 <= int(match[2]) <= 12:
                yield path, datetime.date(int(match[1]), int(match[2]), 1)


def erase_again(store: Store, erase_list: EraseList) -> int:
    """Erase what is on the list and in the database all the same; how many there were.

    For the start, before anybody is served: a backup that was put back brings
    back what was erased after it was made. Repeatable.

    :raises EraseListError: the list cannot be read
    """
    return sum(
        _erase_again(store, municipality, erased)
        for municipality, erased in erase_list.read().items()
    )


def _erase_again(store: Store, municipality: str, erased: Erased) -> int:
    count = 0
    longest = max(len(erased.submissions), len(erased.drafts))
    for start in range(0, longest, _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        with store.transaction(municipality) as work:
            found = work.retention.erase_again(erased.submissions[part], erased.drafts[part])
            if found:
                work.audit.add("erased-again", "retention", work.now(), f"{found} records")
        count += found
    if count:
        log.warning("%s in %s were in the database again, and were erased", count, municipality)
    return count


def _told(folder: Path, what: str, error: OSError) -> str:
    return f"the erase list in {folder} cannot be {what}: {error.strerror}"
