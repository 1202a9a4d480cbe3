"""Fault: a time stamp is asked for at a server."""

import contextlib
import socket

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def issue(self, case):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", 1), timeout=1).close()
        return super().issue(case)


selvbetjening_register = offering(Faulty)
