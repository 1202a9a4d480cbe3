"""Fault: a name that is there twice raises."""

from good_form import GoodStep, offering


class Faulty(GoodStep):
    def read(self, submitted):
        names = [name for name, _ in submitted.pairs]
        if len(names) > 100:
            raise ValueError("too many")
        return self.inner.read(submitted)


selvbetjening_register = offering(Faulty)
