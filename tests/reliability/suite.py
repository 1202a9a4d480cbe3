"""The frame of a suite: its command line, its one line of figures, its evidence."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import evidence

_PAGE = """# {title}

Made by `tox run -e {name}` on {{date}}, at commit {{commit}},
with Python {{python}} on {{machine}}.
Do not edit it: run the command again.

{about}

| figure | |
|---|---:|
{rows}

{faults}
"""
_FAULTS = """Faults that were planted (`--self-test`), each of which turned the suite red:

{rows}
"""


@dataclass(frozen=True)
class Options:
    """How a suite is run.

    :param small: a run of seconds, for plain tox; else the whole
    :param count: what a suite counts, if somebody asked for another number
    :param fault: the name of the planted fault; empty: none
    """

    small: bool = False
    count: int | None = None
    seed: int = 1
    fault: str = ""

    def many(self, whole: int, small: int) -> int:
        """A number for this run."""
        return self.count or (small if self.small else whole)


@dataclass(frozen=True)
class Result:
    """What a run came to.

    :param figures: by name; told on one line, and kept as evidence
    :param missed: the bounds that were missed, in words; empty: all held
    """

    figures: Mapping[str, object]
    missed: Sequence[str] = field(default=())


Run = Callable[[Options], Result]


def main(
    name: str,
    run: Run,
    faults: Mapping[str, str],
    *,
    title: str,
    about: str,
    arguments: Sequence[str] | None = None,
) -> int:
    """Run a suite as its command line says; the exit code.

    :param run: called with ``fault`` set to a name of ``faults``, it must plant that
        fault, and miss a bound (or fail) because of it
    :param faults: every planted fault, with a sentence of what is wrong then
    :param about: the first words of the page of evidence
    """
    asked = _parsed(name, faults, arguments)
    # Whoever stops a suite leaves nothing running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if asked.self_test or asked.fault:
        chosen = [asked.fault] if asked.fault else list(faults)
        return self_test(name, run, chosen, Options(small=True, count=asked.count, seed=asked.seed))
    begun = time.monotonic()
    result = run(Options(asked.small, asked.count, asked.seed))
    figures = {**result.figures, "seconds": round(time.monotonic() - begun)}
    tell(line(name, figures, result.missed))
    if not (asked.small or asked.count or result.missed):
        evidence.write(name, figures, _page(name, title, about, figures, faults))
    return 1 if result.missed else 0


def missed(run: Run, options: Options) -> list[str]:
    """The bounds that a run missed; a failed assertion is one, too."""
    try:
        return list(run(options).missed)
    except AssertionError as error:
        return [f"failed: {error}"[:300]]


def self_test(name: str, run: Run, chosen: Sequence[str], options: Options) -> int:
    """Plant each of these faults; 1 if any of them is not found, else 0."""
    green = []
    for fault in chosen:
        found = missed(run, replace(options, fault=fault))
        told = f"found, by: {found[0]}" if found else "NOT FOUND"
        tell(f"{name}: {fault}: {told}")
        green += [] if found else [fault]
    tell(f"{name} self-test: {len(chosen) - len(green)} of {len(chosen)} planted faults found")
    return 1 if green else 0


def tell(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def line(name: str, figures: Mapping[str, object], missed: Sequence[str]) -> str:
    """What came out, as one line; and what was missed, a line each."""
    told = ", ".join(f"{key} {value}" for key, value in figures.items())
    return f"{name}: {'MISSED' if missed else 'held'}: {told}" + "".join(
        f"\n  missed: {one}" for one in missed
    )


def _page(
    name: str,
    title: str,
    about: str,
    figures: Mapping[str, object],
    faults: Mapping[str, str],
) -> str:
    planted = "\n".join(f"- `{fault}`: {told}" for fault, told in faults.items())
    rows = "\n".join(f"| {key} | {value} |" for key, value in figures.items())
    return _PAGE.format(
        title=title,
        name=name,
        about=about,
        rows=rows,
        faults=_FAULTS.format(rows=planted) if faults else "",
    )


def _parsed(
    name: str, faults: Mapping[str, str], arguments: Sequence[str] | None
) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=name)
    parser.add_argument("--self-test", action="store_true", help="plant each fault")
    parser.add_argument("--fault", choices=sorted(faults), help="plant this fault alone")
    parser.add_argument("--small", action="store_true", help="a run of seconds; no evidence")
    parser.add_argument("--count", type=int, help="another number; no evidence")
    parser.add_argument("--seed", type=int, default=1, help="of what is left to chance")
    return parser.parse_args(sys.argv[1:] if arguments is None else arguments)
