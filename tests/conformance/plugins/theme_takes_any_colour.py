"""Fault: what is no colour is taken for one."""

from good_theme import GoodTheme, offering

from selvbetjening_core.values import Look


class Faulty(GoodTheme):
    def look(self, context):
        colour = context.text("colour")
        return Look(files={"look.css": f".bar {{ background: {colour}; }}\n".encode()})


selvbetjening_register = offering(Faulty())
