"""What the commands share: lazy loading, finding the installation, failing clearly."""

from __future__ import annotations

import datetime
import difflib
import importlib
import importlib.util
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from selvbetjening_core.builtin import register_core
from selvbetjening_core.cli.report import print_problems
from selvbetjening_core.composition.compose import Plan, read_plan
from selvbetjening_core.composition.installation import FILE_NAME, package_folder
from selvbetjening_core.errors import ConfigurationError, NotInstalled

F = TypeVar("F", bound=Callable[..., Any])

_PACKAGE = "package:"
_DEMO = "selvbetjening_demo"


class LazyGroup(click.Group):
    """A group that imports a command when it is used, so that ``--help`` is quick.

    :param commands_by_name: for each command ``module:function`` and one sentence
    """

    def __init__(
        self, *args: Any, commands_by_name: Mapping[str, tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._by_name = commands_by_name

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order they were given."""
        return list(self._by_name)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command."""
        if cmd_name not in self._by_name:
            return None
        module, _, name = self._by_name[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._by_name.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click, with a suggestion for a misspelt command."""
        if args and args[0] not in self._by_name:
            near = difflib.get_close_matches(args[0], self._by_name, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            ctx.fail(f'There is no command "{args[0]}".{hint}')
        return super().resolve_command(ctx, args)


def config_option(command: F) -> F:
    """The option ``--config``, common to all commands."""
    option: Callable[[F], F] = click.option(
        "--config",
        "-c",
        envvar="SELVBETJENING_CONFIG",
        show_default=FILE_NAME,
        help="The installation's file, or package:NAME for one that is shipped in a package.",
    )
    return option(command)


def config_file(config: str | None, *, or_demo: bool = False) -> Path:
    """The file meant by ``--config``; ends the program with a hint if there is none.

    :param or_demo: for commands that only read: where nothing was named and
        nothing is here, take the shipped demo, and say so
    """
    if config is None and or_demo and not Path(FILE_NAME).exists() and package_folder(_DEMO):
        click.echo(f"No {FILE_NAME} here: this is the shipped demo.", err=True)
        config = f"{_PACKAGE}{_DEMO}"
    config = FILE_NAME if config is None else config
    file = _in_package(config) if config.startswith(_PACKAGE) else Path(config)
    try:
        file = file / FILE_NAME if file.is_dir() else file
        is_there = file.is_file()
    except OSError as error:
        fail(f"The file cannot be read: {error.strerror}.")
    if not is_there:
        meant = _misnamed(file)
        if meant:
            fail(f'There is no file {file}, but a file {meant}.\nCall it "{file.name}".')
        fail(
            f"There is no file {file}.\n"
            "Name the installation's file with --config, or look at the shipped demo:"
            f" --config {_PACKAGE}{_DEMO}"
        )
    return file


def _misnamed(file: Path) -> Path | None:
    """The file that was meant, where an editor or a person gave it another ending."""
    meant = {file.name.lower(), f"{file.name}.txt".lower()}
    try:
        here = sorted(file.parent.iterdir())
    except OSError:
        return None
    return next((one for one in here if one.name.lower() in meant and one.is_file()), None)


def plan_or_exit(config: str | None, *, or_demo: bool = False) -> Plan:
    """Read the installation; on errors print them all and end the program."""
    try:
        return read_plan(config_file(config, or_demo=or_demo), register_core, today())
    except ConfigurationError as error:
        print_problems(error.problems)
        raise SystemExit(1) from None


_OF_STORE = ("alembic", "cryptography", "sqlalchemy")


def needs_extra(part: str, extra: str, error: ImportError) -> NoReturn:
    """End the program, saying which extra to install.

    :param extra: the one of the part; where it is the store's that is missing, that one
    """
    if (error.name or "").partition(".")[0] in _OF_STORE:
        extra = "store"
    fail(f"{NotInstalled(part, extra)}\n({error})")


def can_show_forms() -> bool:
    """Is there what forms are shown with? An install for vendors and embedders has it not."""
    return importlib.util.find_spec("deform") is not None


def hush_deform() -> None:
    """Deform warns of what it still uses; there is nothing an operator can do about it."""
    warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning)
    warnings.filterwarnings("ignore", "Deprecated call to `pkg_resources", DeprecationWarning)


def today() -> datetime.date:
    """The date used for dated data."""
    return datetime.datetime.now(tz=datetime.UTC).date()


def fail(message: str) -> NoReturn:
    """Print a message to the error stream and end with exit code 2."""
    click.echo(message, err=True)
    raise SystemExit(2)


def _in_package(config: str) -> Path:
    name = config.removeprefix(_PACKAGE)
    folder = package_folder(name)
    if folder is None:
        fail(f'There is no installed package "{name}".')
    return folder / "installation"
