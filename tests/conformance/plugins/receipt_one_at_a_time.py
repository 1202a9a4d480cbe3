"""Fault: the case is kept in the component while its receipt is made."""

import time

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def issue(self, case):
        self.case = case
        time.sleep(0.01)
        return super().issue(self.case)


selvbetjening_register = offering(Faulty)
