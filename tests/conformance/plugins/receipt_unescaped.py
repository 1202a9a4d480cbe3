"""Fault: answers are markup."""

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def escaped(self, text):
        return text.encode("utf-8", "replace").decode()


selvbetjening_register = offering(Faulty)
