"""Fault: groups stand in the order of the alphabet."""

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def groups(self, content):
        return sorted(content.groups, key=lambda group: group.title, reverse=False)[::-1]


selvbetjening_register = offering(Faulty)
