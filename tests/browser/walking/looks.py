"""The looks a municipality can have, as the lines of its file that choose them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_THEME = re.compile(r"^\[theme\]\n(?:(?!\[).*\n)*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Look:
    """A look by name. ``lines`` are what ``[theme]`` says; none leave the demo's own."""

    name: str
    lines: str = ""

    def dress(self, folder: Path) -> None:
        """Give every municipality of the installation in ``folder`` this look."""
        if not self.lines:
            return
        for file in (folder / "municipalities").glob("*.toml"):
            rest = _THEME.sub("", file.read_text("utf-8"))
            file.write_text(f"{rest}\n[theme]\n{self.lines}", "utf-8")


PLAIN = Look("plain", 'name = "plain"\n')
BORGER = Look("borger.dk", 'name = "dkfds"\nlook = "borger.dk"\n')
VIRK = Look("virk", 'name = "dkfds"\nlook = "virk"\n')
MUNICIPALITY = Look("municipality")
"""Each municipality's own colour and logo, as the demo has them."""

LOOKS = {look.name: look for look in (PLAIN, BORGER, VIRK, MUNICIPALITY)}
