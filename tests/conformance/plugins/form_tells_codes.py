"""Fault: the citizen is told the error's code."""

from dataclasses import replace

from good_form import GoodStep, offering


class Faulty(GoodStep):
    def read(self, submitted):
        state = self.inner.read(submitted)
        return replace(state, errors=dict.fromkeys(state.errors, "invalid"))


selvbetjening_register = offering(Faulty)
