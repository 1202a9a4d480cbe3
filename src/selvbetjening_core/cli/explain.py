"""``selvbetjening explain``."""

from __future__ import annotations

import itertools

import click

from selvbetjening_core.cli.commands import fail
from selvbetjening_core.explanations import Explained, explanations
from selvbetjening_core.files.table import closest

_WIDTH = 80


@click.command()
@click.argument("code", nargs=-1, metavar="[CODE]")
def explain(code: tuple[str, ...]) -> None:
    """Say what the CODE of a problem or error means, why it matters, and what to do.

    Without CODE, list all of them.
    """
    # As the report shows it, [unknown-key], or from memory: unknown key.
    wanted = "-".join(" ".join(code).strip("[]").lower().split())
    if not code:
        _print_all()
        return
    known = explanations()
    if wanted not in known:
        fail(
            f'There is no code "{wanted}"{closest(wanted, known)}\nselvbetjening explain lists all.'
        )
    _print(known[wanted])


def _print_all() -> None:
    for area, group in itertools.groupby(explanations().values(), key=lambda one: one.area):
        click.secho(area, bold=True)
        for one in group:
            click.echo(f"  {one.code}")
            _print_text(one.happened, "      ")


def _print(one: Explained) -> None:
    click.secho(one.code, bold=True)
    for title, text in (
        ("What happened", one.happened),
        ("Why it matters", one.matters),
        ("What to do", one.do),
    ):
        click.echo(f"\n{title}:")
        _print_text(text, "  ")
    for title, example in (("Before", one.before), ("After", one.after)):
        if example:
            click.echo(f"\n{title}:")
            for line in example.splitlines():
                click.echo(f"  {line}".rstrip())


def _print_text(text: str, indent: str) -> None:
    click.echo(click.wrap_text(text, _WIDTH, indent, indent))
