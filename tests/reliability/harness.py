"""A real installation in a folder of its own: real processes, real network, real receivers.

::

    with Installation() as site:                     # or Installation(postgres_url)
        web = site.serve()
        site.worker()
        Citizen(web.address).submit()
        web.kill()
        site.settle()
        assert not site.balance(receipts).faults
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from receiver import CaseSystem, Journal

from selvbetjening_core.journey.records import Delivery, DeliveryState
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import open_engine
from selvbetjening_core.store.key_file import create_key_file
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import submission
from selvbetjening_demo.provider.server import ProviderServer

HERE = Path(__file__).parent
CODE = "0101"
JOURNAL, LETTERS = "journal", "letters"
PROGRAM = (sys.executable, "-W", "ignore", "-m", "selvbetjening_core.cli")
_READY_SECONDS = 30
_PLUGINS = "acme_case = acme_case\n"
_VISIBLY_WAITING = frozenset(DeliveryState) - {
    DeliveryState.DELIVERED,
    DeliveryState.PARKED,
    DeliveryState.WAIVED,
}


@dataclass
class Process:
    """One process of the application, in a process group of its own."""

    popen: subprocess.Popen
    log: Path
    address: tuple[str, int] = ("127.0.0.1", 0)

    @property
    def pid(self) -> int:
        return self.popen.pid

    def is_running(self) -> bool:
        return self.popen.poll() is None

    def kill(self) -> None:
        """kill -9, of all it has started too. Nothing where it has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def stop(self, seconds: float = 20) -> int:
        """End in order; the exit code."""
        if self.is_running():
            self.popen.terminate()
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"it did not end: {self.told()}") from None

    def told(self) -> str:
        """All it has written."""
        return self.log.read_text("utf-8", errors="replace")


@dataclass(frozen=True)
class Balance:
    """The equation: accepted = delivered + visibly waiting + parked and told.

    Of submissions and their rows in the ledger, and of what receivers say they did.
    """

    accepted: int = 0
    deliveries: int = 0
    delivered: int = 0
    waiting: int = 0
    parked: int = 0
    waived: int = 0
    lost: Sequence[str] = ()
    """Receipts that were shown and lead to nothing, or less than was promised."""
    doubled: Sequence[str] = ()
    """Keys for which a receiver did the same twice."""
    unaccounted: Sequence[str] = ()
    """Delivered by the ledger, but not at the receiver; or there, and unknown to the ledger."""

    @property
    def faults(self) -> list[str]:
        """What does not hold."""
        return [
            *(f"lost: {one}" for one in self.lost),
            *(f"doubled: {one}" for one in self.doubled),
            *(f"unaccounted: {one}" for one in self.unaccounted),
        ]

    @property
    def figures(self) -> dict[str, int]:
        """What a suite reports."""
        return {
            "accepted": self.accepted,
            "deliveries": self.deliveries,
            "delivered": self.delivered,
            "waiting": self.waiting,
            "parked": self.parked,
            "waived": self.waived,
            "lost": len(self.lost),
            "doubled": len(self.doubled),
            "unaccounted": len(self.unaccounted),
        }


def equation(
    store: SqlStore,
    accepted: Sequence[str],
    journal: Journal,
    destinations: int = 2,
    code: str = CODE,
) -> Balance:
    """Hold the ledger against what citizens were shown and what receivers took.

    :param accepted: the receipt numbers that citizens were shown
    :param destinations: how many deliveries each submission must have
    """
    kept = _kept(store, code)
    effects = journal.effects()
    rows = [row for all_rows in kept.values() for row in all_rows]
    keys = {row.key for row in rows}
    states = [row.state for row in rows]
    delivered = [row for row in rows if row.state is DeliveryState.DELIVERED]
    return Balance(
        accepted=len(kept),
        deliveries=len(rows),
        delivered=len(delivered),
        waiting=sum(state in _VISIBLY_WAITING for state in states),
        parked=states.count(DeliveryState.PARKED),
        waived=states.count(DeliveryState.WAIVED),
        lost=[number for number in dict.fromkeys(accepted) if number not in kept]
        + [number for number, found in kept.items() if len(found) != destinations],
        doubled=[key for key, count in effects.items() if count > 1],
        unaccounted=[row.key for row in delivered if not effects[row.key]]
        + [key for key in effects if key not in keys],
    )


def _kept(store: SqlStore, code: str) -> Mapping[str, Sequence[Delivery]]:
    """All rows of the ledger by receipt number: of every submission there is."""
    with store.transaction(code) as work:
        found = work._scope.connection.execute(
            sa.select(submission.c.id, submission.c.receipt_number)
            .where(submission.c.municipality == code)
            .order_by(submission.c.received_at)
        )
        return {number: work.deliveries.of_submission(one) for one, number in list(found)}


@dataclass
class Installation:
    """Everything of one site, in a temporary folder that is deleted in the end.

    :param database: the address of an empty PostgreSQL database; empty: SQLite
    :param settings: text added to ``selvbetjening.toml``, as ``[delivery]``
    :param more: text added to the municipality's file
    :param host: where processes listen and receivers are found
    """

    database: str = ""
    settings: str = "\n[delivery]\nattempt_seconds = 3\nlease_seconds = 3\n"
    more: str = ""
    host: str = "127.0.0.1"
    processes: list[Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="reliability-"))
        shutil.copytree(HERE / "site", self.folder, dirs_exist_ok=True)
        self._append("selvbetjening.toml", self.settings)
        self._append(f"municipalities/{CODE}.toml", self.more)
        self._make_secrets()
        self._make_distribution()
        self.database = self.database or f"sqlite:///{self.folder}/store.sqlite"
        self.journal = Journal(self.folder / "journal.jsonl")
        self.honest = CaseSystem(self.journal, JOURNAL, host=self.host)
        self.letters = CaseSystem(self.journal, LETTERS, honours_keys=False, host=self.host)
        secret = (self.folder / "secrets" / "provider").read_text("ascii")
        self.provider = ProviderServer(secret=secret)
        self.provider.__enter__()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.kill()
        self.provider.__exit__(None, None, None)
        self.honest.close()
        self.letters.close()
        self.journal.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def config(self) -> Path:
        return self.folder / "selvbetjening.toml"

    @property
    def environment(self) -> dict[str, str]:
        """Of every process; see the files in ``site``."""
        path = [str(self.folder / "distributions"), str(HERE / "plugins")]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([*path, os.environ.get("PYTHONPATH", "")]),
            "PYTHONUNBUFFERED": "1",
            "RELIABILITY_DATABASE": self.database,
            "RELIABILITY_PROVIDER": self.provider.url,
            "RELIABILITY_JOURNAL": self.honest.url,
            "RELIABILITY_LETTERS": self.letters.url,
        }

    def serve(
        self,
        *arguments: str,
        worker: bool = False,
        port: int = 0,
        prefix: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        program: Sequence[str] = PROGRAM,
        host: str = "",
    ) -> Process:
        """Start ``selvbetjening serve``; returns when it answers.

        :param prefix: a command in front of it, as ``ip netns exec a`` or ``strace``
        """
        host = host or self.host
        port = port or free_port(host)
        more = () if worker else ("--no-worker",)
        command = [*prefix, *program, "serve", "--config", str(self.config)]
        # Nobody serves plain http but to its own machine; the citizens here do not mind.
        more += () if host.startswith("127.") else ("--https",)
        command += ["--host", host, "--port", str(port), *more, *arguments]
        process = self._start(command, environment, (host, port))
        self._await(process, lambda: _answers(process.address))
        return process

    def worker(
        self,
        *arguments: str,
        prefix: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        program: Sequence[str] = PROGRAM,
    ) -> Process:
        """Start ``selvbetjening worker``; returns when it says that it delivers."""
        command = [*prefix, *program, "worker", "--config", str(self.config), *arguments]
        process = self._start(command, environment, (self.host, 0))
        self._await(process, lambda: "delivering" in process.told())
        return process

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command of ``selvbetjening``, to its end."""
        return subprocess.run(
            [*PROGRAM, *arguments, "--config", str(self.config)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @contextlib.contextmanager
    def store(self):
        """The store, opened beside the running processes."""
        keys = KeyRing.from_file(self.folder / "secrets" / "keys.json")
        store = SqlStore(open_engine(self.database), keys)
        try:
            yield store
        finally:
            store.close()

    def balance(self, accepted: Sequence[str]) -> Balance:
        """See :func:`equation`."""
        with self.store() as store:
            return equation(store, accepted, self.journal)

    def counts(self) -> Mapping[str, int]:
        """How many rows of the ledger are in each state."""
        with self.store() as store, store.transaction(CODE) as work:
            return dict(work.deliveries.count_by_state())

    def settle(self, seconds: float = 60) -> None:
        """Wait until nothing is on its way any more. A worker must be running."""
        eventually(lambda: not _VISIBLY_WAITING & set(self.counts()), seconds)

    def _start(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None,
        address: tuple[str, int],
    ) -> Process:
        log = self.folder / f"process-{len(self.processes)}.log"
        with log.open("wb") as out:
            popen = subprocess.Popen(
                command,
                env=self.environment | dict(environment or {}),
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(Process(popen, log, address))
        return self.processes[-1]

    def _await(self, process: Process, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not is_ready():
            if process.popen.poll() == -signal.SIGKILL:
                # It was to die, and did so before anybody saw that it was ready.
                return
            assert process.is_running(), f"it ended: {process.told()}"
            assert time.monotonic() < deadline, f"it is not ready: {process.told()}"
            time.sleep(0.02)

    def _append(self, name: str, text: str) -> None:
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def _make_secrets(self) -> None:
        folder = self.folder / "secrets"
        folder.mkdir(mode=0o700)
        for name in ("provider", "seal"):
            (folder / name).touch(mode=0o600)
            (folder / name).write_text(secrets.token_urlsafe(32), "ascii")
        create_key_file(folder / "keys.json")

    def _make_distribution(self) -> None:
        """The plugins of the tests, as pip would install them."""
        info = self.folder / "distributions" / "acme_case-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-case\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[selvbetjening.plugins]\n{_PLUGINS}")


def eventually(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait until ``condition`` is true. :raises AssertionError: it takes longer"""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def free_port(host: str = "127.0.0.1") -> int:
    with socket.create_server((host, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _answers(address: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(address, timeout=1):
            return True
    except OSError:
        return False
