"""Fault: what was typed becomes markup."""

from dataclasses import replace
from html import unescape

from good_form import GoodStep, offering


class Faulty(GoodStep):
    def render(self, state):
        rendered = self.inner.render(state)
        return replace(rendered, html=unescape(rendered.html))


selvbetjening_register = offering(Faulty)
