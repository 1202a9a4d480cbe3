"""A town with one citizen logged in, and what must hold after each request."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import fuzz_oracle as oracle
import hypothesis
from authz_cast import session_of
from town import Browser, Form, Page, Town

from selvbetjening_core.composition.limits import ANONYMOUS, RATES

SOLUTION = "sundhedskort"
_STORED = ("draft", "submission", "payment", "delivery", "web_session", "staff_session", "receiver")
_SERVER_ERROR = 500


def generating(examples: int, **more: Any) -> hypothesis.settings:
    """How hypothesis is to work: nothing is kept, nothing made small, one finding is enough."""
    return hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(hypothesis.HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
        **more,
    )


@dataclass
class World:
    """The town, its browsers, and how the drafts stood at the beginning of each try."""

    town: Town
    citizen: Browser
    staff: Browser
    begun: sqlite3.Connection
    answered: sqlite3.Connection
    summary: Form
    staff_token: str
    version: str
    requests: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    accepted: int = 0
    submitted: int = 0
    found: list[str] = field(default_factory=list)
    """What must not be, in words."""

    def judge(self, page: Page, what: str) -> None:
        """Find an answer of a program that failed."""
        self.requests += 1
        self.statuses[page.status] = self.statuses.get(page.status, 0) + 1
        if page.status >= _SERVER_ERROR or "Traceback" in page.text:
            self.found.append(f"{what}: {page.status}")

    def draft(self) -> Any:
        """The citizen's unfinished draft, or None."""
        with self.town.work() as work:
            return work.drafts.unfinished(self.cpr, SOLUTION)

    def judge_answers(self, answers: Mapping[str, object]) -> None:
        """Find an answer that is kept and that nobody may give."""
        self.accepted += 1
        wrong = oracle.wrong(answers)
        if wrong:
            self.found.append(f"accepted: {', '.join(f'{one}={answers[one]!r}' for one in wrong)}")

    def judge_submissions(
        self, known: set[str], answers: Mapping[str, object], pressed_pay: int
    ) -> None:
        """Find, among the submissions that are new, what is incomplete or not paid."""
        for row in self.town.rows("submission")["submission"]:
            if row[1] not in known:
                known.add(row[1])
                self.submitted += 1
                self._judge_submission(row[1], answers, pressed_pay)

    def _judge_submission(
        self, submission: str, answers: Mapping[str, object], pressed_pay: int
    ) -> None:
        with self.town.work() as work:
            case = work.submissions.get(submission)
        self.judge_answers(answers)
        lacks = oracle.missing(answers)
        if lacks:
            self.found.append(f"submitted without {', '.join(lacks)}")
        if [group.step for group in case.groups] != oracle.steps_of(answers):
            self.found.append("submitted with a step skipped")
        if case.payment.amount.ore != oracle.fee(answers):
            self.found.append(
                f"submitted for {case.payment.amount.ore} instead of {oracle.fee(answers)}"
            )
        if case.payment.amount.ore and not pressed_pay:
            self.found.append("submitted without being paid")

    @property
    def cpr(self) -> Any:
        """Whose drafts they are."""
        return self.identity.cpr

    def __post_init__(self) -> None:
        _, session = session_of(self.citizen, "sessions")
        self.identity = session.identity
        self.answers = dict(self.draft().answers)
        self.cookies = {"citizen": dict(self.citizen.cookies), "staff": dict(self.staff.cookies)}

    def restart(self, kept: sqlite3.Connection) -> None:
        """As it was: the drafts, and who is logged in."""
        self.town.bring_back(kept)
        self.citizen.cookies = dict(self.cookies["citizen"])
        self.staff.cookies = dict(self.cookies["staff"])

    def stored(self) -> Mapping[str, list[Any]]:
        """Everything a request could have changed."""
        return self.town.rows(*_STORED)


def make_world(town: Town) -> World:
    """Log in, and answer all there is to answer, for a card that is to be paid for."""
    citizen, staff = town.browser(), town.browser()
    token = staff.log_in_staff("demo-kirsten").token
    page = citizen.log_in("kirsten")
    begun, version = town.kept(), page.form.fields["version"]
    for answer in ({"holder": "self"}, {"cause": "lost"}, {"proof": "no"}):
        page = citizen.send(page.form, **answer)
    page = citizen.send(page.form, cancel_old_card=page.form.choices["cancel_old_card"][0])
    assert page.path.endswith("/opsummering"), page.text
    return World(town, citizen, staff, begun, town.kept(), page.form, token, version)


def without_rates(town: Town) -> None:
    """Nothing is held because there is much of it: that is another item's. For a town."""
    with (town.folder / "selvbetjening.toml").open("a", encoding="utf-8") as file:
        for kind in RATES:
            person = "" if kind in ANONYMOUS else "person = 0\n"
            file.write(f"\n[limits.{kind}]\naddress = 0\nmunicipality = 0\n{person}")
