"""Where wheels of others are built, installed and run: away from the tree."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "tests" / "vendor_example"
# Says what is to be run: all of it, in the environment made for it.
WANTED = "SELVBETJENING_VENDOR"
_SECONDS = 300


@dataclass
class Workplace:
    """A folder, and what is installed in it beside what this Python has."""

    folder: Path
    site: Path = field(init=False)

    def __post_init__(self) -> None:
        self.site = self.folder / "site"
        self.site.mkdir()

    def install(self, project: Path) -> Path:
        """Build a wheel of ``project``, install it here, and give the wheel."""
        wheels = self.folder / "wheels"
        alone = ("--no-index", "--no-deps", "--no-build-isolation", "--quiet")
        self._pip("wheel", *alone, "--wheel-dir", str(wheels), str(project))
        wheel = next(wheels.glob(f"{project.name.replace('-', '_')}-*.whl"), None)
        wheel = wheel or max(wheels.glob("*.whl"), key=lambda one: one.stat().st_mtime)
        self._pip("install", *alone, "--upgrade", "--target", str(self.site), str(wheel))
        return wheel

    def selvbetjening(self, *arguments: str, cwd: Path | None = None):
        """The command, as a municipality would call it."""
        return self.python("-m", "selvbetjening_core.cli", *arguments, cwd=cwd)

    def pytest(self, project: Path):
        """A distribution's own tests, against what is installed."""
        return self.python("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", cwd=project)

    def python(self, *arguments: str, cwd: Path | None = None):
        """This Python, with what is installed here, in a folder of nobody's."""
        environment = {
            **{name: value for name, value in os.environ.items() if "SELVBETJENING" not in name},
            "PYTHONPATH": os.pathsep.join(filter(None, [str(self.site), _python_path()])),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONIOENCODING": "utf-8",
            "NO_COLOR": "1",
            "COLUMNS": "120",
        }
        environment.pop("PYTEST_ADDOPTS", None)
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd or self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )

    def _pip(self, *arguments: str) -> None:
        done = self.python("-W", "ignore", "-m", "pip", *arguments)
        assert done.returncode == 0, done.stdout


def _python_path() -> str:
    # Empty in tox, where our own wheel is installed.
    return os.environ.get("PYTHONPATH", "")
