"""Fault: it takes parcels with attachments, and leaves the attachments behind."""

from acme_http import offer
from delivery_attaches import DECLARED, Attaching

from selvbetjening_core.interfaces import IDelivery


class Faulty(Attaching):
    def case(self, parcel):
        return {**super().case(parcel), "attachments": []}


selvbetjening_register = offer(IDelivery, Faulty, **DECLARED)
