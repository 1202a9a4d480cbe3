from __future__ import annotations

import contextlib
import datetime

from acme_small import measure as good
from acme_small.planting import component
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import hookimpl

SENT = []


class HandsOnTwice(good.HttpMeasure):
    def record(self, measurement):
        super().record(measurement)
        super().record(measurement)


class ForgetsTheScore(good.HttpMeasure):
    def written(self, one):
        return {**super().written(one), "score": 0}


class AddsTheTime(good.HttpMeasure):
    def written(self, one):
        now = datetime.datetime.now(datetime.UTC)
        return {**super().written(one), "at": now.isoformat()}


class Swallows(good.HttpMeasure):
    def record(self, measurement):
        with contextlib.suppress(Unavailable):
            super().record(measurement)


class RepeatsItself(good.HttpMeasure):
    def record(self, measurement):
        try:
            super().record(measurement)
        except Unavailable:
            super().record(measurement)


class InTheModule(good.HttpMeasure):
    def record(self, measurement):
        SENT.append(measurement)
        super().record(measurement)


FAULTS = {
    "hands-on-twice": HandsOnTwice,
    "forgets-the-score": ForgetsTheScore,
    "adds-the-time": AddsTheTime,
    "swallows": Swallows,
    "repeats-itself": RepeatsItself,
    "in-the-module": InTheModule,
}


@hookimpl
def selvbetjening_register(register):
    component(good, good.HttpMeasure, FAULTS, register)
