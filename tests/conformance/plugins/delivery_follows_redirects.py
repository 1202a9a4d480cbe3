"""Fault: it sends on to wherever the receiver says."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request

from acme_http import Failed, offer, read
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def post(self, parcel, timeout):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/cases?key={parcel.key}",
            json.dumps(self.case(parcel)).encode(),
            {"Authorization": self.token, "Idempotency-Key": parcel.key},
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310 - the fault
                return answer.status, read(answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, None
        except OSError as error:
            refused = isinstance(getattr(error, "reason", None), ConnectionRefusedError)
            raise Failed(sent=not refused) from None
        except http.client.HTTPException:
            raise Failed(sent=True) from None


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
