"""Fault: a document that is no text raises."""

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def is_own(self, content):
        if not content.startswith(b"<"):
            content.decode("ascii")
        return super().is_own(content)


selvbetjening_register = offering(Faulty)
