"""Fault: the first municipality's look is everybody's."""

from good_theme import GoodTheme, offering


class Faulty(GoodTheme):
    def look(self, context):
        if "made" not in vars(self):
            object.__setattr__(self, "made", super().look(context))
        return self.made


selvbetjening_register = offering(Faulty())
