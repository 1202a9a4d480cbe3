"""Keeps the figures of a whole run where others can read them: docs/evidence."""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "evidence"
_TESTS = """# {title}

Made by `tox run -e {name}` on {date}, at commit {commit}, with Python {python} on {machine}.
Do not edit it: run the command again.

{passed} tests passed, {left_out} were left out, in {seconds} seconds.

| tests | passed |
|---|---:|
{rows}
"""


def write(name: str, figures: Mapping[str, object], page: str) -> None:
    """Write ``NAME.json`` and ``NAME.md``. Done again, the new run replaces the old.

    :param page: the page, with the names of figures in braces
    """
    found = {**figures, **about_the_run()}
    text = json.dumps(dict(sorted(found.items())), indent=2, ensure_ascii=False)
    (FOLDER / f"{name}.json").write_text(f"{text}\n", "utf-8")
    (FOLDER / f"{name}.md").write_text(page.format(**found), "utf-8")


def write_tests(name: str, passed: Mapping[str, int], left_out: int, seconds: int) -> None:
    """What a run of tests came to.

    :param passed: how many passed, by the name of their file
    """
    titles = {"vendor": "A foreign distribution and every skeleton", "embed": "Inside other sites"}
    rows = "\n".join(f"| `{file}` | {count} |" for file, count in sorted(passed.items()))
    figures = {"files": dict(passed), "passed": sum(passed.values())}
    figures |= {"left_out": left_out, "seconds": seconds}
    about = {"title": titles.get(name, name), "name": name}
    page = _TESTS
    for key, value in {**about, "rows": rows}.items():
        page = page.replace(f"{{{key}}}", value)
    write(name, figures, page)


def about_the_run() -> dict[str, str]:
    """When, of what, with what and on what."""
    return {
        "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "commit": commit(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


def commit() -> str:
    """The commit that was tested; says so where the tree differed from it."""
    found = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("diff", "--name-only", "HEAD", "--", ":/src", ":/tests")
    return f"{found} with changes" if found and changed else found or "unknown"


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=FOLDER, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip()
