"""Fault: what somebody typed is shown to the next who has typed nothing."""

from dataclasses import replace

from good_form import GoodStep, offering


class Faulty(GoodStep):
    kept = None

    def render(self, state):
        if state.typed:
            self.kept = state.typed
        return self.inner.render(replace(state, typed=self.kept or state.typed))


selvbetjening_register = offering(Faulty)
