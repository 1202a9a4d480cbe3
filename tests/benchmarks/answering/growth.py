"""Two installations that differ in size alone: 98 municipalities, 1,000 solutions, 200 plugins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from composing.sites import plugin, site
from composing.town import country

from answering import ours
from answering.rounds import Rounds, measured
from answering.step import many
from answering.worker import GET, OURS, POST, Wanted, Worker

SMALL, LARGE = "small", "large"
_HOST = "m0773.localhost"


@dataclass(frozen=True)
class Size:
    """How much there is."""

    municipalities: int
    solutions: int
    plugins: int


LITTLE = Size(1, 10, 5)
MUCH = Size(98, 1000, 200)


@contextmanager
def workers(folder: Path, sizes: dict[str, Size], fault: str) -> Iterator[dict[str, Worker]]:
    """A process of ours for each of the sizes, checked."""
    found: dict[str, Worker] = {}
    try:
        for name, size in sizes.items():
            found[name] = Worker(_wanted(folder / name, size, fault))
        for worker in found.values():
            assert worker.checked().accepted == 303, "the step of the installation is not served"
        yield found
    finally:
        for worker in found.values():
            worker.close()


def grown(found: dict[str, Worker], rounds: int, times: int) -> Rounds:
    """Both in turn."""
    return measured(found, rounds, times, (GET, POST))


def _wanted(folder: Path, size: Size, fault: str) -> Wanted:
    file = country(folder)
    codes = sorted((folder / "municipalities").glob("*.toml"))
    left = [one for one in codes if one.stem != ours.CODE][size.municipalities - 1 :]
    for one in left:
        one.unlink()
    ours.add_step(folder, "plain")
    others = [f"andet{number}" for number in range(size.solutions - 2)]
    for name in others:
        ours.add_solution(folder, name, many(3))
    measured_one = folder / "municipalities" / f"{ours.CODE}.toml"
    offered = "".join(f"\n[solutions.{name}]\n" for name in others)
    measured_one.write_text(f"{measured_one.read_text('utf-8')}{offered}", "utf-8")
    names = "".join(f'"{plugin(number)}", ' for number in range(size.plugins))
    plugin_set = folder / "plugin_sets" / "standard.toml"
    text = re.sub(r"plugins = \[", f"plugins = [{names}", plugin_set.read_text("utf-8"), count=1)
    plugin_set.write_text(text, "utf-8")
    path = (str(site(folder / "site", size.plugins)),)
    return Wanted(OURS, file, fault=fault, path=path, host=_HOST)
