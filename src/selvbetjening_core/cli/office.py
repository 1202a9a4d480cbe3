"""What the commands about deliveries share: the store, the municipalities meant, and who asks."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from selvbetjening_core.cli.commands import config_option, fail
from selvbetjening_core.cli.records import Records, records_or_exit
from selvbetjening_core.composition.municipality_file import MunicipalityFile
from selvbetjening_core.errors import OperatingRefused, StoreUnavailable
from selvbetjening_core.files.table import closest
from selvbetjening_core.journey.records import Delivery

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Office:
    """The records, and the municipalities that were meant."""

    records: Records
    files: Mapping[str, MunicipalityFile]

    def find(self, delivery_id: str) -> tuple[str, Delivery]:
        """The municipality of a delivery, and the delivery; ends the program if there is none."""
        found = []
        for code in self.files:
            with self.records.store.transaction(code) as work:
                one = work.deliveries.get(delivery_id)
            if one is not None:
                found.append((code, one))
        if not found:
            fail(f'There is no delivery "{delivery_id}". "selvbetjening deliveries" lists the ids.')
        if len(found) > 1:
            fail(
                f'Several municipalities have a delivery "{delivery_id}". Say which:'
                " --municipality CODE"
            )
        return found[0]

    def receiver(self, name: str) -> str:
        """The one municipality with a receiver of that name; ends the program if there is none."""
        having = [code for code, file in self.files.items() if name in file.deliverers]
        if not having:
            every = sorted({one for file in self.files.values() for one in file.deliverers})
            fail(
                f'There is no receiver "{name}"{closest(name, every) or "."}'
                f" There are: {', '.join(every) or 'none'}."
            )
        if len(having) > 1:
            fail(
                f'Several municipalities have a receiver "{name}": {", ".join(having)}. Say which:'
                " --municipality CODE"
            )
        return having[0]


@contextmanager
def office(config: str | None, municipality: str | None) -> Iterator[Office]:
    """The office while a command works in it. What cannot be done is said, and exit code 2."""
    with closing(records_or_exit(config)) as records:
        files = dict(records.files)
        if municipality is not None and municipality not in files:
            fail(f'There is no municipality "{municipality}" here. There are: {", ".join(files)}.')
        chosen = {municipality: files[municipality]} if municipality else files
        try:
            yield Office(records, chosen)
        except (OperatingRefused, StoreUnavailable) as error:
            fail(str(error))


def municipality_option(command: F) -> F:
    """The option ``--municipality``."""
    option: Callable[[F], F] = click.option(
        "--municipality", "-m", help="Only this kommunekode, such as 0773."
    )
    return option(command)


def by_option(command: F) -> F:
    """The option ``--by``."""
    option: Callable[[F], F] = click.option(
        "--by",
        metavar="NAME",
        help="Who does it, for the audit log; otherwise the name you are logged in with here.",
    )
    return option(command)


def office_options(command: F) -> F:
    """``--config`` and ``--municipality``, which may also stand in front of the command."""
    return municipality_option(config_option(command))


def meant(config: str | None, municipality: str | None) -> tuple[str | None, str | None]:
    """The two options, wherever they were written."""
    before: tuple[str | None, str | None] = click.get_current_context().obj or (None, None)
    return config or before[0], municipality or before[1]


def actor(by: str | None) -> str:
    """Who does it: as was said, else the user of the operating system."""
    name = (by or "").strip() or system_user()
    if not name:
        fail("Nobody can tell who you are. Say it: --by NAME")
    return name


def system_user() -> str:
    """The user of the operating system, the one before ``sudo``; empty: it has no name."""
    try:
        return os.environ.get("SUDO_USER", "") or getpass.getuser()
    except (KeyError, OSError):
        # No name for the number that the process runs under.
        return ""
