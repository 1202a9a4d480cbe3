"""``selvbetjening advisories``."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from packaging.utils import canonicalize_name

from selvbetjening_core.cli.commands import fail, today
from selvbetjening_core.errors import NotInstalled
from selvbetjening_core.supply.advisories import Advisories, read_advisories
from selvbetjening_core.supply.judging import Finding, Judgement, judge
from selvbetjening_core.supply.parts import Part, installed_parts


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was looked at with which data, and what was left out because somebody said so."""

    data: Advisories
    judgement: Judgement
    left_out: tuple[Part, ...]
    is_old: bool

    @property
    def shortcomings(self) -> list[str]:
        """Why the answer is not about everything; empty where it is."""
        return [
            *(["the data are old"] if self.is_old else []),
            *(["some parts were not judged"] if self.judgement.unjudged else []),
            *(["some files of the data were not understood"] if self.data.unreadable else []),
        ]


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Exit code 1 unless everything was judged.")
@click.option(
    "--max-age",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="Data whose newest advisory is older than this are old.",
)
@click.option(
    "--leave-out",
    multiple=True,
    metavar="NAME",
    help="Do not judge this part: its maker told you. Can be given again.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For a person, or for a program.",
)
def advisories(
    data: Path, max_age: int, leave_out: Sequence[str], output: str, *, strict: bool
) -> None:
    """Say what is publicly known against the parts that are installed.

    DATA is a folder or a zip file with advisories in the form of OSV, as the
    Python Packaging Authority and OSV hand them out. Nothing is fetched: get
    them anew before you ask.

    It says how many parts were judged, by name which were not and why, and how old
    the data are. The exit code is 1 if something is known against a part, or if
    nothing could be judged; with --strict also if a part was not judged, a file of the
    data was not understood, or the data are old.
    """
    looked = _look(data, max_age, leave_out)
    click.echo(_as_json(looked), nl=False) if output == "json" else _print(looked)
    nothing_judged = not looked.judgement.judged
    if looked.judgement.findings or nothing_judged or (strict and looked.shortcomings):
        raise SystemExit(1)


def _look(source: Path, max_age: int, leave_out: Sequence[str]) -> _Looked:
    parts = installed_parts()
    names = {canonicalize_name(name) for name in leave_out}
    absent = names - {canonicalize_name(part.name) for part in parts}
    if absent:
        fail(f"--leave-out: nothing is installed by the name of {', '.join(sorted(absent))}.")
    try:
        data = read_advisories(source)
    except NotInstalled as error:
        fail(str(error))
    except OSError as error:
        fail(f"The advisories cannot be read: {error.strerror or error}.")
    if data.newest is None:
        fail(f"{source} holds no advisories: nothing was judged.")
    left_out = tuple(part for part in parts if canonicalize_name(part.name) in names)
    return _Looked(
        data=data,
        judgement=judge([part for part in parts if part not in left_out], data),
        left_out=left_out,
        is_old=data.newest < today() - datetime.timedelta(days=max_age),
    )


def _print(looked: _Looked) -> None:
    for line in _lines(looked):
        click.echo(line)


def _lines(looked: _Looked) -> Iterator[str]:
    data, judgement = looked.data, looked.judgement
    yield f"data of {data.newest}: {data.files} advisories ({', '.join(sorted(data.ecosystems))})"
    if looked.is_old:
        yield "  OLD: what became known since is not in them; get them anew"
    if data.unreadable:
        yield f"  {len(data.unreadable)} files not understood: {', '.join(data.unreadable[:5])}"
    yield f"{len(judgement.findings)} known against what is installed"
    for finding in judgement.findings:
        yield f"  {_told(finding)}"
    yield f"{len(judgement.judged)} parts judged, {len(judgement.unjudged)} not"
    for one in judgement.unjudged:
        yield f"  {one.part.name} {one.part.version}: {one.why}"
    for part in looked.left_out:
        yield f"left out, as you said: {part.name} {part.version}"
    compiled = [part.name for part in judgement.judged if part.has_compiled]
    if compiled:
        yield "libraries compiled into these are in no data of packages; their makers tell:"
        yield f"  {', '.join(compiled)}"


def _told(finding: Finding) -> str:
    advisory = finding.advisory
    names = ", ".join((advisory.id, *advisory.aliases))
    mended = f"mended in {finding.mended_in}" if finding.mended_in else "not mended"
    part = f"{finding.part.name} {finding.part.version}"
    return f"{part}: {names}; {mended}; {advisory.summary}".rstrip("; ")


def _as_json(looked: _Looked) -> str:
    judgement = looked.judgement
    told: dict[str, Any] = {
        "data_of": str(looked.data.newest),
        "advisories": looked.data.files,
        "not_understood": list(looked.data.unreadable),
        "old": looked.is_old,
        "judged": len(judgement.judged),
        "not_judged": [
            {"name": one.part.name, "version": one.part.version, "why": one.why}
            for one in judgement.unjudged
        ],
        "left_out": [part.name for part in looked.left_out],
        "compiled": [part.name for part in judgement.judged if part.has_compiled],
        "known": [
            {
                "name": one.part.name,
                "version": one.part.version,
                "id": one.advisory.id,
                "aliases": list(one.advisory.aliases),
                "mended_in": one.mended_in,
                "summary": one.advisory.summary,
            }
            for one in judgement.findings
        ],
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"
