"""A form component that shows the page afresh when a button is pressed."""

from __future__ import annotations

from good_form import GoodStep, offering

from selvbetjening_core.values import FormState


class Forgetful(GoodStep):
    def press(self, submitted, button):
        return FormState(facts=submitted.facts, today=submitted.today)


selvbetjening_register = offering(Forgetful)
