from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
VENDOR = HERE / "vendor"
_MARK = re.compile(r"#\s*planted(?: in (?P<file>\S+))?: (?P<codes>[a-z0-9, -]+)$")


def marks_in(file):
    """(file, line, code) of every planted problem that ``file`` tells of.

    A mark on a line of its own is about the line below; ``planted in NAME`` is
    about a whole file of that name beside it.
    """
    lines = file.read_bytes().decode("utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        found = _MARK.search(line)
        if found is None:
            continue
        about, where = file, number
        if found["file"]:
            about, where = file.parent / found["file"], 0
        elif line.strip().startswith("#"):
            where = number + 1
        for code in found["codes"].split(","):
            yield about, where, code.strip()


def planted_in(*folders):
    files = (file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file())
    texts = (file for file in files if file.suffix in {".toml", ".tml", ".py"})
    return Counter(mark for file in texts for mark in marks_in(file))


@pytest.fixture(scope="session")
def planted():
    return planted_in


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A folder that holds the vendors' distributions as pip would install them."""
    folder = tmp_path_factory.mktemp("site")
    points = (VENDOR / "entry_points.txt").read_text(encoding="utf-8")
    distribution(folder, "acme", "1.2.3", points)
    distribution(folder, "other", "0.1", "[selvbetjening.plugins]\nacme_twice = acme_good\n")
    return folder


def distribution(folder, name, version, points):
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(points)


@pytest.fixture(scope="session")
def selvbetjening(site):
    """Run the command in a process of its own, as a person would."""

    def run(*arguments, cwd=HERE, **environment):
        path = os.pathsep.join([str(site), str(VENDOR), os.environ.get("PYTHONPATH", "")])
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "selvbetjening_core.cli", *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def check(selvbetjening):
    def run(installation):
        done = selvbetjening("check", "--config", str(installation), "--format", "json")
        return done, json.loads(done.stdout)

    return run
