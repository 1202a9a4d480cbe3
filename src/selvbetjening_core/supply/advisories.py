"""Reading what is publicly known against packages, from a folder or zip file on disk.

The data are those of OSV: one file for each advisory, JSON or YAML. PyPA's
advisory database and the exports of OSV are in this form. Nothing is fetched.
YAML needs the extra ``supply``.
"""

from __future__ import annotations

import datetime
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from packaging.utils import canonicalize_name

from selvbetjening_core.errors import NotInstalled

_YAML = (".yaml", ".yml")
_JSON = (".json",)


@dataclass(frozen=True, slots=True)
class Span:
    """One range of versions: what happened (``introduced``, ``fixed``) at which."""

    events: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Advisory:
    """What is known against one package. ``aliases``: its CVE numbers and the like.

    ``has_commits_alone`` says that the versions are told by commits only, which
    an installed package does not show.
    """

    id: str
    aliases: tuple[str, ...]
    summary: str
    ecosystem: str
    package: str
    versions: frozenset[str]
    spans: tuple[Span, ...]
    has_commits_alone: bool


@dataclass(frozen=True, slots=True)
class Advisories:
    """All that was read: by ecosystem and name. ``unreadable``: files nobody understood.

    ``newest`` is when the youngest advisory was written or changed: what became
    known later is not in the data.
    """

    by_package: Mapping[tuple[str, str], tuple[Advisory, ...]]
    files: int
    newest: datetime.date | None
    unreadable: tuple[str, ...]

    @property
    def ecosystems(self) -> frozenset[str]:
        """Where the packages come from that the data tell of, such as ``PyPI``."""
        return frozenset(ecosystem for ecosystem, _ in self.by_package)


def read_advisories(source: Path) -> Advisories:
    """Read a folder or a zip file.

    :raises OSError: it is not there, or cannot be read
    :raises NotInstalled: it holds YAML, and the extra ``supply`` is not here
    """
    found: dict[tuple[str, str], list[Advisory]] = defaultdict(list)
    moments: list[datetime.date] = []
    unreadable: list[str] = []
    for name, read in _files(source):
        told = _told(name, read)
        if told is None:
            unreadable.append(name)
            continue
        moments.append(told.changed)
        for advisory in told.advisories:
            found[advisory.ecosystem, advisory.package].append(advisory)
    return Advisories(
        by_package={key: tuple(advisories) for key, advisories in found.items()},
        files=len(moments),
        newest=max(moments, default=None),
        unreadable=tuple(sorted(unreadable)),
    )


def package_key(ecosystem: str, name: str) -> tuple[str, str]:
    """What a package is found by."""
    return ecosystem, canonicalize_name(name) if ecosystem == "PyPI" else name


@dataclass(frozen=True, slots=True)
class _File:
    changed: datetime.date
    advisories: tuple[Advisory, ...]


def _files(source: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The advisories' files; what belongs to the database's own tools is hidden there."""
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            name = path.relative_to(source).as_posix()
            if path.is_file() and _is_advisory(name):
                yield name, path.read_bytes
        return
    if not source.exists():
        raise OSError(f"there is no {source}")
    if not zipfile.is_zipfile(source):
        raise OSError(f"{source} is neither a folder nor a zip file")
    with zipfile.ZipFile(source) as archive:
        for name in sorted(archive.namelist()):
            if _is_advisory(name):
                yield name, lambda name=name: archive.read(name)  # type: ignore[misc]


def _is_advisory(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix in (*_JSON, *_YAML) and not any(part[0] == "." for part in path.parts)


def _told(name: str, read: Callable[[], bytes]) -> _File | None:
    """What a file says; None where it is no advisory that can be understood."""
    load = json.loads if name.endswith(_JSON) else _yaml()
    try:
        document = load(read())
        return _File(
            _day(document["modified"]),
            # What was withdrawn was a mistake.
            () if document.get("withdrawn") else tuple(_advisories(document)),
        )
    except (ValueError, LookupError, TypeError, AttributeError, zipfile.BadZipFile):
        return None


def _yaml() -> Callable[[bytes], Any]:
    try:
        import yaml  # noqa: PLC0415 - an extra, for this alone
    except ModuleNotFoundError as error:
        raise NotInstalled("Reading advisories in YAML", "supply") from error

    def load(text: bytes) -> Any:
        try:
            return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        except yaml.YAMLError as error:
            raise ValueError("not YAML") from error

    return load


def _day(text: object) -> datetime.date:
    """YAML may have made a moment of it already."""
    if isinstance(text, datetime.datetime):
        return text.date()
    return datetime.datetime.fromisoformat(str(text)).date()


def _advisories(document: Mapping[str, Any]) -> Iterator[Advisory]:
    for affected in document.get("affected") or ():
        package = affected.get("package")
        if not package:
            continue
        ecosystem, name = package_key(package["ecosystem"], package["name"])
        ranges = affected.get("ranges") or ()
        spans = tuple(_span(one) for one in ranges if one["type"] != "GIT")
        versions = frozenset(map(str, affected.get("versions") or ()))
        yield Advisory(
            id=str(document["id"]),
            aliases=tuple(map(str, document.get("aliases") or ())),
            summary=_summary(document),
            ecosystem=ecosystem,
            package=name,
            versions=versions,
            spans=spans,
            has_commits_alone=bool(ranges) and not spans and not versions,
        )


def _span(one: Mapping[str, Any]) -> Span:
    return Span(
        tuple((str(kind), str(at)) for event in one["events"] for kind, at in event.items())
    )


def _summary(document: Mapping[str, Any]) -> str:
    text = str(document.get("summary") or document.get("details") or "")
    return text.strip().partition("\n")[0]
