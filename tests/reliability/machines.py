"""``tox run -e machines``: two web processes, three workers, one PostgreSQL, and trouble.

Each worker is on a machine of its own, with its own network and its own clock. One
after the other is killed, stopped and cut off while it delivers; jobs are lost; the
engine is changed while deliveries wait.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import sqlalchemy as sa
from citizen import PEOPLE, Citizen
from clocks import ahead, clock_library
from harness import CODE, PROGRAM, Installation, Process, eventually
from machines_faults import FAULTS
from networks import Gate, Namespaces
from postgres import Postgres
from suite import Options, Result, main

from selvbetjening_core.store.tables import delivery, delivery_attempt

HERE = Path(__file__).parent
TAKEOVER_SECONDS = 30
START_MILLISECONDS = 1000
"""Where a worker is told, and does not find it by sweeping. How soon: the suite ``load``."""
LIMIT = 2
ENGINE = 'engine = "procrastinate"'
_SETTINGS = "\n[delivery]\n{engine}\nattempt_seconds = 6\nlease_seconds = {lease}\n"
_RULES = f"at_once = {LIMIT}\nfirst_wait_seconds = 1\n"
_LIMITS = f"\n[delivery.journal]\n{_RULES}[delivery.letters]\n{_RULES}"
_CLOCKS = (0, 300, -300)
_PLACES = ("journal", "letters")


@dataclass
class Machine:
    """One worker process, what it reaches the others through, and how wrong its clock is."""

    name: str
    clock: int
    prefix: tuple[str, ...]
    environment: Mapping[str, str]
    gates: Mapping[str, Gate]
    process: Process | None = None

    @property
    def is_sending(self) -> bool:
        return self.gates["journal"].open > 0

    @property
    def sent(self) -> int:
        return sum(self.gates[place].opened for place in _PLACES)

    def signal(self, number: int) -> None:
        os.killpg(self.process.pid, number)


@dataclass
class Town:
    """All of it, at work."""

    site: Installation
    options: Options
    network: Namespaces | None
    clocks: Path | None
    machines: list[Machine] = field(default_factory=list)
    webs: list[Process] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    takeovers: list[float] = field(default_factory=list)

    def start_webs(self) -> None:
        self.webs = [self.site.serve(program=self._program) for _ in range(2)]
        citizens = [Citizen(web.address, name) for web in self.webs for name in PEOPLE]
        self._citizens = itertools.cycle(citizens)

    def add_machine(self, clock: int) -> None:
        name = f"m{len(self.machines)}"
        host = self.site.host
        targets = {
            "journal": self.site.honest._server.server_address,
            "letters": self.site.letters._server.server_address,
        }
        if self.network is None:
            url = sa.make_url(self.site.database)
            targets["database"] = (url.host, url.port)
        gates = {place: Gate(host, target) for place, target in targets.items()}
        environment = {
            f"RELIABILITY_{place.upper()}": f"http://{host}:{gates[place].address[1]}"
            for place in _PLACES
        }
        if self.network is None:
            through = url.set(port=gates["database"].address[1])
            environment["RELIABILITY_DATABASE"] = str(through)
        prefix = self.network.prefix(name) if self.network else ()
        environment |= ahead(self.clocks, clock)
        self.machines.append(Machine(name, clock, prefix, environment, gates))

    def start(self, machine: Machine) -> None:
        machine.process = self.site.worker(
            prefix=machine.prefix, environment=machine.environment, program=self._program
        )

    def submit(self, count: int = 1) -> None:
        for _ in range(count):
            self.receipts.append(next(self._citizens).submit())

    def settle(self, seconds: float = 60) -> float:
        begun = time.monotonic()
        self.site.settle(seconds)
        return time.monotonic() - begun

    @property
    def _program(self) -> tuple[str, ...]:
        if not self.options.fault:
            return PROGRAM
        planted = str(HERE / "machines_faults.py")
        return (sys.executable, "-W", "ignore", planted, self.options.fault)

    def kill(self, machine: Machine) -> None:
        machine.process.kill()

    def stop(self, machine: Machine) -> None:
        machine.signal(signal.SIGSTOP)

    def cut(self, machine: Machine) -> None:
        if self.network:
            self.network.cut(machine.name)
            return
        for gate in machine.gates.values():
            gate.is_shut.set()

    def mend(self, machine: Machine) -> None:
        """Whatever was done to it."""
        if not machine.process.is_running():
            self.start(machine)
        machine.signal(signal.SIGCONT)
        if self.network:
            self.network.mend(machine.name)
        for gate in machine.gates.values():
            gate.is_shut.clear()


def run(options: Options) -> Result:
    """Everything, in order."""
    with _town(options) as town:
        figures, missed = _calm(town)
        if missed:
            return Result(figures, missed)
        troubles = (town.kill,) if options.small else (town.kill, town.stop, town.cut)
        for trouble in troubles:
            _trouble(town, trouble)
        _lose_all_jobs(town)
        if not options.small:
            _change_the_engine(town)
        town.settle()
        for machine in town.machines:
            machine.process.stop()
        balance = town.site.balance(town.receipts)
        figures |= {
            "slowest takeover (s)": round(max(town.takeovers), 1),
            "most at once": _most_at_once(town),
            **balance.figures,
        }
        missed = [
            *_too_many(town),
            *balance.faults,
            *([f"{len(town.receipts)} shown"] if balance.accepted != len(town.receipts) else []),
        ]
        return Result(figures, missed)


def _calm(town: Town) -> tuple[dict[str, object], list[str]]:
    """Nothing is wrong but the clocks: everything is sent once, at once, within the limit."""
    town.submit(town.options.many(40, 6))
    town.settle()
    milliseconds = _waits(town)
    for receiver in (town.site.honest, town.site.letters):
        receiver.faults.slow_seconds = 0.15
    # All begin at the same moment, with enough to do for all.
    for machine in town.machines:
        machine.signal(signal.SIGSTOP)
    town.submit(town.options.many(40, 8))
    for machine in town.machines:
        machine.signal(signal.SIGCONT)
    town.settle()
    tried, parked = _tried_again(town), town.site.counts().get("parked", 0)
    for receiver in (town.site.honest, town.site.letters):
        receiver.faults.slow_seconds = 0
    start = _p95(milliseconds)
    figures = {
        "network": town.network.kind if town.network else "a go-between for each machine",
        "web processes": len(town.webs),
        "workers": len(town.machines),
        "clocks apart (s)": max(_CLOCKS) - min(_CLOCKS) if town.clocks else 0,
        "commit to start p95 (ms)": start,
    }
    missed = _too_many(town)
    missed += [f"{tried} attempts too many in the calm"] if tried else []
    missed += [f"{parked} parked in the calm"] if parked else []
    # A small run shares the machine with all other tests.
    is_timed = not town.options.small or town.options.fault == "no-job-is-written"
    if is_timed and start > START_MILLISECONDS:
        missed.append(f"from commit to start p95 {start} ms")
    missed += ["the clocks agree: there is no C compiler"] if not town.clocks else []
    return figures, missed


def _trouble(town: Town, trouble: Callable[[Machine], None]) -> None:
    """A worker is lost while it sends: others finish what it began, in time."""
    town.site.honest.faults.slow_seconds = 2
    town.submit(4)
    eventually(lambda: any(one.is_sending for one in town.machines), TAKEOVER_SECONDS)
    machine = next(one for one in town.machines if one.is_sending)
    trouble(machine)
    lost = time.monotonic()
    town.site.honest.faults.slow_seconds = 0
    town.settle(TAKEOVER_SECONDS)
    town.takeovers.append(time.monotonic() - lost)
    if town.options.small:
        town.machines.remove(machine)
        return
    town.mend(machine)
    others = [one for one in town.machines if one is not machine]
    for one in others:
        one.signal(signal.SIGSTOP)
    town.submit(2)
    # It works again: there is nobody else.
    town.settle(TAKEOVER_SECONDS)
    for one in others:
        one.signal(signal.SIGCONT)


def _lose_all_jobs(town: Town) -> None:
    """Deliveries without a job are found by age."""
    for machine in town.machines:
        machine.signal(signal.SIGSTOP)
    town.submit(4)
    with psycopg.connect(town.site.database, autocommit=True) as connection:
        lost = connection.execute("DELETE FROM procrastinate.procrastinate_jobs").rowcount
    assert lost >= 4, f"there were {lost} jobs"
    for machine in town.machines:
        machine.signal(signal.SIGCONT)
    town.takeovers.append(town.settle(TAKEOVER_SECONDS))


def _change_the_engine(town: Town) -> None:
    """To the embedded engine and back, while deliveries wait and citizens come."""
    config = town.site.config
    for old, new in ((ENGINE, ""), ("\n\nattempt", f"\n{ENGINE}\nattempt")):
        for machine in town.machines:
            machine.process.stop()
        town.submit(4)
        text = config.read_text("utf-8")
        assert old in text
        config.write_text(text.replace(old, new), "utf-8")
        for machine in town.machines:
            town.start(machine)
        town.submit(2)
        town.settle(TAKEOVER_SECONDS)
        for web in town.webs:
            web.stop()
        town.start_webs()


def _too_many(town: Town) -> list[str]:
    most = _most_at_once(town)
    return [f"{most} at once at a receiver that may have {LIMIT}"] if most > LIMIT else []


def _most_at_once(town: Town) -> int:
    return max(town.site.honest.most_at_once, town.site.letters.most_at_once)


def _waits(town: Town) -> list[float]:
    """From the commit of each submission to its first attempt, by the database's clock."""
    statement = (
        sa.select(delivery.c.created_at, delivery_attempt.c.started_at)
        .join(
            delivery_attempt,
            sa.and_(
                delivery_attempt.c.municipality == delivery.c.municipality,
                delivery_attempt.c.delivery_id == delivery.c.id,
            ),
        )
        .where(delivery.c.component == "journal", delivery_attempt.c.number == 1)
    )
    return [(begun - made).total_seconds() * 1000 for made, begun in _ask(town, statement)]


def _tried_again(town: Town) -> int:
    statement = sa.select(sa.func.count()).where(delivery_attempt.c.number > 1)
    return _ask(town, statement)[0][0]


def _ask(town: Town, statement) -> list:
    with town.site.store() as store, store.transaction(CODE) as work:
        return list(work._scope.connection.execute(statement))


def _p95(values: list[float]) -> int:
    return math.ceil(sorted(values)[math.ceil(len(values) * 0.95) - 1])


@contextlib.contextmanager
def _town(options: Options) -> Iterator[Town]:
    with contextlib.ExitStack() as stack:
        network = _network(options, stack)
        host = network.host if network else "127.0.0.1"
        server = Postgres(host)
        stack.callback(server.remove)
        server.start()
        site = stack.enter_context(
            Installation(
                server.new_database(),
                settings=_SETTINGS.format(engine=ENGINE, lease=3 if options.small else 10),
                more=_LIMITS,
                host=host,
            )
        )
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        town = Town(site, options, network, clock_library(Path(folder)))
        town.start_webs()
        for clock in _CLOCKS:
            town.add_machine(clock)
            for gate in town.machines[-1].gates.values():
                stack.callback(gate.close)
        for machine in town.machines:
            town.start(machine)
        yield town


def _network(options: Options, stack: contextlib.ExitStack) -> Namespaces | None:
    """Where they can be made, and there is time for it."""
    if options.small:
        return None
    try:
        network = Namespaces()
    except OSError:
        return None
    stack.callback(network.close)
    return network


if __name__ == "__main__":
    sys.exit(
        main(
            "machines",
            run,
            FAULTS,
            title="Many machines",
            about=(
                "Two web processes and three workers on one PostgreSQL, the clocks of the workers"
                " five minutes slow, right, and five minutes fast. While it sends, one worker is"
                " killed (kill -9), one stopped (SIGSTOP) and one cut off from the network;"
                " all jobs are deleted; and the engine is changed twice while deliveries wait."
            ),
        )
    )
