"""When the accessibility statement was last looked through."""

from __future__ import annotations

import datetime

from selvbetjening_core.files import Table
from selvbetjening_core.problems import Problems

KEY = "accessibility_reviewed"
OLD_AFTER_DAYS = 365
"""It must be brought up to date every year (bekendtgørelse nr. 904 af 22. august 2019)."""


def check_review(root: Table, today: datetime.date, mode: str, problems: Problems) -> None:
    """Warn where the statement may be too old, or nobody says how old it is.

    A demo has no statement to look through, so there it may be left out.
    """
    reviewed = root.date(KEY, required=False)
    if reviewed is None:
        if mode != "demo" and not root.has(KEY):
            problems.warning(
                "accessibility-not-dated",
                root.place("accessibility_url"),
                "nothing says when the accessibility statement was last looked through",
                f"add {KEY} = (the date at the foot of the statement)",
            )
    elif reviewed > today:
        problems.error(
            "accessibility-not-yet",
            root.place(KEY),
            f"the accessibility statement cannot have been looked through on {reviewed} yet",
            "write the date at the foot of the statement",
        )
    elif (today - reviewed).days > OLD_AFTER_DAYS:
        problems.warning(
            "accessibility-old",
            root.place(KEY),
            f"the accessibility statement is from {reviewed}, over 12 months ago",
            "look it through in the WAS-Tool, then write the new date here",
        )
