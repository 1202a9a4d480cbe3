from __future__ import annotations

import datetime
import http.client
import http.server
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import pytest

from selvbetjening_core.testing import cases
from selvbetjening_core.values import ComponentContext
from selvbetjening_demo.provider.server import ProviderServer

NOON = datetime.datetime(2026, 11, 22, 13, 5, tzinfo=datetime.UTC)


@pytest.fixture(scope="session")
def running_provider():
    with ProviderServer(late_seconds=0.2, retry_seconds=0.05) as provider:
        yield provider


@pytest.fixture
def provider(running_provider):
    yield running_provider
    running_provider.control(down=False, slow=0, wrong_amount=False, claims={}, forget=True)


@pytest.fixture
def make_context(tmp_path):
    def make(now=lambda: datetime.datetime.now(datetime.UTC), **settings):
        return ComponentContext(
            name="component",
            municipality_code="0773",
            settings=settings,
            folder=tmp_path,
            now=now,
        )

    return make


@pytest.fixture
def case():
    return cases.a_case(received_at=NOON)


@dataclass(frozen=True)
class Page:
    status: int
    location: str
    text: str
    headers: Mapping[str, str]


@pytest.fixture
def visit():
    """A browser without a memory: one request, no redirects followed."""

    def request(url, form=None):
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        try:
            connection.request(
                "GET" if form is None else "POST",
                f"{parts.path}?{parts.query}",
                None if form is None else urlencode(form),
                {} if form is None else {"Content-Type": "application/x-www-form-urlencoded"},
            )
            response = connection.getresponse()
            text = response.read().decode()
            return Page(
                response.status, response.headers.get("Location", ""), text, response.headers
            )
        finally:
            connection.close()

    return request


class Receiver:
    """Any outside server: keeps what is posted to it, answers as told."""

    def __init__(self):
        self.received = []
        self.answers = []
        self.body = b""
        self._arrived = threading.Condition()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with receiver._arrived:
                    receiver.received.append((headers, body))
                    status = receiver.answers.pop(0) if receiver.answers else 200
                    receiver._arrived.notify_all()
                self.send_response(status)
                self.end_headers()
                self.wfile.write(receiver.body)

            def log_message(self, *arguments):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/messages/card"

    def wait_for(self, count, seconds=20.0):
        with self._arrived:
            enough = self._arrived.wait_for(lambda: len(self.received) >= count, seconds)
        assert enough, f"only {len(self.received)} of {count} messages came"
        return self.received

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver
