"""The skeletons that new plugins are made from, and making one.

A skeleton is a distribution as it could be shipped: real files in
``selvbetjening_core/skeletons``, written for a vendor called ``acme``. Making a
plugin copies them and puts the vendor's own name in the place of that one.
``kind.toml`` in each says what the copied files cannot say of themselves.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core import __version__

FOLDER = Path(__file__).parents[1] / "skeletons"

_SHARED = "shared"
_DESCRIPTION = "kind.toml"
_NOT_COPIED = {"__pycache__", _DESCRIPTION}


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What a plugin of one kind is made from.

    :param sentence: what such a plugin does, for lists and package indexes
    :param parts: folders whose files are copied, a later one over an earlier
    :param extras: what of ``selvbetjening`` its tests need
    :param data: patterns of the files, beside modules, that belong in its wheel
    """

    kind: str
    sentence: str
    parts: tuple[Path, ...]
    extras: tuple[str, ...]
    data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What a plugin of ``kind`` made by the vendor ``name`` is called."""

    kind: str
    name: str

    @property
    def package(self) -> str:
        """The package, which is also the name that plugin sets know the plugin by."""
        return f"{self.name}_{self.kind.replace('-', '_')}"

    @property
    def distribution(self) -> str:
        """What ``pip install`` calls it, and the name of its folder."""
        return self.package.replace("_", "-")

    @property
    def title(self) -> str:
        """The vendor in class names and sentences: ``nordlys_pay`` is ``NordlysPay``."""
        return "".join(word.capitalize() for word in self.name.split("_"))


def skeletons() -> Mapping[str, Skeleton]:
    """Every skeleton, by its kind, in the order of the alphabet."""
    files = sorted(FOLDER.glob(f"*/{_DESCRIPTION}"))
    return {file.parent.name: _described(file) for file in files}


def make(skeleton: Skeleton, names: Names, parent: Path) -> Path:
    """Make the plugin's folder inside ``parent``: whole, or not at all.

    :raises FileExistsError: there is a file or folder of that name
    :raises OSError: it cannot be written there
    """
    target = parent / names.distribution
    parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        raise FileExistsError(target)
    with _scratch(parent) as scratch:
        copy = scratch / names.distribution
        for part in skeleton.parts:
            _copy(part, copy, skeleton, names)
        copy.rename(target)
    return target


def _described(file: Path) -> Skeleton:
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    shared = (_SHARED, *told.get("shared", ()))
    return Skeleton(
        kind=file.parent.name,
        sentence=told["sentence"],
        parts=(*(FOLDER / name for name in shared), file.parent),
        extras=tuple(told.get("extras", ("testing",))),
        data=("py.typed", *told.get("data", ())),
    )


@contextlib.contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    # Beside the target, so that one rename puts it in place.
    scratch = Path(tempfile.mkdtemp(prefix=".new-plugin-", dir=parent))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _copy(part: Path, target: Path, skeleton: Skeleton, names: Names) -> None:
    for file in sorted(part.rglob("*")):
        inside = file.relative_to(part)
        if file.is_dir() or _NOT_COPIED & set(inside.parts):
            continue
        copy = target / _renamed(str(inside), skeleton, names)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8")
        copy.write_text(_renamed(text, skeleton, names), encoding="utf-8")


def _renamed(text: str, skeleton: Skeleton, names: Names) -> str:
    words = {
        "acme-plugin": names.distribution,
        "acme_plugin": names.package,
        "ACME": names.name.upper(),
        "Acme": names.title,
        "acme": names.name,
        "KIND_SENTENCE": skeleton.sentence,
        ">=0.0": _range(),
        "SELVBETJENING_EXTRAS": ",".join(skeleton.extras),
        '"PACKAGE_DATA"': ", ".join(f'"{pattern}"' for pattern in skeleton.data),
    }
    return re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], text)


def _range() -> str:
    """The versions of selvbetjening that a plugin made today may rely on."""
    major, minor = (int(part) for part in __version__.split(".")[:2])
    below = f"0.{minor + 1}" if major == 0 else f"{major + 1}"
    return f">={major}.{minor},<{below}"
