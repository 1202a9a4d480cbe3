"""The installation: where everything is, and whether it is a demo."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core.composition.secrets import is_reference
from selvbetjening_core.files import Table, load_toml
from selvbetjening_core.problems import Place, Problems

FILE_NAME = "selvbetjening.toml"
MODES = ("demo", "production")
_PACKAGE = "package:"


@dataclass(frozen=True, slots=True)
class Installation:
    """What ``selvbetjening.toml`` says. Paths are absolute.

    ``solutions`` maps a solution's name to its folder; ``database`` and
    ``keys`` are references or values as written. A delivery attempt may take
    ``attempt_seconds``; ``grace_seconds`` later it is taken for abandoned.
    """

    folder: Path
    mode: str
    plugin_sets: tuple[Path, ...]
    municipalities: tuple[Path, ...]
    solutions: dict[str, Path]
    database: str
    keys: str
    attempt_seconds: int
    grace_seconds: int
    place: Place

    @property
    def is_demo(self) -> bool:
        """In demo mode only, parts that pretend are allowed."""
        return self.mode == "demo"


def read_installation(file: Path, problems: Problems) -> Installation | None:
    """Read the installation's file; None where it cannot be read at all."""
    toml = load_toml(file, problems)
    if toml is None:
        return None
    root = Table.whole(toml, problems)
    head = root.table("installation", required=True)
    if head is None:
        return None
    folder = file.resolve().parent
    store = root.table("store", required=True)
    delivery = root.table("delivery") or Table(toml, {}, ("delivery",), problems)
    found = Installation(
        folder=folder,
        mode=head.choice("mode", MODES, code="unknown-mode", default="production"),
        plugin_sets=_files(head, "plugin_sets", folder, "a plugin set"),
        municipalities=_files(head, "municipalities", folder, "a municipality"),
        solutions=_solutions(head, folder),
        database=store.text("database") if store else "",
        keys=_keys(store) if store else "",
        attempt_seconds=_seconds(delivery, "attempt_seconds", 30),
        grace_seconds=_seconds(delivery, "grace_seconds", 10),
        place=root.place(),
    )
    if store:
        store.finish()
    delivery.finish()
    head.finish()
    root.finish()
    return found


def _keys(store: Table) -> str:
    keys = store.text("keys")
    if keys and not is_reference(keys):
        store.error(
            "plain-secret",
            '"keys" must say where the keys are kept',
            'write keys = "file:PATH"',
            "keys",
        )
    return keys


def _seconds(delivery: Table, key: str, default: int) -> int:
    return delivery.number(key, required=False, default=default, minimum=1, maximum=600)


def _files(head: Table, key: str, folder: Path, what: str) -> tuple[Path, ...]:
    name = head.text(key, required=False, default=key)
    found = tuple(sorted((folder / name).glob("*.toml")))
    if not found:
        head.error(
            "nothing-found",
            f'the folder "{name}" holds no file',
            f"write {what} as a .toml file in it",
            key,
        )
    return found


def _solutions(head: Table, folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for position, name in enumerate(head.text_list("solutions")):
        base = _solution_base(name, folder)
        if base is None or not base.is_dir():
            head.error(
                "nothing-found",
                f'there is no folder or installed package "{name}"',
                'write a folder, or "package:NAME" of an installed package',
                "solutions",
                position,
            )
            continue
        for solution in _folders(base):
            if solution.name in found:
                head.error(
                    "solution-twice",
                    f'the solution "{solution.name}" is in {found[solution.name].parent}'
                    f" and in {base}",
                    "give one of the folders another name",
                    "solutions",
                    position,
                )
            found.setdefault(solution.name, solution)
    return found


def _solution_base(name: str, folder: Path) -> Path | None:
    if not name.startswith(_PACKAGE):
        return folder / name
    try:
        spec = importlib.util.find_spec(name.removeprefix(_PACKAGE))
    except (ImportError, ValueError):
        return None
    return Path(spec.origin).parent if spec and spec.origin else None


def _folders(base: Path) -> Iterator[Path]:
    return (path for path in sorted(base.iterdir()) if path.is_dir() and path.name[:1] not in "._")
