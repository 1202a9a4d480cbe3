"""Fault: making a component starts a thread."""

from __future__ import annotations

import threading
import time

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def __init__(self, context):
        super().__init__(context)
        threading.Thread(target=time.sleep, args=(0.5,), daemon=True).start()


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
