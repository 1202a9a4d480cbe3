"""The name that a citizen's device gave a file."""

from __future__ import annotations

import re
import unicodedata

from selvbetjening_core.uploads.refusal import FileRefused

LONGEST_NAME = 120

_RUN_BY_SOMETHING = frozenset(
    [
        "app",
        "bat",
        "bin",
        "cmd",
        "com",
        "cpl",
        "dll",
        "dmg",
        "docm",
        "elf",
        "exe",
        "hta",
        "htm",
        "html",
        "jar",
        "js",
        "jse",
        "lnk",
        "mht",
        "msi",
        "php",
        "pif",
        "ps1",
        "py",
        "reg",
        "scr",
        "sh",
        "svg",
        "swf",
        "vb",
        "vbe",
        "vbs",
        "wsf",
        "wsh",
        "xhtml",
        "xlsm",
        "xml",
    ]
)
_BETWEEN_PATHS = re.compile(r"[/\\]")
# Controls, halves of characters, and what turns the direction of text so that
# "fdp.exe" is read as "exe.pdf".
_UNWANTED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def checked_name(sent: str) -> str:
    """The name without any path, in Unicode NFC. It is shown, and never part of a path.

    :raises FileRefused: ``bad_name``: it is empty or too long, has characters that
        cannot be seen, or hides the ending of a program before its own
    """
    name = unicodedata.normalize("NFC", _BETWEEN_PATHS.split(sent)[-1]).strip()
    unseen = any(unicodedata.category(one) in _UNWANTED_CATEGORIES for one in name)
    if not name.strip(".") or len(name) > LONGEST_NAME or unseen or _hides_program(name):
        raise FileRefused("bad_name", most=LONGEST_NAME)
    return name


def _hides_program(name: str) -> bool:
    """Is it ``invoice.exe.pdf``? Some systems show a name without its last ending."""
    between = name.split(".")[1:-1]
    return any(part.strip().lower() in _RUN_BY_SOMETHING for part in between)
