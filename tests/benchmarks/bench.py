"""What a step of a form costs: against the frameworks that a developer would pick.

Run by ``tox run -e bench``. Equal work is checked first; all take turns, in processes of
their own, called without a network.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import suite
from answering import fields, growth, instructions, ours
from answering.bounds import Bounds
from answering.checked import Checked, differences
from answering.faults import FAULTS, FOUND_BY, pull_up
from answering.frame import Frame
from answering.protections import PROTECTIONS
from answering.rounds import Ratio, Rounds, measured
from answering.starting import Start, starts
from answering.worker import GET, OURS, POST, REFUSED, WORKS, Wanted, Worker

PEERS = ("fastapi", "flask", "deform", "django")
FLOOR = "floor"
DKFDS = "ours in dkfds"
# Must and goal: how often what we spend goes into what they spend (issue of the forms).
GET_BOUNDS = {"fastapi": (5, 8), "flask": (20, 35), "deform": (20, 35), "django": (60, 100)}
POST_BOUNDS = {"fastapi": (3, 5), "flask": (6, 10)}
START_MS, START_MB = (600, 350), (90, 60)
GROWTH, GROWTH_MB = 1.15, 150
OF_JINJA, LINEAR = (25, 35), 1.15
FEW, MANY = 30, 300


class Run:
    """One run: where it keeps its files, how much it measures, what it found."""

    def __init__(self, folder: Path, options: suite.Options) -> None:
        self.folder, self.options, self.bounds = folder, options, Bounds()

    def _wanted(self, of: str) -> list[Wanted]:
        """Our stack and all peers, around the same frame, each with a place of its own."""
        place = self.folder / of
        place.mkdir()
        fault = self.options.fault
        installation = ours.installation(place / OURS)
        with _closing(Worker(Wanted(OURS, installation))) as own:
            frame = Frame.of(own.page())
        found = [Wanted(OURS, installation, fault=fault)]
        for name in (*PEERS, FLOOR):
            (place / name).mkdir()
            found.append(Wanted(name, place / name, frame, fault=fault))
        return found

    def equal(self) -> None:
        """Equal work, and nothing else."""
        with self._workers(self._wanted("equal")) as workers:
            self._equal(workers)

    def requests(self) -> None:
        """GET, POST and POST with errors against each peer, and what protections cost."""
        wanted = self._wanted("requests")
        with self._workers(wanted) as workers:
            self._equal(workers)
            for name, other in self._variants().items():
                workers[name] = Worker(other)
                workers[name].checked()
            rounds = measured(workers, self.options.many(15, 3), self.options.many(40, 10))
            self._compiled(workers[OURS])
        self._figures(rounds)

    def compiled(self) -> None:
        """No step is compiled by a request."""
        wanted = self._wanted("compiled")[:1]
        with self._workers(wanted) as workers:
            workers[OURS].checked()
            measured(workers, 1, 5)
            self._compiled(workers[OURS])

    def instructions(self) -> None:
        """What the processor does for a request, whatever else the machine does."""
        if told := instructions.missing():
            self.bounds.miss(told)
            return
        wanted = {one.stack: one for one in self._wanted("instructions")}
        for work in (GET, POST):
            own, least = (instructions.of_request(wanted[one], work) for one in (OURS, FLOOR))
            self.bounds.told(f"instructions of {work} of ours", f"{own:,}")
            self.bounds.told(f"instructions of {work} of the floor", f"{least:,}")
            self.bounds.told(f"{work} of ours in floors", f"{own / least:.2f} x as many")

    def start(self) -> None:
        """From a fresh process to the first page."""
        found = starts(self._wanted("start"), self.options.many(7, 1))
        for name, one in found.items():
            told = f"{one.milliseconds:.0f} ms ({one.processor:.0f} of the processor)"
            self.bounds.told(f"start of {name}", f"{told}, {one.megabytes:.0f} MB")
        own = found[OURS]
        self.bounds.at_most("our start to the first page", own.milliseconds, *START_MS, " ms")
        self._start_memory(own)

    def memory(self) -> None:
        """What our process has in memory at its first page, and nothing else."""
        place = self.folder / "memory"
        place.mkdir()
        wanted = Wanted(OURS, ours.installation(place / OURS), fault=self.options.fault)
        self._start_memory(starts([wanted], 1)[OURS])

    def _start_memory(self, own: Start) -> None:
        self.bounds.at_most("our memory then", own.megabytes, *START_MB, " MB")

    def growth(self) -> None:
        """A large installation against a small one."""
        sizes = {growth.SMALL: growth.LITTLE, growth.LARGE: growth.MUCH}
        many = self.options.many
        with growth.workers(self.folder / "growth", sizes, self.options.fault) as workers:
            rounds = growth.grown(workers, many(15, 5), many(40, 20))
            megabytes = workers[growth.LARGE].megabytes()
        for work in (GET, POST):
            found = rounds.ratio(growth.LARGE, growth.SMALL, work)
            self.bounds.at_most(
                f"{work} with much, of with little", found.median, GROWTH, unit=" x"
            )
        self.bounds.at_most("memory with much", megabytes, GROWTH_MB, unit=" MB")

    def jinja(self) -> None:
        """The form part of a step with many fields, against the same as a template."""
        works = fields.works(self.folder / "jinja", MANY, self.options.fault)
        own, theirs = self._turns(works.render, works.jinja)
        found = Ratio.of([one / other for one, other in zip(theirs, own, strict=True)])
        self.bounds.told(f"form part of {MANY} fields", f"{statistics.median(own):.0f} us")
        self.bounds.told("the same in Jinja2", f"{statistics.median(theirs):.0f} us")
        drawn = fields.microseconds(works.drawn, self.options.many(100, 20))
        self.bounds.told("our theme's templates without compiling", f"{drawn:.0f} us")
        told = f"Jinja2's time for {MANY} fields, of ours"
        self.bounds.at_least(told, found.median, *OF_JINJA, str(found))

    def shown_linear(self) -> None:
        """Ten times as many fields are shown in ten times as long."""
        few, lots = self._few_and_lots()
        self._linear("shown", few.render, lots.render)

    def read_linear(self) -> None:
        """Ten times as many fields are read in ten times as long."""
        few, lots = self._few_and_lots()
        self._linear("read", few.read, lots.read)

    def _few_and_lots(self) -> tuple[fields.Works, fields.Works]:
        few = fields.works(self._place("few"), FEW)
        return few, fields.works(self._place("lots"), MANY, self.options.fault)

    def _linear(self, what: str, few: fields.Work, lots: fields.Work) -> None:
        little, much = self._turns(few, lots)
        grown = Ratio.of([one / other for one, other in zip(much, little, strict=True)])
        told = f"a field of {MANY} {what}, of one of {FEW}"
        self.bounds.at_most(told, grown.median * FEW / MANY, LINEAR, unit=" x")

    def _place(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))

    def _turns(self, one: fields.Work, other: fields.Work) -> tuple[list[float], list[float]]:
        """What both took, in turn, round for round."""
        rounds, times = self.options.many(15, 5), self.options.many(100, 20)
        found = [
            (fields.microseconds(one, times), fields.microseconds(other, times))
            for _ in range(rounds + 1)
        ][1:]
        return [first for first, _ in found], [second for _, second in found]

    def _variants(self) -> dict[str, Wanted]:
        """Ours in the design system, and without each protection."""
        dkfds = ours.installation(self.folder / "dkfds", "dkfds")
        found = {DKFDS: Wanted(OURS, dkfds)}
        for number, name in enumerate(PROTECTIONS):
            place = ours.installation(self.folder / f"off-{number}")
            found[name] = Wanted(OURS, place, off=name)
        return found

    def _equal(self, workers: dict[str, Worker]) -> None:
        found: dict[str, Checked] = {name: one.checked() for name, one in workers.items()}
        frame = found[OURS].empty.frame
        for name, one in found.items():
            for told in differences(one, frame):
                self.bounds.miss(f"unequal work: {name}: {told}"[:300])
            if not one.forged:
                self.bounds.told(f"protection against forged forms in {name}", "none of its own")
        assert not self.bounds.missed, self.bounds.missed[0]

    def _compiled(self, worker: Worker) -> None:
        self.bounds.at_most("steps compiled by requests", worker.compilations(), 0)

    def _figures(self, rounds: Rounds) -> None:
        for work in WORKS:
            for name in (OURS, DKFDS, *PEERS, FLOOR):
                spent = f"{rounds.processor(name, work):.0f} us"
                self.bounds.told(
                    f"{work} of {name}", f"{spent} ({rounds.wall(name, work):.0f} on the wall)"
                )
        for work, bounds in ((GET, GET_BOUNDS), (POST, POST_BOUNDS), (REFUSED, {})):
            for name in PEERS:
                self._ratio(
                    f"{work} of {name}, of ours", rounds.ratio(name, OURS, work), bounds.get(name)
                )
        for work in WORKS:
            self._ratio(f"{work} of ours, of the floor", rounds.ratio(OURS, FLOOR, work), None)
        for name in PROTECTIONS:
            told = ", ".join(
                f"{work} {rounds.more(OURS, name, work):.0f} us" for work in (GET, POST)
            )
            self.bounds.told(f"{name} costs", told)
        self.bounds.told("load average", f"{os.getloadavg()[0]:.1f}")

    def _ratio(self, name: str, found: Ratio, bounds: tuple[int, int] | None) -> None:
        if bounds is None:
            self.bounds.told(name, str(found))
        else:
            self.bounds.at_least(name, found.median, *bounds, str(found))

    @contextlib.contextmanager
    def _workers(self, wanted: list[Wanted]) -> Iterator[dict[str, Worker]]:
        with contextlib.ExitStack() as stack:
            found: dict[str, Worker] = {}
            stack.callback(lambda: [one.close() for one in found.values()])
            for one in wanted:
                found[one.stack] = Worker(one)
            yield found


@contextlib.contextmanager
def _closing(worker: Worker) -> Iterator[Worker]:
    try:
        yield worker
    finally:
        worker.close()


MEASURES = {
    "requests": Run.requests,
    "instructions": Run.instructions,
    "start": Run.start,
    "growth": Run.growth,
    "jinja": Run.jinja,
    "shown": Run.shown_linear,
    "read": Run.read_linear,
}
_ALONE = {**MEASURES, "equal": Run.equal, "compiled": Run.compiled, "memory": Run.memory}


def run(options: suite.Options) -> suite.Result:
    """All of it, or with a planted fault what that fault must turn red.

    :raises RuntimeError: it is red without the fault, too, and so would show nothing
    """
    if not options.fault:
        return _measured(options, tuple(MEASURES))
    measures = FOUND_BY[options.fault]
    before = _missed_without(measures, replace(options, fault=""))
    if before:
        raise RuntimeError(f"red without a fault: {before[0]}")
    return _measured(options, measures)


@functools.cache
def _missed_without(measures: tuple[str, ...], options: suite.Options) -> list[str]:
    return suite.missed(lambda plain: _measured(plain, measures), options)


def _measured(options: suite.Options, measures: tuple[str, ...]) -> suite.Result:
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    one = Run(folder, options)
    try:
        for measure in measures:
            _ALONE[measure](one)
    except AssertionError as error:
        one.bounds.miss(f"failed: {error}"[:300])
    finally:
        pull_up()
        shutil.rmtree(folder, ignore_errors=True)
    return suite.Result(one.bounds.figures, one.bounds.missed)


ABOUT = """Everybody serves the same step of twelve fields: the same texts, hints, values and
errors, on the same page. It is read from the HTML and compared before anything is timed. Each
stack is a process of its own, called without a network: WSGI one call a request, FastAPI through
ASGI inside one running loop, with coroutines for views. A figure is the processor's time of one
request; a ratio is of one round, in which all take turns, and told as median and range.

**Ours** is the whole application in the theme `plain`, whose markup is like the peers': web
session in the store, CSRF, security headers, locale, encryption. POST is kept durably in SQLite.
Answering a step writes no line of the audit log.

**FastAPI** has pydantic's form model and Jinja2; no protection against forged forms of its own,
no security headers, no locale. **Flask** has WTForms and the token of Flask-WTF. **Deform** is
stock, on Pyramid, with its CSRF check. These three read and write the answers as one JSON text in
SQLite, by sqlite3 itself, with the same durability as ours and without encryption. **Django** has
the wizard of formtools, CSRF, its security headers and locale, and keeps the answers in its table
of sessions in SQLite. The peers have the page around the form as text in their template.

The **floor** is the same step written by hand, without any framework, session or protection: what
the work itself costs. Of ours and of the floor callgrind counts the instructions of a request.

A date is not among the fields: it is three inputs, which every peer has another way for.
"""

if __name__ == "__main__":
    sys.exit(
        suite.main(
            "bench",
            run,
            FAULTS,
            title="A step of a form",
            about=ABOUT,
        )
    )
