"""A citizen who does anything, in any order: a state machine of hypothesis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import hypothesis
from fuzz_world import SOLUTION, World, generating
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from town import Form, Page

STEPS = ("person", "reason", "card", "doctor", "sending", "consent")
_PAGES = (
    f"/{SOLUTION}",
    *(f"/{SOLUTION}/trin/{step}" for step in STEPS),
    *(f"/{SOLUTION}/trin/{step}?ret" for step in STEPS),
    f"/{SOLUTION}/opsummering",
    f"/{SOLUTION}/betaling",
    f"/{SOLUTION}/sendt",
    f"/en/{SOLUTION}/opsummering",
    "/",
)
_FIELDS = ("holder", "cause", "card_age", "doctor", "proof", "email", "cancel_old_card", "address")
_HIDDEN = ("draft", "version", "seen", "seen_ore", "csrf_token", "action", "again")
_GOOD = {
    "holder": ("self", "child-1", "child-2", "child-4"),
    "cause": ("lost", "damaged", "new_doctor", "married", "moved"),
    "card_age": ("under_4_years", "4_years_or_more"),
    "doctor": ("Lægerne på Torvet",),
    "proof": ("yes", "no"),
    "email": ("", "kirsten@example.dk"),
}
_ODD = ("", "0", "-1", "1e9", "child-3", "child-9", "true", "on", "self ", "lost\x00", "æ" * 300)
_MOST_WINDOWS = 12
_values = st.one_of(
    st.sampled_from(_ODD),
    st.sampled_from([value for values in _GOOD.values() for value in values]),
    st.text(max_size=40),
)


def walk(world: World, *, walks: int, steps: int, seed: int) -> None:
    """So many walks of so many steps each."""
    settings = generating(walks, stateful_step_count=steps)

    class Citizen(Journey):
        def __init__(self) -> None:
            super().__init__(world)

    run_state_machine_as_test(hypothesis.seed(seed)(Citizen), settings=settings)


class Journey(RuleBasedStateMachine):
    """One walk, from a draft that was just begun. Forms that were seen can be sent again."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.browser = world, world.citizen
        world.restart(world.begun)
        self.windows: list[Form] = []
        self.known: set[str] = set()
        self.answers: Mapping[str, object] = {}
        self.provider_url = ""
        self.pressed_pay = 0
        self.token = ""
        self._look(f"/{SOLUTION}/trin/person")

    @rule(choice=st.integers(0, 9))
    def go_on(self, choice: int) -> None:
        """As one does who means it."""
        self._go_on(choice)

    @rule(choice=st.integers(0, 9))
    def and_on(self, choice: int) -> None:
        """The same: most who come mean it."""
        self._go_on(choice)

    @rule(choice=st.integers(0, 9), times=st.integers(4, 9))
    def all_the_way(self, choice: int, times: int) -> None:
        """Several pages, one after the other."""
        for _ in range(times):
            self._go_on(choice)

    @rule(page=st.sampled_from(_PAGES))
    def look(self, page: str) -> None:
        """A page out of its order, typed in or bookmarked."""
        self._look(page)

    @rule(
        window=st.integers(0, _MOST_WINDOWS), name=st.sampled_from(_FIELDS + _HIDDEN), value=_values
    )
    def changed_form(self, window: int, name: str, value: str) -> None:
        """A form of any window, of now or before, with a field changed."""
        form = self._window(window)
        self._send(form.action, {**form.fields, name: value})

    @rule(window=st.integers(0, _MOST_WINDOWS), name=st.sampled_from(_FIELDS + _HIDDEN))
    def form_without(self, window: int, name: str) -> None:
        """The same with a field left out."""
        form = self._window(window)
        self._send(form.action, {key: v for key, v in form.fields.items() if key != name})

    @rule(step=st.sampled_from(STEPS), name=st.sampled_from(_FIELDS), value=_values)
    def forged_step(self, step: str, name: str, value: str) -> None:
        """Straight to a step, with the right hidden fields."""
        self._send(f"/{SOLUTION}/trin/{step}", {**self._own_fields(), name: value})

    @rule(ore=st.sampled_from(("0", "22500", "100", "-22500", "", "0.0")), window=st.integers(0, 9))
    def forged_summary(self, ore: str, window: int) -> None:
        """Straight to the button, at a price of one's own."""
        seen = self._window(window).fields.get("seen", "x" * 32)
        fields = {**self._own_fields(), "seen": seen, "seen_ore": ore}
        self._send(f"/{SOLUTION}/opsummering", fields)

    @rule(action=st.sampled_from(("pay", "cancel", "decline", "")), comes_back=st.integers(0, 1))
    def at_the_provider(self, action: str, comes_back: int) -> None:
        """A button of the payment page, or none; then back, or not."""
        if not self.provider_url:
            return
        if action:
            self.pressed_pay += action == "pay"
            back = self.browser.pay(self.provider_url, action)
            if comes_back and back:
                self._look(f"/{back.split('/', 3)[3]}")
        draft = self.world.draft()
        if draft is not None and draft.payment_id:
            self._look(f"/-/payment/{draft.payment_id}")

    @rule()
    def log_out(self) -> None:
        """In between."""
        self._send("/-/log-af", {"csrf_token": self.token})

    @rule()
    def log_in(self) -> None:
        """Once more, in the same browser."""
        self._saw(self.browser.log_in("kirsten"), "log in")

    @invariant()
    def nothing_is_wrong(self) -> None:
        """What is kept may be kept; what is submitted is complete and paid."""
        self.world.judge_submissions(self.known, self.answers, self.pressed_pay)
        draft = self.world.draft()
        if draft is not None:
            self.answers = dict(draft.answers)
            self.world.judge_answers(self.answers)

    def _go_on(self, choice: int) -> None:
        start = self._look(f"/{SOLUTION}")
        if not start.forms:
            return
        page = self._send(start.form.action, {**start.form.fields, "again": "1"})
        if page.forms and page.status == 200:
            form = page.forms[choice % len(page.forms)]
            self._send(form.action, _filled(form, choice))

    def _look(self, path: str) -> Page:
        return self._saw(self.browser.get(path), f"GET {path}")

    def _send(self, action: str, fields: Mapping[str, str]) -> Page:
        before = self.world.draft()
        self.answers = dict(before.answers) if before is not None else self.answers
        page = self.browser.ask("POST", action, [*fields.items()])
        if page.status == 303 and page.location.startswith(self.world.town.provider.url):
            self.provider_url = page.location
            return self._saw(page, f"POST {action}")
        return self._saw(self.browser.follow(page), f"POST {action}")

    def _saw(self, page: Page, what: str) -> Page:
        self.world.judge(page, what)
        self.windows = [*page.forms, *self.windows][:_MOST_WINDOWS]
        self.token = page.token or self.token
        self.world.judge_submissions(self.known, self.answers, self.pressed_pay)
        return page

    def _window(self, number: int) -> Form:
        return self.windows[number % len(self.windows)] if self.windows else Form("/")

    def _own_fields(self) -> dict[str, Any]:
        """What a form of now would hold: the token, the draft, the version."""
        draft = self.world.draft()
        fields = {"csrf_token": self.token}
        if draft is not None:
            fields |= {"draft": draft.id, "version": draft.definition_version}
        return fields


def _filled(form: Form, choice: int) -> dict[str, str]:
    """A form with good answers; which, is left to chance."""
    fields = dict(form.fields)
    for name, values in form.choices.items():
        offered = [one for one in _GOOD.get(name, values) if one in values] or values
        fields[name] = offered[choice % len(offered)]
    for name in ("doctor", "email"):
        if name in fields:
            fields[name] = _GOOD[name][choice % len(_GOOD[name])]
    return fields
