"""How a case stands, asked of a system over HTTP."""

from __future__ import annotations

import datetime
from urllib.parse import urlencode

from zope.interface import implementer

from acme_small.http import ask
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IStatus
from selvbetjening_core.values import CaseState, CaseStatus, Setting

SETTINGS = (Setting(name="url", kind="url", help="Where the system answers."),)


@implementer(IStatus)
class HttpStatus:
    def __init__(self, context):
        self._url = context.text("url")

    def status(self, request):
        query = urlencode({"key": request.key, "reference": request.remote_reference})
        data = ask("GET", f"{self._url}/cases?{query}")
        if data is None:
            return CaseStatus(CaseState.NOT_KNOWN)
        try:
            changed = data["changed_at"]
            moment = datetime.datetime.fromisoformat(changed) if changed else None
            return CaseStatus(CaseState(data["state"]), data["text"], moment)
        except (KeyError, TypeError, ValueError):
            raise Unavailable("the answer cannot be read") from None


@hookimpl
def selvbetjening_register(register):
    register.component(
        IStatus, HttpStatus, help="Asks a system.", settings=SETTINGS, built_for="0.1"
    )
