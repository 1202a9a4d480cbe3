"""What a vendor needs to know about an error, and nothing about anybody.

Put together from names and numbers that were looked for one by one; no line of a log,
no message of an exception and no setting is copied whole.
"""

from __future__ import annotations

import datetime
import platform
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata

from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.masking import masked
from selvbetjening_core.opening import look_at_store

CODE = re.compile(r"[0-9a-f]{8}|[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", re.ASCII)
_ERROR = "error {code}: "
_WHERE = re.compile(r"\b(route|municipality|solution|step)=([A-Za-z0-9_.-]*)", re.ASCII)
_CLASS = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FRAME = re.compile(r'File "([^"]+)", line ([0-9]+), in ([A-Za-z0-9_<>]+)')
_OTHER_LINE = re.compile(r"\b(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) [A-Za-z0-9_.]+: ")
_PLACES = ("site-packages/", "dist-packages/", "/src/")
_MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class LoggedError:
    """What the log says of an error.

    :param kind: the class of the exception
    :param where: route, municipality, solution and step, as far as they were known
    :param traceback: file, line and function of each call, the outermost first
    """

    kind: str
    where: Mapping[str, str]
    traceback: tuple[str, ...]


def find_error(code: str, lines: Iterable[str]) -> LoggedError | None:
    """The error with this code in a log, however each line of it begins; None: not there."""
    log = iter(lines)
    wanted = _ERROR.format(code=code)
    for line in log:
        _, found, told = line.partition(wanted)
        if found:
            kind = _CLASS.match(told)
            where = {name: masked(value) for name, value in _WHERE.findall(told) if value}
            return LoggedError(masked(kind[0]) if kind else "", where, tuple(_frames(log)))
    return None


def _frames(log: Iterator[str]) -> Iterator[str]:
    for line, _ in zip(log, range(_MOST_LINES), strict=False):
        if _OTHER_LINE.search(line):
            return
        frame = _FRAME.search(line)
        if frame:
            yield masked(f"{_short(frame[1])}:{frame[2]} {frame[3]}")


def _short(path: str) -> str:
    """From its package on: the folders before it may name somebody."""
    path = path.replace("\\", "/")
    for place in _PLACES:
        _, found, rest = path.rpartition(place)
        if found:
            return rest
    return "/".join(path.split("/")[-2:])


def make_report(
    plan: Plan, code: str, error: LoggedError, now: datetime.datetime
) -> dict[str, object]:
    """The report, as JSON data. Asks the database for the form of its tables, and no more."""
    return {
        "format": 1,
        "made_at": now.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        "code": code,
        "error": {
            "class": error.kind,
            "where": dict(error.where),
            "traceback": list(error.traceback),
        },
        "plugin_sets": {
            name: dict(plugin_set.versions) for name, plugin_set in plan.plugin_sets.items()
        },
        "engine": plan.installation.engine,
        "mode": plan.installation.mode,
        "database": _database(plan),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "distributions": _distributions(),
    }


def _database(plan: Plan) -> dict[str, str]:
    try:
        found = look_at_store(plan)
    except Exception:  # noqa: BLE001 - a database that is down is one reason for a report
        return {"kind": "cannot be used"}
    return {"kind": found.kind, "tables": found.revision, "tables of this version": found.newest}


def _distributions() -> dict[str, str]:
    found = {one.name: one.version for one in metadata.distributions()}
    return dict(sorted(found.items(), key=lambda one: one[0].lower()))
