"""Fault: it recognises whatever looks like one of its own."""

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def is_own(self, content):
        return super().is_own(content) or content.count(b'<meta name="seal"') == 1


selvbetjening_register = offering(Faulty)
