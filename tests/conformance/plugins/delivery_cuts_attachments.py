"""Fault: of an attachment it sends what the first read gives."""

from acme_http import offer
from delivery_attaches import DECLARED, Attaching

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import read_attachment


class Faulty(Attaching):
    def content(self, attachment):
        return [*read_attachment(attachment), b""][0]


selvbetjening_register = offer(IDelivery, Faulty, **DECLARED)
