"""What happens at the commit: a sync before the answer, and commits that end in an error."""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import threading
import time
from dataclasses import dataclass, field

import strace
from citizen import Citizen, NoReceipt
from harness import CODE, Installation, Process, eventually
from kills import DYING

from selvbetjening_core.journey.doubts import IN_DOUBT, SETTLED

_CODE_SHOWN = re.compile(r"[0-9A-Z]{5}-[0-9A-Z]{5}")
_PERSONAL = ("Berggren", "2911829996", "291182")
_TOLD = {"da": "Vi ved ikke endnu", "en": "We do not know yet"}


@dataclass
class Found:
    """What was seen of commits."""

    answers: int = 0
    early: int = 0
    errors: int = 0
    arrived: int = 0
    missed: list[str] = field(default_factory=list)

    def hold(self, is_so: object, what: str) -> None:
        if not is_so:
            self.missed.append(what)


def program(plant: str) -> dict[str, object]:
    """How to start a process with a fault planted."""
    return {"program": DYING, "environment": {"PLANT": plant}} if plant else {}


def see_syncs(site: Installation, found: Found, times: int, plant: str = "") -> None:
    """SQLite: the log file is synced before the citizen is sent on to the receipt."""
    web = site.serve(**program(plant))
    citizen = Citizen(web.address)
    citizen.submit()
    for _ in range(times):
        citizen.fill_in()
        log = site.folder / "strace.log"
        with strace.attached(web.pid, log, "-e", "trace=pwrite64,fdatasync,fsync,sendto,write"):
            citizen.send()
        answers, early = strace.unsynced(strace.calls(log), "-wal", "HTTP/1.1 ")
        found.answers += answers
        found.early += early
    web.stop()
    found.hold(found.answers >= times, "no answer was seen by strace")
    found.hold(not found.early, f"{found.early} answers before their commit was synced")


def see_server_syncs(site: Installation, server: int, found: Found, times: int, plant: str) -> None:
    """PostgreSQL: the server syncs its log before it says that a commit is done."""
    log = site.folder / "strace.log"
    before = found.answers
    # Before the web: what the server starts for its connections from now on is traced.
    with strace.attached(server, log, "-e", "trace=pwrite64,fdatasync,fsync,sendto"):
        web = site.serve(**program(plant))
        citizen = Citizen(web.address)
        for _ in range(times):
            citizen.submit()
    answers, early = strace.unsynced(strace.calls(log), "pg_wal", "COMMIT")
    found.answers += answers
    found.early += early
    web.stop()
    found.hold(found.answers - before >= times, "no commit was seen by strace")
    found.hold(not early, f"{early} commits told before their log was synced")


def fail_commits(site: Installation, found: Found, times: int, plant: str = "") -> None:
    """SQLite: EIO at the sync, ENOSPC at the write; every second time the web is killed then."""
    web = site.serve(**program(plant))
    citizen = Citizen(web.address)
    citizen.submit()
    wal = site.database.removeprefix("sqlite:///") + "-wal"
    faults = (("fdatasync", "EIO"), ("pwrite64", "ENOSPC"))
    for number in range(times * len(faults)):
        call, error = faults[number % len(faults)]
        language = "en" if number % 4 > 1 else "da"
        citizen.fill_in()
        citizen.get(_summary(language))
        inject = ("-P", wal, "-e", f"trace={call}", "-e", f"inject={call}:error={error}")
        with strace.attached(web.pid, site.folder / "inject.log", *inject):
            code = _sent_in_doubt(web, citizen, found, language)
        if not code:
            break
        if number // len(faults) % 2:
            web.kill()
            web = site.serve(port=web.address[1], **program(plant))
        else:
            _settled(site, code, found)
        _looked_again(citizen, found)
    web.stop()


def cut_commits(site: Installation, cutter: Cutter, found: Found, times: int, plant: str) -> None:
    """PostgreSQL: the connection is cut at the commit, which arrives, or does not."""
    web = site.serve(**program(plant))
    citizen = Citizen(web.address)
    citizen.submit()
    for number in range(times * 2):
        citizen.fill_in()
        cutter.cut(arrives=number % 2 == 0)
        code = _sent_in_doubt(web, citizen, found, "da")
        cutter.mend()
        if not code:
            break
        _settled(site, code, found)
        _looked_again(citizen, found)
    web.stop()


def _summary(language: str) -> str:
    return f"{'' if language == 'da' else f'/{language}'}/errand/opsummering"


def _sent_in_doubt(web: Process, citizen: Citizen, found: Found, language: str) -> str:
    """Press the button while the commit fails; the code that is shown, if all is right."""
    before = len(web.told())
    citizen.post(_summary(language))
    with contextlib.suppress(NoReceipt):
        number = citizen.shown_receipt()
        found.missed.append(f"a receipt was shown though the commit failed: {number}")
        return ""
    shown = _CODE_SHOWN.search(citizen.text)
    found.hold(citizen.status == 503, f"status {citizen.status} where a commit failed")
    found.hold(_TOLD[language] in citizen.text, "the page does not say that nobody can tell")
    found.hold(shown, "the page has no code")
    found.hold("Traceback" not in citizen.text, "a traceback was shown")
    if shown is None:
        return ""
    told = web.told()[before:]
    found.hold(f"submission {shown[0]}" in told and "ERROR" in told, "the log has no such code")
    found.hold(not any(one in web.told() for one in _PERSONAL), "the log tells who it was")
    found.errors += 1
    return shown[0]


def _settled(site: Installation, code: str, found: Found) -> None:
    """Without anybody doing anything, the audit log says what became of it."""

    def told() -> list[str]:
        with site.store() as store, store.transaction(CODE) as work:
            return [line.event for line in work.audit.about(code)]

    with contextlib.suppress(AssertionError):
        eventually(lambda: SETTLED in told(), 15)
    found.hold({IN_DOUBT, SETTLED} <= set(told()), f"not settled: {code}")


def _looked_again(citizen: Citizen, found: Found) -> None:
    """The receipt, or the summary to send from; in the end one submission."""
    citizen.get("/errand/opsummering")
    try:
        citizen.shown_receipt()
        found.arrived += 1
    except NoReceipt:
        found.hold(citizen.path.endswith("/opsummering"), f"led to {citizen.path}")
        try:
            citizen.send()
        except NoReceipt as error:
            found.missed.append(f"could not be sent again: {error}")


class Cutter:
    """Between the application and PostgreSQL: cuts a connection at its commit.

    :param target: the server's address
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._mode = ""
        self._closed = False
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    def cut(self, *, arrives: bool) -> None:
        """At the next commit of a submission; told to the server, or not."""
        self._mode = "after" if arrives else "before"

    def mend(self) -> None:
        self._mode = ""

    def close(self) -> None:
        self._closed = True
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while not self._closed:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                threading.Thread(target=self._pass, args=(client, server), daemon=True).start()

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        """Whether a submission was written on it is what tells the commit to cut."""
        submits = False
        with client, server, selectors.DefaultSelector() as ready, contextlib.suppress(OSError):
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in ready.select():
                    data = key.fileobj.recv(65536)
                    if not data:
                        return
                    if key.fileobj is client:
                        submits = submits or b"INSERT INTO submission" in data
                        if submits and self._mode and b"COMMIT" in data:
                            if self._mode == "after":
                                server.sendall(data)
                                time.sleep(0.2)
                            return
                        submits = submits and b"COMMIT" not in data
                    key.data.sendall(data)
