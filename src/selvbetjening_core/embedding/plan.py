"""Reading an installation for a site, with every mistake told where the site starts."""

from __future__ import annotations

import datetime
from pathlib import Path

from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import Plan, read_plan


def plan_of(installation: str | Path) -> Plan:
    """The installation as written down, checked.

    :raises ConfigurationError: with a note for each mistake, which a traceback shows
    """
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return read_plan(Path(installation), register_core, today)
