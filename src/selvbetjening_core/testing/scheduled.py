"""The kit for components that do something regularly."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from selvbetjening_core.interfaces import IScheduled
from selvbetjening_core.testing import cases
from selvbetjening_core.testing.attempts import expect_in_time, remote_of
from selvbetjening_core.testing.beside import BesideBench
from selvbetjening_core.testing.common import called
from selvbetjening_core.testing.conformance import Conformance, broken, check, expect
from selvbetjening_core.testing.counterpart import Fault
from selvbetjening_core.testing.watching import overhearing, personal_words
from selvbetjening_core.values import MemoryStore, Task

_CUT_OFF = (Fault.DOWN, Fault.CUT_OFF, Fault.LOST_ANSWER, Fault.BUSY, Fault.ERROR)


@dataclass(kw_only=True)
class ScheduledBench(BesideBench):
    """A component with tasks, and what comes of them.

    :param give_work: puts something to do in the tasks' way; the word given is
        part of it
    :param effects: what was done so far, a word for each effect: one that was
        done twice is there twice
    """

    give_work: Callable[[str], None]
    effects: Callable[[], Iterable[str]]


class ScheduledConformance(Conformance):
    """What a component that provides ``IScheduled`` is held to.

    Beside the kit of the contract that it is registered under.
    """

    contract: ClassVar = IScheduled
    bench_type: ClassVar = ScheduledBench

    @check(
        "tasks-declared",
        "Its tasks are declared: each with a name of its own, an interval and a sentence.",
        da="Dens opgaver er erklæret: hver med sit eget navn, et mellemrum og en sætning.",
    )
    def test_tasks_declared(self, bench: ScheduledBench) -> None:
        """And the component provides ``IScheduled``."""
        tasks = _tasks(bench)
        expect(IScheduled.providedBy(bench.make()), "the component does not provide IScheduled")
        expect(len({task.name for task in tasks}) == len(tasks), "two tasks have one name")
        for task in tasks:
            expect(task.name and task.help.strip(), "a task has no name or no help")
            at_least = datetime.timedelta(seconds=1)
            expect(task.every >= at_least, f"{task.name} is to run without a pause")

    @check(
        "work-done",
        "What there is to do is done.",
        da="Det, der er at gøre, bliver gjort.",
    )
    def test_work_done(self, bench: ScheduledBench) -> None:
        """By its tasks, each run once, in time."""
        before = _effects(bench)
        bench.give_work("work-1")
        _run(bench, bench.make())
        expect(_effects(bench) - before, "nothing was done")

    @check(
        "twice-is-once",
        "Run twice, everything is done once.",
        da="Køres den to gange, er alt kun gjort én gang.",
    )
    def test_twice_is_once(self, bench: ScheduledBench) -> None:
        """By the same component, and by one made anew with the same store."""
        store = MemoryStore()
        before = _effects(bench)
        bench.give_work("work-2")
        _run(bench, bench.component(bench.settings, store=store))
        once = _effects(bench) - before
        component = bench.component(bench.settings, store=store)
        for _ in range(2):
            _run(bench, component)
        expect(_effects(bench) - before == once, "a second run did something more")

    @check(
        "cut-off-goes-on",
        "Cut off in the middle and run again, everything is done, and done once.",
        da="Afbrudt midt i det og kørt igen er alt gjort, og gjort én gang.",
        optional=True,
    )
    def test_cut_off_goes_on(self, bench: ScheduledBench) -> None:
        """The outside system fails during the first run; a new process runs the second."""
        remote = remote_of(bench)
        for fault in _CUT_OFF:
            store, before = MemoryStore(), _effects(bench)
            for number in range(3):
                bench.give_work(f"{fault.name}-{number}")
            remote.behave(fault)
            for task in _tasks(bench):
                made = called(_once(bench.component(bench.settings, store=store), task))
                expect_in_time(made, IScheduled, "run", f'while "{fault.value}"')
            remote.behave(Fault.NONE)
            _run(bench, bench.component(bench.settings, store=store))
            done = _effects(bench) - before
            lost = [n for n in range(3) if not any(f"{fault.name}-{n}" in word for word in done)]
            expect(not lost, f'{len(lost)} of 3 were never done after "{fault.value}"')
            doubled = [word for word, times in done.items() if times > 1]
            expect(not doubled, f'{len(doubled)} were done twice after "{fault.value}"')

    @check(
        "nothing-to-do",
        "With nothing to do, nothing is done, and nothing is raised.",
        da="Er der intet at gøre, sker der intet.",
    )
    def test_nothing_to_do(self, bench: ScheduledBench) -> None:
        """As on most of its runs."""
        before = _effects(bench)
        _run(bench, bench.make())
        expect(_effects(bench) == before, "something was done without any work")

    @check(
        "work-not-told",
        "What the work is about is in no log line, exception, file name or print.",
        da="Det, arbejdet handler om, står ikke i log, fejl, filnavne eller udskrift.",
    )
    def test_work_not_told(self, bench: ScheduledBench) -> None:
        """A CPR number and a name in the work; also while the outside system is away."""
        words = personal_words(cases.a_person())
        bench.give_work(" ".join(words))
        with overhearing(bench.workplace) as heard:
            for fault in (Fault.DOWN, Fault.GARBAGE, Fault.NONE):
                if bench.remote is not None:
                    bench.remote.behave(fault)
                for task in _tasks(bench):
                    heard.note(called(_once(bench.make(), task)).error)
        found = heard.found(words)
        expect(not found, f"{len(found)} personal words of the work were told elsewhere")


def _tasks(bench: ScheduledBench) -> tuple[Task, ...]:
    tasks = bench.offer.tasks
    if not tasks:
        broken("the plugin declares no tasks when it registers")
    return tasks


def _once(component: Any, task: Task) -> Callable[[], object]:
    return lambda: component.run(task)


def _run(bench: ScheduledBench, component: Any) -> None:
    for task in _tasks(bench):
        made = called(_once(component, task))
        if made.error is not None or made.value is not None:
            broken(f"the task {task.name} {made.described}")
        expect_in_time(made, IScheduled, "run", f"for {task.name}")


def _effects(bench: ScheduledBench) -> Counter[str]:
    return Counter(bench.effects())
