"""Fault: making a look writes a file."""

from good_theme import GoodTheme, offering


class Faulty(GoodTheme):
    def look(self, context):
        (context.folder / "look.css").write_text("", "utf-8")
        return super().look(context)


selvbetjening_register = offering(Faulty())
