"""Which parts something is known against, and which nobody could judge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

from selvbetjening_core.supply.advisories import Advisories, Advisory, Span, package_key
from selvbetjening_core.supply.parts import Part

# At one version: what was mended goes out before what came in goes in.
_ORDER = {"fixed": 0, "introduced": 1, "last_affected": 2}
_FROM_THE_BEGINNING = "0"


@dataclass(frozen=True, slots=True)
class Finding:
    """An advisory that a part falls under. ``mended_in``: the next version without it."""

    part: Part
    advisory: Advisory
    mended_in: str


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A part that could not be judged, and why."""

    part: Part
    why: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is known against the parts. A part is in ``judged`` or in ``unjudged``."""

    findings: tuple[Finding, ...]
    judged: tuple[Part, ...]
    unjudged: tuple[Unjudged, ...]


def judge(parts: Sequence[Part], advisories: Advisories) -> Judgement:
    """Compare every part with everything that is known."""
    findings: list[Finding] = []
    judged: list[Part] = []
    unjudged: list[Unjudged] = []
    for part in parts:
        known = advisories.by_package.get(package_key(part.ecosystem, part.name), ())
        why = _why_not(part, known, advisories)
        if why:
            unjudged.append(Unjudged(part, why))
            continue
        judged.append(part)
        findings += (
            Finding(part, one, _mended_in(part, one)) for one in known if _falls_under(part, one)
        )
    return Judgement(tuple(findings), tuple(judged), tuple(unjudged))


def _why_not(part: Part, known: Sequence[Advisory], advisories: Advisories) -> str:
    """Why a part cannot be judged; empty if it can."""
    if part.ecosystem not in advisories.ecosystems:
        return f"the data tell of nothing from {part.ecosystem}"
    if not known and not part.is_from_registry:
        return "it did not come from a public registry: ask its maker"
    if _version(part.version) is None:
        return f'its version "{part.version}" cannot be compared'
    vague = [one.id for one in known if not _can_be_compared(one)]
    return f"{', '.join(vague)} names no version that can be compared" if vague else ""


def _can_be_compared(advisory: Advisory) -> bool:
    ends = (at for span in advisory.spans for _, at in span.events)
    named = advisory.versions or advisory.spans
    return bool(named) and not advisory.has_commits_alone and all(map(_version, ends))


def _falls_under(part: Part, advisory: Advisory) -> bool:
    version = Version(part.version)
    listed = (_version(one) for one in advisory.versions)
    return version in listed or any(_is_within(version, span) for span in advisory.spans)


def _is_within(version: Version, span: Span) -> bool:
    is_in = False
    for kind, at in _in_order(span.events):
        if kind == "introduced" and (at == Version(_FROM_THE_BEGINNING) or version >= at):
            is_in = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            is_in = False
    return is_in


def _mended_in(part: Part, advisory: Advisory) -> str:
    """The lowest version above the part's in which it is mended; empty where none is told."""
    version = Version(part.version)
    later = [
        at
        for span in advisory.spans
        for kind, at in _in_order(span.events)
        if kind == "fixed" and at > version
    ]
    return str(min(later)) if later else ""


def _in_order(events: Iterable[tuple[str, str]]) -> list[tuple[str, Version]]:
    known = [(kind, Version(at)) for kind, at in events if kind in _ORDER]
    return sorted(known, key=lambda event: (event[1], _ORDER[event[0]]))


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
