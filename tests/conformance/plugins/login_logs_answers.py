"""Fault: what the provider said is logged, for debugging."""

import logging

from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    def claims(self, data):
        logging.getLogger(__name__).debug("the provider said %s", data)
        return super().claims(data)


selvbetjening_register = offering(Faulty)
