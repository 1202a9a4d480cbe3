"""The kit for plugins that make solutions from other systems' files."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Any, ClassVar

from selvbetjening_core.composition.register import FORMAT
from selvbetjening_core.definitions.solution import FILE_NAME
from selvbetjening_core.interfaces import IImporter
from selvbetjening_core.testing.attempts import in_threads
from selvbetjening_core.testing.common import called
from selvbetjening_core.testing.conformance import broken, check, expect
from selvbetjening_core.testing.evaluating import evaluations
from selvbetjening_core.testing.shared import SharedBench, SharedChecks
from selvbetjening_core.testing.watching import watching
from selvbetjening_core.values import Imported, Mapped, SourceFile

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_ANYTHING = (
    SourceFile("", b""),
    SourceFile("x", b"\x00\xff\xfe"),
    SourceFile("x.xml", b"<a>" * 5_000),
    SourceFile("x.json", b"[" * 50_000),
    SourceFile("x.zip", b"PK\x03\x04\x00"),
    SourceFile("æ\u0000/../x.csv", "æøå;æøå\n".encode("latin-1")),
    SourceFile("x.txt", b"x" * 2_000_000),
)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A file of the format, and the elements that are in it.

    :param elements: the path of each, as the importer calls it
    :param unknown: those among them that the format's own tools would not know
    """

    source: SourceFile
    elements: frozenset[str]
    unknown: frozenset[str] = frozenset()


@dataclass(kw_only=True)
class ImporterBench(SharedBench):
    """An importer, and files of its format. Write down by hand what is in them.

    :param samples: at least one; one of them with unknown elements
    :param with_code: a file whose texts hold what could be run: expressions,
        templates, entities that name other files
    :param malformed: files that begin like the format and cannot be read, and a
        word each that says where, as it has to stand in the error's sentence
    """

    samples: tuple[Sample, ...]
    with_code: SourceFile
    malformed: Mapping[str, SourceFile]


class ImporterConformance(SharedChecks):
    """What a plugin that implements ``IImporter`` is held to."""

    contract: ClassVar = IImporter
    bench_type: ClassVar = ImporterBench

    def use(self, bench: ImporterBench, shared: Any) -> object:
        """Convert the first sample."""
        return _convert(shared, bench.samples[0].source)

    @check(
        "format",
        "The word for its format is one word in lower case.",
        da="Ordet for dens format er ét ord med små bogstaver.",
    )
    def test_format(self, bench: ImporterBench) -> None:
        """It is written on the command line."""
        word = bench.shared().format
        fits = isinstance(word, str) and FORMAT.fullmatch(word) is not None
        expect(fits, "the format is no word in lower case")

    @check(
        "recognises",
        "It recognises its own files and no others, and raises on none.",
        da="Den genkender sine egne filer og ingen andre og fejler aldrig på en fil.",
    )
    def test_recognises(self, bench: ImporterBench) -> None:
        """Every sample; nonsense, other formats, half a file, very deep nesting."""
        shared = bench.shared()
        own = [sample.source for sample in bench.samples]
        halves = [SourceFile(one.name, one.content[: len(one.content) // 2]) for one in own]
        for source in (*own, *_ANYTHING, *halves, *bench.malformed.values()):
            made = called(partial(shared.recognises, source))
            expect(isinstance(made.value, bool), f"recognises {made.described} for a file")
            expect(made.value or source not in own, "a file of its own format is not recognised")
            expect(not made.value or source not in _ANYTHING, "a foreign file is recognised")

    @check(
        "every-element-once",
        "Every element of the source is accounted for, exactly once.",
        da="Der gøres rede for hvert element i kilden præcis én gang.",
    )
    def test_every_element_once(self, bench: ImporterBench) -> None:
        """Against the list that was written by hand."""
        shared = bench.shared()
        for sample in bench.samples:
            counted = Counter(
                element.source
                for imported in _convert(shared, sample.source)
                for element in imported.elements
            )
            lost = sorted(sample.elements - counted.keys())
            expect(not lost, f"nothing is said of {', '.join(lost[:3])}")
            doubled = sorted(name for name, times in counted.items() if times > 1)
            expect(not doubled, f"accounted for more than once: {', '.join(doubled[:3])}")
            invented = sorted(counted.keys() - sample.elements)
            expect(not invented, f"not in the source: {', '.join(invented[:3])}")

    @check(
        "unknown-stops-nothing",
        "An unknown element stops nothing: it stays as a visible placeholder.",
        da="Et ukendt element standser intet: det bliver stående som synlig pladsholder.",
    )
    def test_unknown_stops_nothing(self, bench: ImporterBench) -> None:
        """The others are converted; what is different or missing is said in words."""
        expect(any(sample.unknown for sample in bench.samples), "no sample has unknown elements")
        shared = bench.shared()
        for sample in bench.samples:
            for imported in _convert(shared, sample.source):
                for element in imported.elements:
                    is_unknown = element.source in sample.unknown
                    is_left = element.mapped is Mapped.NOT
                    expect(not is_unknown or is_left, "an unknown element was taken over")
                    is_told = element.mapped is Mapped.EXACTLY or bool(element.note.strip())
                    expect(is_told, f"{element.mapped}, and no note says how")

    @check(
        "solution-files",
        "What is made is a solution.toml that can be read, under names that are safe.",
        da="Det, der laves, er en læsbar solution.toml under navne, der er sikre.",
    )
    def test_solution_files(self, bench: ImporterBench) -> None:
        """And each target that is named is in it."""
        shared = bench.shared()
        for sample in bench.samples:
            for imported in _convert(shared, sample.source):
                expect(_NAME.fullmatch(imported.name), "the solution's name is no word")
                unsafe = [name for name in imported.files if not _is_safe(name)]
                expect(not unsafe, "a file's name leads out of the solution's folder")
                definition = _definition(imported)
                for element in imported.elements:
                    is_there = not element.target or _is_in(definition, element.target)
                    expect(is_there, f"{element.target} is not in the definition")

    @check(
        "nothing-evaluated",
        "Nothing in the source is ever run, fetched or opened.",
        da="Intet i kilden bliver nogensinde kørt, hentet eller åbnet.",
    )
    def test_nothing_evaluated(self, bench: ImporterBench) -> None:
        """The file with code in it, watched by the interpreter's own audit."""
        shared = bench.shared()
        # Once before: what is imported at first use is no evaluation.
        called(partial(shared.convert, bench.samples[0].source))
        called(partial(shared.recognises, bench.with_code))
        with watching(all_threads=True) as effects, evaluations() as run:
            called(partial(shared.recognises, bench.with_code))
            made = called(partial(shared.convert, bench.with_code))
        expect(not run, f"something was evaluated: {run[0] if run else ''}")
        expect(not effects, f"converting {effects[0].what if effects else ''}")
        is_told = made.error is None or isinstance(made.error, ValueError)
        expect(is_told, f"convert {made.described} for a file with code in it")

    @check(
        "malformed-says-where",
        "A file that cannot be read is a ValueError whose sentence says where.",
        da="En fil, der ikke kan læses, giver en fejl, hvis sætning siger hvor.",
    )
    def test_malformed_says_where(self, bench: ImporterBench) -> None:
        """Never half a solution."""
        expect(bench.malformed, "the bench has no malformed file")
        shared = bench.shared()
        for where, source in bench.malformed.items():
            made = called(partial(shared.convert, source))
            if type(made.error) is UnicodeDecodeError or not isinstance(made.error, ValueError):
                broken(f"convert {made.described} for a malformed file; it should be a ValueError")
            expect(where in str(made.error), f'the sentence does not say where: "{where}"')

    @check(
        "same-again",
        "The same file gives the same solution, also when many are converted at once.",
        da="Samme fil giver samme løsning, også når mange omsættes på én gang.",
    )
    def test_same_again(self, bench: ImporterBench) -> None:
        """One importer, from many threads."""
        shared = bench.shared()
        calls = [partial(_convert, shared, sample.source) for sample in bench.samples]
        alone = [call() for call in calls]
        for given, expected in zip(in_threads(calls), alone, strict=True):
            expect(all(one == expected for one in given), "the same file gave another solution")


def _convert(shared: Any, source: SourceFile) -> tuple[Imported, ...]:
    made = called(lambda: shared.convert(source))
    is_right = isinstance(made.value, tuple) and made.value
    if not is_right or not all(isinstance(one, Imported) for one in made.value):
        broken(f"convert {made.described} for a sample; it should give a tuple of Imported")
    found: tuple[Imported, ...] = made.value
    return found


def _definition(imported: Imported) -> Mapping[str, Any]:
    if FILE_NAME not in imported.files:
        broken(f"there is no {FILE_NAME} among the files")
    made = called(lambda: tomllib.loads(imported.files[FILE_NAME].decode("utf-8")))
    if not isinstance(made.value, dict):
        broken(f"{FILE_NAME} cannot be read")
    return made.value


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\0" not in name


def _is_in(definition: Mapping[str, Any], target: str) -> bool:
    """Does the dotted path lead to something? A number is a place in a list."""
    found: Any = definition
    for part in target.split("."):
        if isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        elif isinstance(found, dict) and part in found:
            found = found[part]
        else:
            return False
    return True
