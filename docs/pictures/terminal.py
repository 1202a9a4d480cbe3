"""What a command says, as a picture of a terminal. The command is run; nothing is made up."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

import selvbetjening_solutions
from selvbetjening_demo.folder import prepare_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_DETAIL = 2
_WIDTH = 900
_NOWHERE = {
    "SELVBETJENING_DEMO_PROVIDER": "http://127.0.0.1:9",
    "SELVBETJENING_DEMO_SMTP": "smtp://127.0.0.1:9",
    "PYTHONWARNINGS": "ignore",
}
_PACKAGES = Path(selvbetjening_solutions.__file__).parents[1]
_COLOURS = {
    r"^(\$ .*)$": "command",
    r"(error \[[a-z-]+\])": "error",
    r"(warning \[[a-z-]+\])": "warning",
    r"^(\s+→ .*)$": "advice",
}
_PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 20px; background: #e4e8ea; }}
pre {{ margin: 0; padding: 20px 24px 24px; border-radius: 10px; background: #16222a;
  color: #dbe4e8; font: 15px/1.55 "DejaVu Sans Mono", monospace; white-space: pre-wrap;
  overflow-wrap: anywhere; }}
.command {{ color: #fff; font-weight: bold; }} .error {{ color: #ff8f86; font-weight: bold; }}
.warning {{ color: #ffd479; font-weight: bold; }} .advice {{ color: #8fdcae; }}
</style><pre>{text}</pre>"""


def picture(browser: Browser, text: str) -> Image.Image:
    """``text`` in a terminal's letters, with what matters in colour."""
    page = browser.new_page(viewport={"width": _WIDTH, "height": 200}, device_scale_factor=_DETAIL)
    page.set_content(_PAGE.format(text=_coloured(text)))
    taken = page.screenshot(full_page=True)
    page.close()
    return Image.open(io.BytesIO(taken))


def _coloured(text: str) -> str:
    shown = escape(text, quote=False)
    for pattern, name in _COLOURS.items():
        shown = re.sub(pattern, rf'<span class="{name}">\1</span>', shown, flags=re.MULTILINE)
    return shown


def _check() -> str:
    """Two mistakes in a municipality's file: a key misspelt, and a component that is not there."""

    def mistaken(municipality: Path) -> None:
        text = municipality.read_text("utf-8")
        text = re.sub(r'(case_system\s+= )"journal"', r'\1"jurnal"', text)
        municipality.write_text(re.sub(r"^phone  ", "phon   ", text, flags=re.MULTILINE), "utf-8")

    return _said("check --config demo", mistaken)


def _why() -> str:
    """Who takes the money for a health card in Aarhus."""
    return _said("why payment --municipality 0751 --solution sundhedskort --config demo")


def _said(arguments: str, change: Callable[[Path], None] | None = None) -> str:
    """The command and what it said, run beside a demo that ``change`` may have changed."""
    with tempfile.TemporaryDirectory() as folder:
        demo = prepare_folder(Path(folder) / "demo")
        if change is not None:
            change(demo / "municipalities" / "0773.toml")
        # Relative paths in sys.path would not lead anywhere from there.
        path = os.pathsep.join(str(Path(one).resolve()) for one in sys.path if one)
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "selvbetjening_core.cli", *arguments.split()],
            cwd=folder,
            env={**os.environ, **_NOWHERE, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    # Where a picture was taken is nobody's business.
    said = done.stdout.replace(f"{_PACKAGES}{os.sep}", "").replace(f"{demo}{os.sep}", "demo/")
    return f"$ selvbetjening {arguments}\n{said.rstrip()}"


PICTURES: Mapping[str, Callable[[], str]] = {"check": _check, "why": _why}
