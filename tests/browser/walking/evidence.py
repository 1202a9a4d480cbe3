"""The figures of a whole run, kept where others can read them: docs/evidence/browser.*."""

from __future__ import annotations

from collections.abc import Mapping

import evidence
from walking.examine import Figures
from walking.extent import DESK, LOOK_NAMES, PHONE
from walking.town import MUNICIPALITIES

_ROWS = {
    "tests": "Tests passed",
    "walks": "Walks in which every page was examined",
    "pages": "Pages and states of a page",
    "states": "Times a page was examined",
    "axe_runs": "Runs of axe-core",
    "axe_violations": "Violations that axe found",
    "fit_findings": "Text cut off or beyond the edge, targets under 24 px",
    "foreign_requests": "Requests to another host",
    "policy_violations": "Violations of the content security policy",
    "console_errors": "Errors and warnings in the console",
    "seconds": "Seconds",
}
_PAGE = """# Pages in a browser

Made by `tox run -e browser` on {date}, at commit {commit}, with Chromium {chromium} and
axe-core {axe}. Do not edit it: run the command again.

Looks: {looks}. Municipalities: {municipalities}. Widths: {widths} px; text at twice its size
at 640 px; once a look by keyboard alone, and once without scripts. Each page was examined
empty, with errors, and complete.

| | |
|---|---:|
{rows}

Each check of a page has a negative control in `tests/browser/test_controls.py`: a fault
planted in a good page that turns it red.
"""


def write_evidence(figures: Figures, about: Mapping[str, object]) -> None:
    """Write ``browser.json`` and ``browser.md``. Done again, the new run replaces the old.

    :param about: what else is known of the run: ``tests``, ``seconds``, ``chromium``, ``axe``
    """
    found = {**figures.as_data(), **about}
    lists = {"looks": LOOK_NAMES, "municipalities": MUNICIPALITIES, "widths": (PHONE, DESK)}
    page = _PAGE.replace("{widths}", f"{PHONE} and {DESK}")
    for name in ("looks", "municipalities"):
        page = page.replace(f"{{{name}}}", ", ".join(lists[name]))
    rows = "\n".join(f"| {title} | {found[name]} |" for name, title in _ROWS.items())
    evidence.write("browser", {**found, **lists}, page.replace("{rows}", rows))
