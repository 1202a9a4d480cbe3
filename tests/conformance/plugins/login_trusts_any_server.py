"""Fault: no certificate is checked: "it did not work in the test environment"."""

from __future__ import annotations

import http.client
import ssl

import acme_patience
from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    def connection(self, parts):
        if parts.scheme == "http":
            return super().connection(parts)
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=acme_patience.seconds(), context=trusting
        )


selvbetjening_register = offering(Faulty)
