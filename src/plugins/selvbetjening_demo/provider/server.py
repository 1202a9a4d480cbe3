"""The provider on a loopback port: for tests, and for the demo's own process."""

from __future__ import annotations

import datetime
import json
import logging
import secrets
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import waitress
from waitress import wasyncore

from selvbetjening_demo.provider.app import ProviderSettings, make_provider
from selvbetjening_demo.provider.background import Background
from selvbetjening_demo.transport import Answer, send

_THREADS = 8


class ProviderControl:
    """Talks to the control addresses of a provider that runs somewhere."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.secret = secret

    def control(self, **behaviour: Any) -> None:
        """Set behaviours; those that are not named stay.

        ``down``, ``slow`` (seconds), ``wrong_amount``, ``claims`` (a mapping of
        wrong claims; None leaves one out), and ``forget``, which happens once.

        :raises ValueError: the provider did not understand
        """
        answer = self._ask("POST", "/control", json.dumps(behaviour).encode())
        if answer.status != 200:
            raise ValueError(f"the provider answered {answer.status}")

    def messages(self) -> list[dict[str, Any]]:
        """The messages it sent: ``payment``, ``key``, ``status``, ``url``, ``answers``."""
        found: list[dict[str, Any]] = json.loads(self._ask("GET", "/sent").body)["messages"]
        return found

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        return send(
            method,
            self.url + path,
            body=body,
            headers={"Authorization": f"Bearer {self.secret}"},
        )


class ProviderServer(ProviderControl):
    """The provider in a thread of this process, on a free port of its own.

    ::

        with ProviderServer(late_seconds=0.2) as provider:
            ...  # provider.url, provider.secret
            provider.control(down=True)
            provider.messages()

    The secret is made anew unless one is given.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        secret: str | None = None,
        late_seconds: float = 8.0,
        retry_seconds: float = 0.2,
        now: Callable[[], datetime.datetime] | None = None,
    ) -> None:
        settings = ProviderSettings(
            secret=secret or secrets.token_urlsafe(32),
            late_seconds=late_seconds,
            retry_seconds=retry_seconds,
            **({} if now is None else {"now": now}),
        )
        self._background = Background()
        self._sockets: dict[int, Any] = {}
        self._server = make_server(make_provider(settings, self._background), port, self._sockets)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        super().__init__(f"http://127.0.0.1:{self._server.effective_port}", settings.secret)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._background.close()
        stop_server(self._server, self._thread, self._sockets)


def stop_server(server: Any, thread: threading.Thread, sockets: dict[int, Any]) -> None:
    """End a server of :func:`make_server` that runs in a thread of this process.

    Its thread ends when it has no sockets left. They are closed only after that:
    closed by the thread, they could be gone while this very call still writes to one.
    """
    held: dict[int, Any] = {}

    def let_go() -> None:
        held.update(sockets)
        sockets.clear()

    server.trigger.pull_trigger(let_go)
    thread.join()
    server.task_dispatcher.shutdown()
    wasyncore.close_all(held)


def make_server(app: Any, port: int, sockets: dict[int, Any] | None = None) -> Any:
    """A waitress server on loopback; port 0 takes a free one.

    :param sockets: a mapping that the server keeps its open sockets in
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return waitress.create_server(
        app,
        map=sockets,
        host="127.0.0.1",
        port=port,
        threads=_THREADS,
        clear_untrusted_proxy_headers=True,
    )
