"""Every check on every page: findings are gathered, so that one look tells them all."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from walking.axe import axe_findings
from walking.fit import overflow_findings, target_findings
from walking.watch import Watch

if TYPE_CHECKING:
    from playwright.sync_api import Page


@dataclass
class Figures:
    """What was looked at in a whole run, and what was found."""

    walks: int = 0
    pages: set[str] = field(default_factory=set)
    states: int = 0
    axe_violations: int = 0
    fit_findings: int = 0
    foreign_requests: int = 0
    policy_violations: int = 0
    console_errors: int = 0

    def as_data(self) -> dict[str, int]:
        """As counts. axe looks whenever anything does."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**found, "pages": len(self.pages), "axe_runs": self.states}

    def heard(self, watch: Watch) -> None:
        """Add what a window's browser had to say."""
        self.foreign_requests += len(watch.foreign)
        self.policy_violations += len(watch.blocked)
        self.console_errors += len(list(watch.complained()))


@dataclass
class Examiner:
    """Looks at pages with one browser window's ears open.

    :param axe: the source of axe-core
    """

    axe: str
    watch: Watch
    figures: Figures
    found: dict[str, list[str]] = field(default_factory=dict)
    """The states in which each finding was made."""

    def look_at(self, page: Page, state: str) -> None:
        """All checks of a page as it is shown now."""
        axe = axe_findings(page, self.axe)
        fit = [*overflow_findings(page), *target_findings(page)]
        for one in (*axe, *fit):
            self.found.setdefault(one, []).append(state)
        self.figures.pages.add(state)
        self.figures.states += 1
        self.figures.axe_violations += len(axe)
        self.figures.fit_findings += len(fit)

    def expect_nothing(self) -> None:
        """Nothing was found on any page looked at, and the browser had no complaint.

        :raises AssertionError: something was; all of it is told
        """
        said = list(dict.fromkeys(self.watch.findings()))
        self.figures.heard(self.watch)
        self.figures.walks += 1
        seen = [f"{what}\n    on {', '.join(states)}" for what, states in self.found.items()]
        everything = [*seen, *said]
        assert not everything, "\n".join(["", *everything])
