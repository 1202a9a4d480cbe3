"""How the demo's components talk to the provider."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import ComponentContext, Setting
from selvbetjening_demo.transport import NoAnswer, send

SETTINGS = (
    Setting(name="provider", kind="url", help="Address of the demo provider."),
    Setting(name="secret", kind="secret", help="The secret shared with the demo provider."),
    Setting(
        name="timeout",
        kind="number",
        help="How many seconds to wait for the provider.",
        required=False,
        default=10,
        minimum=1,
    ),
)

_OK, _UNKNOWN = 200, 404


class Connection:
    """The provider's interface for municipalities, over HTTP."""

    def __init__(self, context: ComponentContext) -> None:
        self.url = context.text("provider").rstrip("/")
        self.secret = context.text("secret")
        self._timeout = context.number("timeout") or 10

    def ask(self, path: str) -> dict[str, Any] | None:
        """GET ``path``; None where the provider does not know what was asked for.

        :raises Unavailable: no answer, or not a proper one
        """
        return self._exchange("GET", path, None)

    def post(self, path: str, data: Mapping[str, object]) -> dict[str, Any] | None:
        """POST ``data`` to ``path``; answers and errors as in :meth:`ask`."""
        return self._exchange("POST", path, json.dumps(data).encode())

    def _exchange(self, method: str, path: str, body: bytes | None) -> dict[str, Any] | None:
        headers = {
            "Authorization": f"Bearer {self.secret}",
            "Content-Type": "application/json",
        }
        try:
            answer = send(
                method, self.url + path, body=body, headers=headers, timeout=self._timeout
            )
        except NoAnswer as error:
            raise Unavailable(f"the demo provider did not answer: {error}") from None
        if answer.status == _UNKNOWN:
            return None
        if answer.status != _OK:
            raise Unavailable(f"the demo provider answered {answer.status}")
        return _object(answer.body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise Unavailable("the demo provider's answer cannot be read")
    return data
