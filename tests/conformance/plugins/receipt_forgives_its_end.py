"""Fault: what stands after the end is not looked at."""

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def is_own(self, content):
        return self.seal.is_closed(content[: content.rfind(b"\n") + 1])


selvbetjening_register = offering(Faulty)
