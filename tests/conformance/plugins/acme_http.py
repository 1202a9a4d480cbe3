"""How the plugins of these tests talk to their counterparts."""

from __future__ import annotations

import http.client
import json

import acme_patience

from selvbetjening_core.hooks import hookimpl


class Failed(Exception):
    """``sent``: the request may have arrived."""

    def __init__(self, *, sent):
        super().__init__("failed")
        self.sent = sent


def exchange(method, port, path, data=None, headers=None, timeout=None):
    """Status and JSON object. :raises Failed: there is none"""
    timeout = timeout or acme_patience.seconds()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        try:
            connection.connect()
        except OSError:
            raise Failed(sent=False) from None
        try:
            body = None if data is None else json.dumps(data)
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, read(response.read())
        except (OSError, http.client.HTTPException):
            raise Failed(sent=True) from None
    finally:
        connection.close()


def read(body):
    """The JSON object in ``body``; None if there is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def offer(contract, kind, **more):
    """A registration hook that offers ``kind``."""
    declared = {"help": "For tests.", "built_for": "0.1", **more}

    @hookimpl
    def selvbetjening_register(register):
        register.component(contract, kind, **declared)

    return selvbetjening_register
