"""Citizens who send all the time, and processes that are killed meanwhile."""

from __future__ import annotations

import contextlib
import http.client
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from citizen import PEOPLE, Citizen, NoReceipt
from harness import Installation, Process, free_port

DYING = (sys.executable, "-W", "ignore", str(Path(__file__).with_name("dying.py")))
_BROKEN = (OSError, http.client.HTTPException)
_STEP_SECONDS = 90
_PLANTED_SECONDS = 15
_PAUSE_SECONDS = 0.15


@dataclass
class Traffic:
    """Citizens who fill in and send, whatever happens to the server.

    Where the answer to the button is lost, they do what people do: look again, and
    press again. ``receipts`` are all that were shown to them.
    """

    address: tuple[str, int]
    citizens: int = 3
    receipts: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    """Pages that were no receipt and no step: of a server that was going down."""

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._live, args=(person,), daemon=True)
            for person in PEOPLE[: self.citizens]
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _live(self, person: str) -> None:
        citizen = Citizen(self.address, person, seconds=15)
        while not self._stop.is_set():
            # What is sent has to be delivered in the end: no more than is needed.
            self._stop.wait(_PAUSE_SECONDS)
            try:
                self._once(citizen)
            except _BROKEN:
                time.sleep(0.05)
            except AssertionError as error:
                # An error page; what is wrong in the end is told by the equation.
                self.pages.append(str(error)[:200])
                time.sleep(0.05)
                citizen.is_logged_in = citizen.is_logged_in and citizen.status != 403

    def _once(self, citizen: Citizen) -> None:
        citizen.fill_in()
        while not self._stop.is_set():
            try:
                self.receipts.append(citizen.send())
            except _BROKEN:
                time.sleep(0.05)
                if self._has_looked(citizen):
                    return
            else:
                return

    def _has_looked(self, citizen: Citizen) -> bool:
        """Look whether it arrived. False: press the button of the page at hand again."""
        try:
            citizen.get("/errand/opsummering")
            self.receipts.append(citizen.shown_receipt())
        except _BROKEN:
            return False
        except NoReceipt:
            return not citizen.path.endswith("/opsummering")
        return True


@dataclass
class Lives:
    """One process after the other, each killed: the web, or a worker.

    :param start: starts the process, given a program and an environment
    """

    start: Callable[[Sequence[str], Mapping[str, str]], Process]
    seed: int
    plant: str = ""
    kills: int = 0
    at_steps: int = 0
    unreached: list[str] = field(default_factory=list)
    is_over: bool = False
    last: Process | None = None

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - chance, not a secret

    def at_step(self, step: str, nth: int) -> None:
        """A life that ends where it comes to ``step`` for the n-th time."""
        process = self.born(DIE_AT=step, DIE_NTH=str(nth))
        # With a fault planted it may be that nobody ever comes there.
        deadline = time.monotonic() + (_PLANTED_SECONDS if self.plant else _STEP_SECONDS)
        while process.is_running() and time.monotonic() < deadline:
            time.sleep(0.01)
        if process.is_running():
            self.unreached.append(f"{step} for the {nth}. time")
        else:
            self.at_steps += 1
        process.kill()
        self.kills += 1

    def at_random(self) -> None:
        """A life that ends at any moment."""
        process = self.born()
        time.sleep(self._random.uniform(0.0, 0.6))
        process.kill()
        self.kills += 1

    def live_on(self) -> None:
        """A life that nothing ends, unless one goes on already."""
        if self.last is None or not self.last.is_running():
            self.last = self.born()

    def born(self, **environment: str) -> Process:
        """The next life, with the planted fault if there is one."""
        if self.plant:
            environment["PLANT"] = self.plant
        program = DYING if environment else ()
        return self.start(program, environment)


@contextlib.contextmanager
def at_once(*tasks: Callable[[], None]) -> Iterator[None]:
    """Run each in a thread; the first error of any is raised at the end."""
    errors: list[BaseException] = []

    def guarded(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:  # noqa: BLE001 - raised by the one who waits
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(task,), daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]


class Site:
    """An installation under traffic, with a web process at one address for good."""

    def __init__(self, installation: Installation, seed: int, plant: str = "") -> None:
        self.installation = installation
        self.port = free_port()
        self.traffic = Traffic(("127.0.0.1", self.port))
        self.web = Lives(self.start_web, seed, plant)
        self.worker = Lives(self.start_worker, seed + 1, plant)

    def start_web(
        self, program: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> Process:
        more = {"program": program} if program else {}
        return self.installation.serve(port=self.port, environment=environment, **more)

    def start_worker(
        self, program: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> Process:
        more = {"program": program} if program else {}
        return self.installation.worker(environment=environment, **more)

    def end(self, seconds: float) -> None:
        """Let the citizens come to an end at a server that lives, and wait for all to settle.

        What has not settled by then is told by the equation: it is still waiting.
        """
        self.live_on()
        time.sleep(0.5)
        self.traffic.stop()
        with contextlib.suppress(AssertionError):
            self.installation.settle(seconds)
        self.web.last.stop()
        self.worker.last.stop()

    def live_on(self) -> None:
        """Both processes, until something kills them."""
        self.web.live_on()
        self.worker.live_on()

    def die(self) -> None:
        """Both at once."""
        for process in (self.worker.last, self.web.last):
            process.popen.kill()
        for process in (self.worker.last, self.web.last):
            process.kill()
