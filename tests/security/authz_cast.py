"""Everybody who tries, each with cookies and a form's token, and what they try to get at."""

from __future__ import annotations

import dataclasses
import datetime
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from authz_expected import Actor, Stage
from town import AARHUS, MORS, Browser, Page, Town

from selvbetjening_core.application import utc_now
from selvbetjening_core.journey.judging import token_hash
from selvbetjening_core.values import AssuranceLevel, StaffRole

WATCHERS_TOKEN = "a word of more than sixteen letters"
_SOLUTION = "sundhedskort"
GUESTS_SOLUTION = "vejhul"
ROAD = "Nørregade ved nummer 7"
"""What the guest has answered, and nobody else may see."""
_GUESTS = (Actor.GUEST, Actor.OTHER_GUEST)
_GUEST_SOLUTIONS = Path(__file__).parents[1] / "guest_solutions"


@dataclass
class Objects:
    """What belongs to somebody, at one stage: what addresses and forms are made of."""

    fields: Mapping[str, str] = field(default_factory=dict)
    payment: str = "none"
    submission: str = "none"
    delivery: str = "none"
    receipt_number: str = ""
    solution: str = _SOLUTION
    step: str = "person"

    def matched(self, name: str) -> str:
        """What stands for a name in a route's pattern."""
        fixed = {"solution": self.solution, "step": self.step, "component": "card"}
        fixed |= {"receiver": "journal", "reason": "inaktiv", "path": "plain.css"}
        fixed |= {"rest": "ingenting", "field": "holder"}
        return fixed.get(name) or str(getattr(self, name))


@dataclass
class Cast:
    """The actors, the stages, and what each of the two owners has there."""

    town: Town
    browsers: Mapping[Actor, Browser]
    tokens: Mapping[Actor, tuple[str, str]]
    """Of the forms for citizens, and of those for staff."""
    stages: dict[Stage, sqlite3.Connection] = field(default_factory=dict)
    guest_stages: dict[Stage, sqlite3.Connection] = field(default_factory=dict)
    owned: dict[tuple[Stage, Actor], Objects] = field(default_factory=dict)
    guest_tokens: Mapping[Actor, str] = field(default_factory=dict)
    """Of the forms of the solution without login."""

    def objects(self, stage: Stage, actor: Actor) -> Objects:
        """What the actor tries to get at: the ward's case, or the citizen's."""
        is_about_ward = actor in (Actor.GUARDIAN, Actor.NO_GUARDIAN)
        return self.owned[stage, Actor.GUARDIAN if is_about_ward else Actor.OWNER]


def prepare(town: Town) -> None:
    """What the installation has beside that of the demo. Before the town is built."""
    (town.folder / "secrets").mkdir(exist_ok=True)
    (town.folder / "secrets" / "watchers").write_text(WATCHERS_TOKEN, "ascii")
    with (town.folder / "selvbetjening.toml").open("a", encoding="utf-8") as file:
        file.write('\n[web]\nmetrics_token = "file:secrets/watchers"\n')
    shutil.copytree(_GUEST_SOLUTIONS, town.folder / "own")
    config = town.folder / "selvbetjening.toml"
    shipped = '"package:selvbetjening_solutions"'
    config.write_text(config.read_text("utf-8").replace(shipped, f'{shipped}, "own"'), "utf-8")
    here = town.folder / "municipalities" / "0773.toml"
    # A ward's card is to be paid for, too, and there are pages that may be framed.
    text = here.read_text("utf-8").replace("under_15 = true", "under_15 = false")
    text += f"\n[solutions.{GUESTS_SOLUTION}]\n"
    here.write_text(f'{text}\n[framing]\nancestors = ["https://www.mors.example"]\n', "utf-8")


def make_cast(town: Town) -> Cast:
    """Log everybody in, and let the drafts of the owners come as far as they can."""
    browsers, pages = _logged_in(town)
    _add_strangers(town, browsers)
    pages |= _begun_as_guests(town, browsers)
    cast = Cast(town, browsers, {one: _tokens(browser) for one, browser in browsers.items()})
    cast.guest_tokens = {
        one: browser.get(f"/{GUESTS_SOLUTION}").token for one, browser in browsers.items()
    }
    _play_guests(cast, {one: pages[one] for one in _GUESTS})
    _play(cast, {one: pages[one] for one in (Actor.OWNER, Actor.GUARDIAN, Actor.RIVAL)})
    return cast


def _logged_in(town: Town) -> tuple[dict[Actor, Browser], dict[Actor, Page]]:
    """Those who really log in here."""
    people = {
        Actor.OWNER: "nancy_ann",
        Actor.RIVAL: "anders",
        Actor.GUARDIAN: "ruddi",
    }
    staff = {Actor.STAFF: "demo-kirsten", Actor.STAFF_WITHOUT_ROLE: "demo-jens"}
    browsers = {actor: town.browser() for actor in (*people, *staff)}
    pages = {actor: browsers[actor].log_in(who) for actor, who in people.items()}
    pages |= {actor: browsers[actor].log_in_staff(who) for actor, who in staff.items()}
    for actor, who in ((Actor.OTHER, "juliane"), (Actor.NO_GUARDIAN, "kirsten")):
        browsers[actor] = town.browser()
        pages[actor] = browsers[actor].log_in(who)
        _forget_draft(town, pages[actor].form.fields["draft"])
    return browsers, pages


def _add_strangers(town: Town, browsers: dict[Actor, Browser]) -> None:
    """Those who are not logged in here, or no longer, or not surely enough."""
    for actor in (Actor.ANONYMOUS, Actor.WATCHER):
        browsers[actor] = town.browser()
    owner = browsers[Actor.OWNER]
    browsers[Actor.LOGGED_OUT] = _copied(owner, secrets.token_urlsafe(32))
    there = town.browser(AARHUS)
    there.log_in("nancy_ann")
    browsers[Actor.CITIZEN_ELSEWHERE] = _moved(there, owner, "sessions")
    browsers[Actor.AUDITOR] = _with_role(browsers[Actor.STAFF], StaffRole.AUDITOR)
    browsers[Actor.STAFF] = _with_role(browsers[Actor.STAFF], StaffRole.OPERATOR)
    there = town.browser(AARHUS)
    there.log_in_staff("demo-lise")
    browsers[Actor.STAFF_ELSEWHERE] = _moved(there, browsers[Actor.STAFF], "staff_sessions")
    now = utc_now()
    _, session = session_of(owner, "sessions")
    low = dataclasses.replace(session.identity, level=AssuranceLevel.LOW)
    browsers[Actor.LOW] = with_session(owner, identity=low)
    hours = datetime.timedelta(hours=2)
    browsers[Actor.EXPIRED] = with_session(
        owner, created_at=now - hours, expires_at=now - hours / 2
    )


def _begun_as_guests(town: Town, browsers: dict[Actor, Browser]) -> dict[Actor, Page]:
    """Those who begin without login."""
    pages = {}
    for actor in _GUESTS:
        browsers[actor] = town.browser()
        pages[actor] = browsers[actor].send(browsers[actor].get(f"/{GUESTS_SOLUTION}").form)
    return pages


def _tokens(browser: Browser) -> tuple[str, str]:
    """What their own forms hold: a form of theirs is never refused for its token."""
    return browser.get(f"/{_SOLUTION}").token, browser.get("/-/drift/log-ind").token


def session_of(browser: Browser, kept: str) -> tuple[str, Any]:
    """The name of the browser's session cookie, and the session as it is stored."""
    with browser.town.work(browser.host) as work:
        for name, value in browser.cookies.items():
            session = getattr(work, kept).get(token_hash(value), utc_now())
            if session is not None:
                return name, session
    raise AssertionError("not logged in")


def _copied(browser: Browser, token: str, kept: str = "sessions") -> Browser:
    """The same browser with another token in its session cookie."""
    name, _ = session_of(browser, kept)
    copy = browser.town.browser(browser.host)
    copy.cookies = {**browser.cookies, name: token}
    return copy


def with_session(browser: Browser, **changed: object) -> Browser:
    """The same browser with a session of its own, stored as the browser's but for this."""
    token = secrets.token_urlsafe(32)
    _, session = session_of(browser, "sessions")
    with browser.town.work() as work:
        work.sessions.add(dataclasses.replace(session, token_hash=token_hash(token), **changed))
    return _copied(browser, token)


def _with_role(browser: Browser, role: StaffRole) -> Browser:
    """The same browser with a session of a member of staff who has this role alone."""
    token = secrets.token_urlsafe(32)
    _, session = session_of(browser, "staff_sessions")
    staff = dataclasses.replace(session.staff, roles=frozenset({role}))
    with browser.town.work() as work:
        work.staff_sessions.add(
            dataclasses.replace(session, token_hash=token_hash(token), staff=staff)
        )
    return _copied(browser, token, "staff_sessions")


def _moved(there: Browser, here: Browser, kept: str) -> Browser:
    """Cookies of the other municipality, sent to this one under its names, too."""
    name_there, _ = session_of(there, kept)
    name_here, _ = session_of(here, kept)
    moved = here.town.browser(MORS)
    moved.cookies = {**there.cookies, name_here: there.cookies[name_there]}
    return moved


def _forget_draft(town: Town, draft: str) -> None:
    """Logging in has begun one; they are to have none."""
    with closing(sqlite3.connect(town.file)) as connection, connection:
        connection.execute("delete from draft where id = ?", (draft,))


def _play(cast: Cast, pages: Mapping[Actor, Page]) -> None:
    """Every stage, kept, from the same beginning."""
    begun = _keep(cast, Stage.BEGUN, pages)
    pages = {actor: _answered(cast, actor, page, "lost") for actor, page in pages.items()}
    _keep(cast, Stage.ANSWERED, pages)
    for actor, page in pages.items():
        cast.browsers[actor].ask("POST", page.form.action, page.form.filled())
    _keep(cast, Stage.PAYING, {actor: cast.browsers[actor].get(_payment()) for actor in pages})
    cast.town.bring_back(begun)
    first = {actor: cast.browsers[actor].get(f"/{_SOLUTION}/trin/person") for actor in pages}
    for actor, page in first.items():
        if actor is not Actor.RIVAL:
            summary = _answered(cast, actor, page, "married")
            done = cast.browsers[actor].send(summary.form)
            assert "/kvittering/" in done.path, done.text
    _keep(cast, Stage.SENT, {})


def _play_guests(cast: Cast, pages: Mapping[Actor, Page]) -> None:
    """What the guest has at each stage; the others' stages are played beside it."""
    guest = cast.browsers[Actor.GUEST]
    roads = {Actor.GUEST: ROAD, Actor.OTHER_GUEST: "Søndergade 1"}
    pages = {
        one: cast.browsers[one].send(page.form, road=roads[one]) for one, page in pages.items()
    }
    begun = pages[Actor.GUEST].form
    _keep_guests(cast, Stage.BEGUN, {**begun.fields, "depth": "deep"})
    pages = {one: cast.browsers[one].send(page.form, depth="deep") for one, page in pages.items()}
    _keep_guests(cast, Stage.ANSWERED, pages[Actor.GUEST].form.fields)
    kept = cast.town.kept()
    done = guest.send(pages[Actor.GUEST].form)
    assert "/kvittering/" in done.path, done.text
    cast.browsers[Actor.OTHER_GUEST].send(pages[Actor.OTHER_GUEST].form)
    _keep_guests(cast, Stage.SENT, {})
    sent = cast.owned[Stage.SENT, Actor.GUEST]
    sent.submission = done.path.rpartition("/")[2]
    with cast.town.work() as work:
        sent.receipt_number = work.submissions.get(sent.submission).receipt_number
    cast.town.bring_back(kept)


def _keep_guests(cast: Cast, stage: Stage, fields: Mapping[str, str]) -> None:
    found = Objects(fields, solution=GUESTS_SOLUTION, step="hole")
    cast.owned[stage, Actor.GUEST] = found
    cast.guest_stages[stage] = cast.town.kept()


def _keep(cast: Cast, stage: Stage, pages: Mapping[Actor, Page]) -> sqlite3.Connection:
    for actor in (Actor.OWNER, Actor.GUARDIAN):
        fields = pages[actor].form.fields if actor in pages else {}
        cast.owned[stage, actor] = _objects(cast, actor, fields)
    cast.stages[stage] = cast.town.kept()
    return cast.stages[stage]


def _objects(cast: Cast, actor: Actor, fields: Mapping[str, str]) -> Objects:
    if "version" in fields:
        fields = {**fields, "holder": "self"}
    _, session = session_of(cast.browsers[actor], "sessions")
    with cast.town.work() as work:
        draft = work.drafts.unfinished(session.identity.cpr, _SOLUTION)
        since = utc_now() - datetime.timedelta(days=1)
        case = work.submissions.newest(session.identity.cpr, _SOLUTION, since)
        found = Objects(fields, payment=(draft.payment_id if draft else "") or "none")
        if case is None:
            return found
        deliveries = work.deliveries.of_submission(case.submission_id)
    found.submission, found.receipt_number = case.submission_id, case.receipt_number
    found.delivery = next(one.id for one in deliveries if one.component == "journal")
    return found


def _answered(cast: Cast, actor: Actor, page: Page, cause: str) -> Page:
    """From the first step to the summary. A guardian orders for the ward."""
    browser = cast.browsers[actor]
    choices = page.form.choices["holder"]
    chosen = choices[-1] if actor is Actor.GUARDIAN else choices[0]
    answers: tuple[Callable[[Page], dict[str, str]], ...] = (
        lambda _: {"holder": chosen},
        lambda _: {"cause": cause},
        lambda _: {"proof": "no"},
        lambda page: {"cancel_old_card": page.form.choices["cancel_old_card"][0]},
    )
    for answer in answers:
        page = browser.send(page.form, **answer(page))
    assert page.path.endswith("/opsummering"), (page.path, page.text)
    return page


def _payment() -> str:
    return f"/{_SOLUTION}/betaling"
