"""Fault: half a character stops it."""

from html import escape

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def escaped(self, text):
        return escape(text)


selvbetjening_register = offering(Faulty)
