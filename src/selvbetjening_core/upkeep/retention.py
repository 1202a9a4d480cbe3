"""Removing what is kept too long, in small steps."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import astuple, dataclass, field

from selvbetjening_core.composition.retention_settings import RetentionSettings
from selvbetjening_core.definitions.model import Retention, Solution
from selvbetjening_core.journey.ports import Seen, Store, UnitOfWork
from selvbetjening_core.journey.records import OldDraft, OldSubmission, RetentionLimit
from selvbetjening_core.upkeep.erase_list import EraseList
from selvbetjening_core.upkeep.limits import Limits

AT_ONCE = 100
"""How many submissions, drafts or lines a transaction looks at."""
_PAUSE_SECONDS = 0.01
_LOGS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Removed:
    """How many of each were removed, or would be."""

    submissions: int = 0
    drafts: int = 0
    payments: int = 0
    audit_lines: int = 0
    counters: int = 0

    def __add__(self, other: Removed) -> Removed:
        """Both together."""
        return Removed(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        return (
            f"{self.submissions} submissions, {self.drafts} drafts, {self.payments} payments,"
            f" {self.audit_lines} audit lines, {self.counters} counters"
        )


@dataclass(slots=True)
class Budget:
    """How long a run may go on; what it does not get to is left for the next one."""

    seconds: float = float("inf")
    stop: threading.Event = field(default_factory=threading.Event)
    is_spent: bool = False
    _began: float = field(default_factory=time.monotonic)

    def goes_on(self) -> bool:
        """Is there time for another step? Lets others have the database in between."""
        is_over = self.stop.wait(_PAUSE_SECONDS)
        self.is_spent = is_over or time.monotonic() - self._began > self.seconds
        return not self.is_spent


class Cleaning:
    """One run in one municipality.

    A submission goes once all its deliveries have been delivered or waived, the
    limit has passed since the last of them, and its payment is settled; with it
    go its deliveries, their attempts and its draft. Safe to run on several
    machines at the same time.

    :param offered: the solutions that are offered now
    :param erase_list: where what is erased is written down first
    """

    def __init__(
        self,
        store: Store,
        municipality: str,
        offered: Collection[Solution],
        settings: RetentionSettings,
        erase_list: EraseList,
    ) -> None:
        self._store = store
        self._code = municipality
        self._offered = offered
        self._settings = settings
        self._erase_list = erase_list

    def look(self) -> Removed:
        """What would be removed now. Changes nothing. Logs are not counted."""
        return self._records(Budget(), is_dry=True)

    def remove(self, budget: Budget | None = None, by: str = "") -> Removed:
        """Remove it, and write in the audit log how many there were.

        :param by: who has it done, where it is a person
        :raises EraseListError: what is erased cannot be written down; it is kept
        :raises StoreUnavailable: the database cannot be used
        """
        budget = budget or Budget()
        self._note()
        removed = self._records(budget, is_dry=False) + self._logs(budget)
        with self._store.transaction(self._code) as work:
            now = work.now()
            work.retention.erase_run_out(now)
            work.audit.add("retention", "retention", now, str(removed), actor=by)
        return removed

    def _note(self) -> None:
        with self._store.transaction(self._code) as work:
            today = work.now().date()
            for one in self._offered:
                said = one.retention
                work.retention.note(
                    RetentionLimit(
                        one.name, one.sha256, said.draft_days, said.delivered_days, today
                    )
                )

    def _records(self, budget: Budget, *, is_dry: bool) -> Removed:
        with self._store.transaction(self._code) as work:
            limits = Limits.of(self._offered, work.retention.limits(), self._settings)
            solutions = work.retention.solutions()
        removed = Removed()
        for solution in solutions:
            for step in (_Submissions, _Drafts):
                one = step(solution, limits, None if is_dry else self._erase_list)
                removed += sum(self._each(one, budget), Removed())
        return removed

    def _each(self, step: _Submissions | _Drafts, budget: Budget) -> Iterator[Removed]:
        seen: Seen | None = None
        is_more = True
        while is_more and budget.goes_on():
            with self._store.transaction(self._code) as work:
                removed, seen = step.take(work, seen)
            is_more = seen is not None
            yield removed

    def _logs(self, budget: Budget) -> Removed:
        with self._store.transaction(self._code) as work:
            now = work.now()
            counters = work.retention.erase_counts(_days_before(now, self._settings.count_days))
        lines_before = now - datetime.timedelta(days=self._settings.audit_days)
        years = self._settings.payment_years
        books_before = datetime.datetime(now.year - years, 1, 1, tzinfo=datetime.UTC)

        def lines(work: UnitOfWork) -> int:
            return work.retention.erase_audit(lines_before, work.now(), _LOGS_AT_ONCE)

        def payments(work: UnitOfWork) -> int:
            return work.retention.erase_settled_payments(books_before, _LOGS_AT_ONCE)

        return Removed(
            payments=self._all(payments, budget),
            audit_lines=self._all(lines, budget),
            counters=counters,
        )

    def _all(self, some: Callable[[UnitOfWork], int], budget: Budget) -> int:
        count, found = 0, _LOGS_AT_ONCE
        while found >= _LOGS_AT_ONCE and budget.goes_on():
            with self._store.transaction(self._code) as work:
                found = some(work)
            count += found
        return count


@dataclass(frozen=True, slots=True)
class _Submissions:
    """The submissions of one solution. Without a list, nothing is erased."""

    solution: str
    limits: Limits
    erase_list: EraseList | None

    def take(self, work: UnitOfWork, seen: Seen | None) -> tuple[Removed, Seen | None]:
        """Look at some; how many were over, and where to go on (None: there are no more)."""
        now = work.now()
        fewest = self.limits.shortest(self.solution, _delivered)
        old = work.retention.old_submissions(
            self.solution, now - datetime.timedelta(days=fewest), seen, AT_ONCE
        )
        over = [one for one in old if self._is_over(one, now)]
        if over and self.erase_list is not None:
            self.erase_list.add(
                work.municipality,
                submissions=[one.id for one in over],
                drafts=[one.draft_id for one in over],
                today=now.date(),
            )
            work.retention.erase_submissions(over)
        return Removed(submissions=len(over)), _last(old, lambda one: one.received_at)

    def _is_over(self, one: OldSubmission, now: datetime.datetime) -> bool:
        if one.ended_at is None or one.is_open:
            return False
        days = self.limits.delivered_days(self.solution, one.definition_sha256)
        return one.ended_at <= now - datetime.timedelta(days=days)


@dataclass(frozen=True, slots=True)
class _Drafts:
    """The drafts of one solution. Without a list, nothing is erased."""

    solution: str
    limits: Limits
    erase_list: EraseList | None

    def take(self, work: UnitOfWork, seen: Seen | None) -> tuple[Removed, Seen | None]:
        """Look at some; how many were over, and where to go on (None: there are no more)."""
        now = work.now()
        before = now - datetime.timedelta(days=self.limits.shortest(self.solution, _draft))
        old = work.retention.old_drafts(self.solution, before, seen, AT_ONCE)
        over = [one for one in old if self._is_over(one, now)]
        if over and self.erase_list is not None:
            ids = [one.id for one in over]
            self.erase_list.add(work.municipality, drafts=ids, today=now.date())
            work.retention.erase_drafts(ids, before)
        return Removed(drafts=len(over)), _last(old, lambda one: one.updated_at)

    def _is_over(self, one: OldDraft, now: datetime.datetime) -> bool:
        days = self.limits.draft_days(self.solution, one.definition_sha256)
        is_kept = one.is_open or one.is_submitted
        return not is_kept and one.updated_at <= now - datetime.timedelta(days=days)


def _last(
    rows: Sequence[OldDraft] | Sequence[OldSubmission], at: Callable[..., datetime.datetime]
) -> Seen | None:
    return (at(rows[-1]), rows[-1].id) if len(rows) == AT_ONCE else None


def _days_before(now: datetime.datetime, days: int) -> datetime.date:
    return (now - datetime.timedelta(days=days)).date()


def _draft(said: Retention) -> int:
    return said.draft_days


def _delivered(said: Retention) -> int:
    return said.delivered_days
