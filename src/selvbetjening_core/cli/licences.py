"""``selvbetjening licences``."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from selvbetjening_core.cli.printing import print_table
from selvbetjening_core.supply.parts import Part, installed_parts

_NOT_STATED = "not stated"


@click.command()
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For a person, or for a program.",
)
@click.option("--strict", is_flag=True, help="Exit code 1 if a part states no licence.")
def licences(output: str, *, strict: bool) -> None:
    """List the licence of every part that is installed, and the files of its text.

    A licence is told as the part itself states it. Those that are no identifier of
    SPDX, so that no program can tell which one is meant, and those that are not
    stated at all are told at the end, by name.
    """
    parts = installed_parts()
    unknown = [part for part in parts if not part.licence]
    click.echo(_as_json(parts), nl=False) if output == "json" else _print(parts, unknown)
    if strict and unknown:
        raise SystemExit(1)


def _as_json(parts: Sequence[Part]) -> str:
    data = [
        {
            "from": part.ecosystem,
            "name": part.name,
            "version": part.version,
            "licence": part.licence,
            "spdx": part.spdx,
            "files": list(part.licence_files),
        }
        for part in parts
    ]
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _print(parts: Sequence[Part], unknown: Sequence[Part]) -> None:
    print_table(
        ["from", "name", "version", "licence", "files"],
        [
            [
                part.ecosystem,
                part.name,
                part.version,
                part.spdx or part.licence or _NOT_STATED,
                ", ".join(part.licence_files),
            ]
            for part in parts
        ],
    )
    in_words = [part for part in parts if part.licence and not part.spdx]
    click.echo("")
    click.echo(f"{len(parts)} parts, {len(parts) - len(in_words) - len(unknown)} by SPDX")
    click.echo(_named("in words of their own", in_words))
    click.echo(_named(_NOT_STATED, unknown))


def _named(what: str, parts: Sequence[Part]) -> str:
    names = f": {', '.join(part.name for part in parts)}" if parts else ""
    return f"{len(parts)} {what}{names}"
