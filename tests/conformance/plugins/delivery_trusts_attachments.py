"""Fault: it sends what it reads, whether or not it is the file that the citizen sent."""

from acme_http import offer
from delivery_attaches import DECLARED, Attaching

from selvbetjening_core.interfaces import IDelivery


class Faulty(Attaching):
    def content(self, attachment):
        with attachment.open() as file:
            return file.read()


selvbetjening_register = offer(IDelivery, Faulty, **DECLARED)
