"""The daily digest, posted to a system of messages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from zope.interface import implementer

from acme_small.http import ask
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDigest
from selvbetjening_core.values import Setting

SETTINGS = (Setting(name="url", kind="url", help="Where the system takes messages."),)
DANISH_TIME = ZoneInfo("Europe/Copenhagen")


@implementer(IDigest)
class HttpDigest:
    def __init__(self, context):
        self._url = context.text("url")

    def send(self, digest):
        if ask("POST", f"{self._url}/messages", {"text": self.written(digest)}) is None:
            raise Unavailable("nobody takes messages there")

    def written(self, digest):
        lines = [self.line(one) for one in digest.lines] or ["Intet venter."]
        return "\n".join([digest.authority, *lines, digest.url])

    def line(self, one):
        since = f"{one.since.astimezone(DANISH_TIME):%d.%m. %H.%M}"
        return f"{one.trouble} {since} {one.receipt_number} {one.component}: {one.reason}"


@hookimpl
def selvbetjening_register(register):
    register.component(
        IDigest, HttpDigest, help="Posts the digest.", settings=SETTINGS, built_for="0.1"
    )
