"""Fault: what was sent for a hidden field is taken."""

from dataclasses import replace

from good_form import GoodStep, offering


class Faulty(GoodStep):
    def read(self, submitted):
        state = self.inner.read(submitted)
        sent = dict(submitted.pairs)
        more = {"proof": sent["proof"] == "yes"} if "proof" in sent else {}
        return replace(state, values={**more, **state.values})


selvbetjening_register = offering(Faulty)
