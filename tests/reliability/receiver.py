"""A case system on the network, and a journal of what it took that nothing else can change."""

from __future__ import annotations

import collections
import http.server
import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

EFFECT = "effect"


class Journal:
    """Lines in a file outside all databases: added, never changed.

    Several receivers may share one. Lines are of a key (ours, of the delivery) and
    say ``asked``, ``effect`` (a case was made: this is what must not happen twice)
    or whatever else a suite wants to remember.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.Lock()
        self._opened = file.open("a", encoding="utf-8")

    def add(self, what: str, key: str, **more: object) -> None:
        line = json.dumps({"at": time.time(), "what": what, "key": key, **more})
        with self._lock:
            self._opened.write(f"{line}\n")
            self._opened.flush()

    def lines(self, what: str = "") -> list[dict]:
        found = map(json.loads, self.file.read_text("utf-8").splitlines())
        return [line for line in found if not what or line["what"] == what]

    def effects(self) -> collections.Counter[str]:
        """How many cases were made for each key."""
        return collections.Counter(line["key"] for line in self.lines(EFFECT))

    def close(self) -> None:
        self._opened.close()


@dataclass
class Faults:
    """What goes wrong at a receiver from now on. Counts go down by one at each."""

    slow_seconds: float = 0.0
    down: bool = False
    """503, and nothing happens."""
    drop_after: int = 0
    """So many acts whose answer is never sent."""
    errors_after: int = 0
    """So many acts that are answered with 500."""
    wrong_key: int = 0
    """So many acts that are answered with somebody else's key."""
    pending: bool = False
    """Taken, and said later: see :meth:`CaseSystem.tell`."""


@dataclass
class CaseSystem:
    """Takes parcels of the plugin ``acme_case``. Starts at once; see ``url``.

    :param honours_keys: the same key twice is the same case; else each is another
    """

    journal: Journal
    name: str
    honours_keys: bool = True
    host: str = "127.0.0.1"
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._cases: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._server = http.server.ThreadingHTTPServer((self.host, 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.daemon = True
        self._thread.start()
        self.at_once = 0
        self.most_at_once = 0

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, key: str, receipt: str) -> tuple[int, dict] | None:
        """One parcel; what to answer, or None for nothing."""
        self.journal.add("asked", key, receiver=self.name, receipt=receipt)
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            time.sleep(self.faults.slow_seconds)
            return self._taken(key, receipt)
        finally:
            with self._lock:
                self.at_once -= 1

    def found(self, key: str) -> tuple[int, dict]:
        with self._lock:
            case = self._cases.get(key)
        return (404, {}) if case is None else (200, self._answer(key, case))

    def _taken(self, key: str, receipt: str) -> tuple[int, dict] | None:
        if self.faults.down:
            return 503, {}
        with self._lock:
            case = self._cases.get(key) if self.honours_keys else None
            if case is None:
                case = self._cases[key] = f"{self.name}-{next(self._numbers)}"
                self.journal.add(EFFECT, key, receiver=self.name, receipt=receipt, case=case)
            if self._uses("drop_after"):
                return None
            if self._uses("errors_after"):
                return 500, {}
            if self._uses("wrong_key"):
                return 200, self._answer("somebody-elses", case)
            return 200, self._answer(key, case)

    def _uses(self, fault: str) -> bool:
        left = getattr(self.faults, fault)
        setattr(self.faults, fault, max(left - 1, 0))
        return left > 0

    def _answer(self, key: str, case: str) -> dict:
        state = "pending" if self.faults.pending else "delivered"
        return {"key": key, "case": case, "state": state}


def _handler(system: CaseSystem) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_POST(self):
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                # Whoever sent it was killed on the way: nothing has come.
                self.close_connection = True
                return
            told = json.loads(body)
            self._give(system.take(told["key"], told["receipt"]))

        def do_GET(self):
            self._give(system.found(urlsplit(self.path).path.rpartition("/")[2]))

        def _give(self, answer):
            if answer is None:
                self.close_connection = True
                return
            status, data = answer
            body = json.dumps(data).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                # Whoever asked was killed meanwhile.
                self.close_connection = True

        def log_message(self, *_):
            pass

    return Handler
