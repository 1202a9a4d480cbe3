"""Acme, as small as it can be: what the conformance kit runs the plugin against.

It keeps its promises; whatever goes wrong on the way is done by the kit. Change
it along with ``statistics.py``, and let it do what Acme really does.
"""

from __future__ import annotations

from selvbetjening_core.testing.counterpart import Asked, Counterpart, Given

TOKEN = "let me in"


class AcmeCounterpart(Counterpart):
    """Keeps every measurement as raw as it came."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[bytes] = []

    def handle(self, asked: Asked) -> Given:
        """One request to Acme's interface."""
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Given(401)
        if (asked.method, asked.path) != ("POST", "/measurements"):
            return Given(404)
        self.taken.append(asked.body)
        return Given(201, b"{}", {"Content-Type": "application/json"})
