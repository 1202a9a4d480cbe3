"""Fault: a fact is taken from what was sent."""

from dataclasses import replace

from good_form import GoodStep, offering


class Faulty(GoodStep):
    def read(self, submitted):
        sent = {k: int(v) for k, v in submitted.pairs if "." in k and v.isascii() and v.isdigit()}
        ages = {name: value for name, value in sent.items() if name.endswith("age")}
        return self.inner.read(replace(submitted, facts={**submitted.facts, **ages}))


selvbetjening_register = offering(Faulty)
