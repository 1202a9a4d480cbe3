"""Fault: long answers are cut to what fits."""

from __future__ import annotations

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def escaped(self, text):
        return super().escaped(text[:12_000])


selvbetjening_register = offering(Faulty)
