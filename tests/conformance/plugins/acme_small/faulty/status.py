from __future__ import annotations

import datetime
import logging
import time
from dataclasses import replace

from acme_small import status as good
from acme_small.planting import component
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.values import CaseState, CaseStatus


class AllReceived(good.HttpStatus):
    def status(self, request):
        return replace(super().status(request), state=CaseState.RECEIVED)


class LocalTime(good.HttpStatus):
    def status(self, request):
        found = super().status(request)
        zone = datetime.timezone(datetime.timedelta(hours=1))
        return replace(found, changed_at=found.changed_at and found.changed_at.astimezone(zone))


class UnknownIsAnError(good.HttpStatus):
    def status(self, request):
        found = super().status(request)
        if found.state is CaseState.NOT_KNOWN:
            raise Unavailable("no such case")
        return found


class LastAnswer(good.HttpStatus):
    def status(self, request):
        self._found = super().status(request)
        time.sleep(0.02)
        return self._found


class DownIsReceived(good.HttpStatus):
    def status(self, request):
        try:
            return super().status(request)
        except Unavailable:
            return CaseStatus(CaseState.RECEIVED)


class Patient(good.HttpStatus):
    def status(self, request):
        try:
            return super().status(request)
        except Unavailable:
            time.sleep(6)
            raise


class LogsTheSentence(good.HttpStatus):
    def status(self, request):
        found = super().status(request)
        logging.getLogger("acme").info("the system says %s", found)
        return found


FAULTS = {
    "all-received": AllReceived,
    "local-time": LocalTime,
    "unknown-is-an-error": UnknownIsAnError,
    "last-answer": LastAnswer,
    "down-is-received": DownIsReceived,
    "patient": Patient,
    "logs-the-sentence": LogsTheSentence,
}


@hookimpl
def selvbetjening_register(register):
    component(good, good.HttpStatus, FAULTS, register)
