"""Showing and answering a step, for a request that is ordinary in every way."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any

from pyramid.registry import Registry

from selvbetjening_core.interfaces import ICompiledStep
from selvbetjening_core.journey.context import day_of
from selvbetjening_core.journey.drafts import save_answers, with_answers
from selvbetjening_core.journey.judging import token_hash
from selvbetjening_core.journey.progress import Progress, progress_of
from selvbetjening_core.journey.records import WebSession
from selvbetjening_core.journey.visits import Prolonged
from selvbetjening_core.values import FormState, Submitted
from selvbetjening_core.values.personal import Personal
from selvbetjening_core.web.csrf import CSRF_FIELD, is_from_us, is_token
from selvbetjening_core.web.draft import opened, used_now
from selvbetjening_core.web.front.answers import Answer
from selvbetjening_core.web.front.pages import Pages, Shown
from selvbetjening_core.web.front.places import GET, Place, Places
from selvbetjening_core.web.front.reading import Pairs, sent_form, sent_token
from selvbetjening_core.web.headers import new_nonce
from selvbetjening_core.web.limits.sizes import header_size
from selvbetjening_core.web.nobody import without_choice
from selvbetjening_core.web.policy import is_sure_enough
from selvbetjening_core.web.session_time import time_left
from selvbetjening_core.web.sessions import is_over, prolonged_until
from selvbetjening_core.web.step_page import following, form_problem, is_plain, times_saved


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class AtStep(Personal):
    """A citizen at a step that may be answered now. Personal data: the draft.

    :param session: as it is when this request is answered
    :param prolonged: what has to be written down of that; None: nothing
    """

    place: Place
    session: WebSession
    prolonged: Prolonged | None
    progress: Progress
    now: datetime.datetime

    @property
    def today(self) -> datetime.date:
        """The date in Denmark."""
        return day_of(self.now)


class Steps:
    """Answers what it can. Holds nobody's data; safe to share between threads."""

    def __init__(self, registry: Registry) -> None:
        self._looks = registry.looks
        self._sizes = registry.site.composition.plan.installation.limits.sizes
        self._places = Places(registry)
        self._pages = Pages()

    def answer(self, environ: dict[str, Any]) -> Answer | None:
        """The answer; None: it is for the router, and nothing was done."""
        place = self._places.find(environ)
        if place is None or header_size(environ) > self._sizes.header_bytes:
            return None
        if place.looks_up and place.method != GET:
            return None
        form = () if place.method == GET else sent_form(environ, self._sizes)
        token = sent_token(environ, place.cookie)
        at = _at_step(place, token) if token and form is not None else None
        if at is None or form is None:
            return None
        if place.method == GET:
            return self._shown(at, _state_of(at))
        return self._answered(at, form) if _is_ordinary(environ, dict(form), at) else None

    def _answered(self, at: AtStep, form: Pairs) -> Answer | None:
        place, progress = at.place, at.progress
        draft, step = progress.draft, place.step
        state = self._compiled(place).read(Submitted(form, at.today, progress.facts, draft.answers))
        if state.errors:
            return self._shown(at, state)
        values = {**state.set_aside, **state.values}
        # Where it leads is found out first: nothing may fail once it is saved.
        expected = with_answers(draft, step, values)
        after = progress_of(place.context, expected, step.name)
        onward = place.onward_to(following(after, step, returns=place.returns))
        seen = times_saved(progress, step)
        save_answers(place.context, draft, step, values, seen, at.prolonged, expected)
        return onward

    def _shown(self, at: AtStep, state: FormState) -> Answer | None:
        place, progress = at.place, at.progress
        if place.asks_for_people and without_choice(progress, place.step, at.today):
            return None
        rendered = self._compiled(place).render(state)
        left = time_left(at.session, at.now, place.locale)
        nonce = new_nonce()
        html = self._pages.html(Shown(place, progress, rendered, at.session, left, nonce))
        if html is None:
            return None
        _write_down(at)
        return place.headers.answer(html, nonce)

    def _compiled(self, place: Place) -> ICompiledStep:
        found: ICompiledStep = self._looks.step(
            place.context.municipality, place.offered.solution, place.step, place.locale
        )
        return found


def _at_step(place: Place, token: str) -> AtStep | None:
    """The citizen with their draft; None where they may not see the step, or not yet."""
    context = place.context
    now = context.now()
    visit = context.store.visit(context.code, token_hash(token), place.offered.solution.name, now)
    session, draft = visit.session, visit.draft
    if session is None or draft is None or is_over(session, now):
        return None
    if not is_sure_enough(session.identity, place.level):
        # The router tells them to log in again.
        return None
    used = used_now(draft, session.identity, place.locale)
    progress = opened(context, used, place.step.name)
    step = progress.step(place.step.name)
    if step is None or not progress.reachable(step):
        return None
    until = prolonged_until(session, now)
    if until is None:
        return AtStep(place, session, None, progress, now)
    prolonged = Prolonged(session.token_hash, until)
    return AtStep(place, dataclasses.replace(session, expires_at=until), prolonged, progress, now)


def _write_down(at: AtStep) -> None:
    """Let the session last longer: somebody has just done something."""
    if at.prolonged is not None:
        context = at.place.context
        with context.store.transaction(context.code) as work:
            work.sessions.prolong(at.prolonged.token_hash, at.prolonged.expires_at)


def _is_ordinary(environ: Mapping[str, Any], sent: Mapping[str, str], at: AtStep) -> bool:
    """Is the form ours, and for this draft as it is now?"""
    progress = at.progress
    return (
        _is_ours(environ, sent, at)
        and not form_problem(sent, progress)
        and is_plain(sent, progress, at.place.step)
    )


def _is_ours(environ: Mapping[str, Any], sent: Mapping[str, str], at: AtStep) -> bool:
    """Was the form made by us, for this browser, as it is logged in now?"""
    is_meant = is_token(sent.get(CSRF_FIELD, ""), at.session.csrf_token)
    return is_meant and is_from_us(environ, at.place.host_url)


def _state_of(at: AtStep) -> FormState:
    """The step with the answers so far."""
    progress = at.progress
    return FormState(values=progress.draft.answers, facts=progress.facts, today=at.today)
