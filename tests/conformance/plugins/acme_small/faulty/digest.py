from __future__ import annotations

import contextlib
import dataclasses
import socket

from acme_small import digest as good
from acme_small.planting import component
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import hookimpl

SENT = []


class CutsItShort(good.HttpDigest):
    def written(self, digest):
        return super().written(dataclasses.replace(digest, lines=digest.lines[:50]))


class LeavesOutTheLink(good.HttpDigest):
    def written(self, digest):
        return super().written(dataclasses.replace(digest, url=""))


class AllTheSame(good.HttpDigest):
    def line(self, one):
        return super().line(one).replace(one.trouble, "late")


class OnlyBadNews(good.HttpDigest):
    def send(self, digest):
        if digest.lines:
            super().send(digest)


class TimeOfUtc(good.HttpDigest):
    def line(self, one):
        return f"{one.trouble} {one.since:%d.%m. %H.%M} {one.receipt_number} {one.component}"


class SaysWhere(good.HttpDigest):
    def written(self, digest):
        return f"{super().written(digest)} from {socket.gethostname()}"


class Swallows(good.HttpDigest):
    def send(self, digest):
        with contextlib.suppress(Unavailable):
            super().send(digest)


class RepeatsItself(good.HttpDigest):
    def send(self, digest):
        try:
            super().send(digest)
        except Unavailable:
            super().send(digest)


class InTheModule(good.HttpDigest):
    def send(self, digest):
        SENT.append(digest)
        super().send(digest)


FAULTS = {
    "cuts-it-short": CutsItShort,
    "leaves-out-the-link": LeavesOutTheLink,
    "all-the-same": AllTheSame,
    "only-bad-news": OnlyBadNews,
    "time-of-utc": TimeOfUtc,
    "says-where": SaysWhere,
    "swallows": Swallows,
    "repeats-itself": RepeatsItself,
    "in-the-module": InTheModule,
}


@hookimpl
def selvbetjening_register(register):
    component(good, good.HttpDigest, FAULTS, register)
