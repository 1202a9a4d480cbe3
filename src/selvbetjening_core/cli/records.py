"""The store alone, for commands that only look into it: no component is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from selvbetjening_core.cli.commands import fail, needs_extra, plan_or_exit
from selvbetjening_core.cli.report import print_problems
from selvbetjening_core.errors import ConfigurationError, SelvbetjeningError

if TYPE_CHECKING:
    from selvbetjening_core.composition.municipality_file import MunicipalityFile
    from selvbetjening_core.store.store import SqlStore


@dataclass(frozen=True, slots=True)
class Records:
    """What is stored, and the municipalities it belongs to, by code.

    :param heads: the file that heads of the audit log are exported to; None: there is none
    """

    store: SqlStore
    files: Mapping[str, MunicipalityFile]
    heads: Path | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The kommunekoder."""
        return tuple(self.files)

    def close(self) -> None:
        """Close the database."""
        self.store.close()


def records_or_exit(config: str | None) -> Records:
    """The records of an installation; on errors print them all and end the program.

    Needs neither secrets of components nor outside systems.
    """
    try:
        # Only what keeps submissions needs the extra.
        from selvbetjening_core.opening import open_store  # noqa: PLC0415
    except ModuleNotFoundError as error:
        needs_extra("Keeping submissions", "store", error)
    plan = plan_or_exit(config)
    try:
        heads = plan.installation.audit.heads
        return Records(open_store(plan), plan.municipalities, heads)
    except ConfigurationError as error:
        print_problems(error.problems)
        raise SystemExit(1) from None
    except SelvbetjeningError as error:
        fail(str(error))
