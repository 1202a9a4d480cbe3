"""Fetching the receipt's typefaces at build time: npm, then only the files needed.

``setup.py`` runs it, in an environment that has nothing of ours but this file.
Without the files receipts are set in the typefaces that are within Typst.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parent
NPM_FOLDER = FOLDER / "npm"
FONTS = FOLDER / "fonts"

_PLEX = "dkfds/dist/fonts/IBMPlexSans/complete/otf"
_DEJAVU = "dejavu-fonts-ttf"
_FILES = {
    "IBMPlexSans-Regular.otf": f"{_PLEX}/IBMPlexSans-Regular.otf",
    "IBMPlexSans-SemiBold.otf": f"{_PLEX}/IBMPlexSans-SemiBold.otf",
    "IBMPlexSans-LICENSE.txt": f"{_PLEX}/license.txt",
    "DejaVuSans.ttf": f"{_DEJAVU}/ttf/DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf": f"{_DEJAVU}/ttf/DejaVuSans-Bold.ttf",
    "DejaVuSans-LICENSE.txt": f"{_DEJAVU}/LICENSE",
}
_STAMP = "stamp.txt"


def fetch_fonts(
    npm: Callable[[Path], None],
    replace: Callable[[Path, Path, str], None],
    fonts: Path = FONTS,
) -> bool:
    """Put the typefaces into ``fonts``; whether anything had to be done.

    What is there is replaced whole or not at all. Done again with the same lock
    file, it does nothing.

    :param npm: installs what the lock file in a folder names, checked by its
        hashes, into the folder's ``node_modules``; what it raises is passed on
    :param replace: puts a copy, which holds the stamp given, in the place of a folder
    """
    stamp = _stamp()
    if (fonts / _STAMP).is_file() and (fonts / _STAMP).read_text("ascii") == stamp:
        return False
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        shutil.copytree(NPM_FOLDER, work, dirs_exist_ok=True)
        npm(work)
        copy = work / "copy"
        copy.mkdir()
        for target, source in _FILES.items():
            shutil.copyfile(work / "node_modules" / source, copy / target)
        (copy / _STAMP).write_text(stamp, encoding="ascii")
        replace(fonts, copy, stamp)
    return True


def _stamp() -> str:
    """Changes with the lock file, and with what is taken."""
    recipe = (NPM_FOLDER / "package-lock.json", Path(__file__))
    return hashlib.sha256(b"".join(file.read_bytes() for file in recipe)).hexdigest()
