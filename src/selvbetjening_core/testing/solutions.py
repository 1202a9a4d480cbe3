"""The kit for plugins that bring solutions along."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from selvbetjening_core.definitions.solution import FILE_NAME, read_solution
from selvbetjening_core.interfaces import ISolutions
from selvbetjening_core.problems import Problems, Severity
from selvbetjening_core.testing.bench import real_time
from selvbetjening_core.testing.common import called
from selvbetjening_core.testing.conformance import broken, check, expect
from selvbetjening_core.testing.shared import SharedBench, SharedChecks
from selvbetjening_core.testing.watching import watching


@dataclass(kw_only=True)
class SolutionsBench(SharedBench):
    """A plugin with solutions."""


class SolutionsConformance(SharedChecks):
    """What a plugin that implements ``ISolutions`` is held to."""

    contract: ClassVar = ISolutions
    bench_type: ClassVar = SolutionsBench

    def use(self, bench: SolutionsBench, shared: Any) -> object:
        """Ask for the folders."""
        return _folders(shared)

    @check(
        "folders",
        "Every solution is a folder of its own, by an absolute path, with a solution.toml in it.",
        da="Hver løsning er sin egen mappe med en fuld sti og en solution.toml i.",
    )
    def test_folders(self, bench: SolutionsBench) -> None:
        """At least one; no folder under two names."""
        folders = _folders(bench.shared())
        expect(folders, "there is no solution")
        places = {folder.resolve() for folder in folders.values()}
        expect(len(places) == len(folders), "two names lead to one folder")

    @check(
        "called-by-its-folder",
        "Every solution is called what its folder is called.",
        da="Hver løsning hedder det samme som sin mappe.",
    )
    def test_called_by_its_folder(self, bench: SolutionsBench) -> None:
        """The name is part of addresses: the core takes it from the folder."""
        for name, folder in _folders(bench.shared()).items():
            expect(folder.name == name, f"{name!r} is in a folder of another name")

    @check(
        "definitions-are-right",
        "The core's own check finds nothing wrong in any of the definitions.",
        da="Kernens egen kontrol finder ingen fejl i definitionerne.",
    )
    def test_definitions_are_right(self, bench: SolutionsBench) -> None:
        """Read with the field kinds of the core and of the plugin; the first error is told."""
        kinds = bench.registration().kinds()
        problems = Problems()
        for folder in _folders(bench.shared()).values():
            read_solution(folder, kinds, real_time().date(), problems)
        errors = [one for one in problems if one.severity is Severity.ERROR]
        if errors:
            broken(f"{len(errors)} errors in the definitions; the first: {errors[0].message}")

    @check(
        "same-again",
        "Asked again, the answer is the same, also from another of its kind.",
        da="Svaret er det samme, når der spørges igen, også af en ny af slagsen.",
    )
    def test_same_again(self, bench: SolutionsBench) -> None:
        """What is in the folders, too: it does not change in between."""
        shared = bench.shared()
        first = _contents(_folders(shared))
        expect(_contents(_folders(shared)) == first, "the second answer differs from the first")
        expect(_contents(_folders(bench.shared())) == first, "another answers differently")

    @check(
        "no-effect",
        "Asking writes nothing and reaches nobody.",
        da="At spørge skriver intet og kontakter ingen.",
    )
    def test_no_effect(self, bench: SolutionsBench) -> None:
        """The folders are where they are before anybody asks."""
        shared = bench.shared()
        with watching(all_threads=True) as effects:
            _folders(shared)
        if effects:
            broken(f"asking for the folders {effects[0].what}")

    @check(
        "answer-is-a-copy",
        "Whoever changes the answer changes nobody else's.",
        da="Den, der ændrer i svaret, ændrer ikke andres.",
    )
    def test_answer_is_a_copy(self, bench: SolutionsBench) -> None:
        """Or the answer cannot be changed at all."""
        shared = bench.shared()
        answer: Any = _folders(shared)
        before = dict(answer)
        called(answer.clear if hasattr(answer, "clear") else dict)
        expect(dict(_folders(shared)) == before, "a changed answer changed the next")

    @check(
        "no-environment",
        "No definition names an environment: no address of a machine, no secret.",
        da="Ingen definition nævner et miljø: ingen maskinadresse, ingen hemmelighed.",
    )
    def test_no_environment(self, bench: SolutionsBench) -> None:
        """The same file serves test and production."""
        for name, folder in _folders(bench.shared()).items():
            text = (folder / FILE_NAME).read_text("utf-8")
            found = called(partial(tomllib.loads, text))
            expect(found.error is None, f"{FILE_NAME} of {name!r} is no TOML")
            named = [word for word in ("localhost", "127.0.0.1", "env:", "file:") if word in text]
            expect(not named, f"{name!r} names an environment: {', '.join(named)}")


def _folders(shared: Any) -> Mapping[str, Path]:
    made = called(shared.folders)
    if not isinstance(made.value, Mapping):
        broken(f"folders {made.described}; it should give a mapping")
    for name, folder in made.value.items():
        is_path = isinstance(folder, Path) and folder.is_absolute()
        expect(is_path, f"the folder of {name!r} is no absolute path")
        expect((folder / FILE_NAME).is_file(), f"the folder of {name!r} has no {FILE_NAME}")
    return made.value


def _contents(folders: Mapping[str, Path]) -> dict[str, dict[str, str]]:
    return {
        name: {
            str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }
        for name, folder in folders.items()
    }
