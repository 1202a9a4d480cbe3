"""``selvbetjening new-plugin``."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

import click

from selvbetjening_core.cli.commands import fail
from selvbetjening_core.cli.skeletons import Names, Skeleton, make, skeletons
from selvbetjening_core.composition.plugins import installed_plugins
from selvbetjening_core.files.table import closest

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
_LONGEST_NAME = 30
# What only the tree of selvbetjening itself has.
_OWN_TREE = Path("src", "selvbetjening_core", "hooks.py")

EXAMPLES = """\b
Examples:
  selvbetjening new-plugin payment acme
  selvbetjening new-plugin delivery nordlys_sag --folder ../plugins
"""


class _ListsKinds(click.Command):
    """Shows what can be made, from the skeletons that there are."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The kinds, then the examples."""
        with formatter.section("Kinds"):
            formatter.write_dl([(kind, one.sentence) for kind, one in skeletons().items()])
        super().format_epilog(ctx, formatter)


@click.command(cls=_ListsKinds, epilog=EXAMPLES)
@click.argument("kind", metavar="KIND")
@click.argument("name", metavar="NAME")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where to make it; here, if not given.",
)
def new_plugin(kind: str, name: str, folder: Path) -> None:
    """Make a plugin of your own: a distribution that passes its conformance kit at once.

    NAME is your company's or product's: lower-case letters, digits and "_".
    """
    skeleton = _skeleton(kind)
    names = Names(skeleton.kind, name)
    _check_name(name)
    _check_free(names)
    _check_folder(folder, names)
    try:
        target = make(skeleton, names, folder)
    except OSError as error:
        fail(f"{folder / names.distribution} cannot be made: {error.strerror or 'it exists'}.")
    _tell(names, target)


def _skeleton(kind: str) -> Skeleton:
    known = skeletons()
    if kind not in known:
        hint = closest(kind.lower().replace("_", "-"), known) or "."
        fail(f'There is no kind "{kind}"{hint}\nThe kinds are: {", ".join(known)}.')
    return known[kind]


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        fail(
            f'"{name}" cannot be the name: it becomes the name of a Python package.\n'
            'Write lower-case letters a-z, digits and "_" between words, such as'
            f" {_suggested(name)}."
        )
    if len(name) > _LONGEST_NAME:
        fail(f"The name has {len(name)} letters; {_LONGEST_NAME} are allowed.")
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        fail(f'"{name}" is a word of Python itself. Choose another, such as {name}_company.')
    if name == "selvbetjening":
        fail('"selvbetjening" is this project. Use the name of your company or product.')


def _suggested(name: str) -> str:
    letters = name.lower().translate({ord("æ"): "ae", ord("ø"): "oe", ord("å"): "aa"})
    words = re.sub(r"[^a-z0-9]+", "_", letters).strip("_").lstrip("0123456789_")
    return words if _NAME.fullmatch(words) else "acme"


def _check_free(names: Names) -> None:
    for plugin in installed_plugins():
        if plugin.name == names.package:
            fail(
                f'A plugin called "{plugin.name}" is installed already'
                f" ({plugin.distribution} {plugin.version}).\n"
                "Choose another name, or uninstall it:"
                f" pip uninstall {plugin.distribution}"
            )


def _check_folder(folder: Path, names: Names) -> None:
    target = folder / names.distribution
    if target.exists():
        fail(
            f"{target} exists already, and nothing was changed.\n"
            "Choose another name, or another folder with --folder."
        )
    for parent in (folder.resolve(), *folder.resolve().parents):
        if (parent / _OWN_TREE).is_file():
            fail(
                f"{folder.resolve()} is inside the repository of selvbetjening.\n"
                "A plugin lives outside it. Name a folder elsewhere:"
                f" --folder {parent.parent / 'plugins'}"
            )


def _tell(names: Names, target: Path) -> None:
    here = target if target.is_absolute() else f"./{target}"
    click.echo(f'{target} is made: the plugin "{names.package}".\n')
    click.echo("Prove it, as it is:")
    click.echo(f"  pip install -e '{here}[test]'")
    click.echo(f"  selvbetjening conformance {names.distribution}\n")
    click.echo(f"Then make it yours: {target / 'README.md'} says what to fill in.")
