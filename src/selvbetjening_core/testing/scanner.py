"""The kit for plugins that look through files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IScanner
from selvbetjening_core.testing import cases, scan_files
from selvbetjening_core.testing.attempts import (
    ABSURD,
    AWAY,
    expect_as_promised,
    expect_in_time,
    expect_unavailable,
    in_threads,
)
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.common import Called, CommonChecks, called
from selvbetjening_core.testing.conformance import broken, check, expect
from selvbetjening_core.testing.counterpart import Fault
from selvbetjening_core.testing.scan_files import LARGEST_PIECE, Watched
from selvbetjening_core.testing.watching import overhearing
from selvbetjening_core.values import Attachment, ScanResult, ScanVerdict

_NAMES = ("Kirsten Test Berggren 291182-9996.pdf", "2911829996.png")
_MEGABYTE = 1_000_000


@dataclass(kw_only=True)
class ScannerBench(Bench):
    """A scanner, and the engine behind it if it has one."""


class ScannerConformance(CommonChecks):
    """What a plugin that implements ``IScanner`` is held to."""

    contract: ClassVar = IScanner
    bench_type: ClassVar = ScannerBench

    def use(self, bench: ScannerBench, component: Any, key: str) -> object:
        """Scan a clean file."""
        return _scan(component, cases.an_attachment(f"{key}.png"))

    @check(
        "clean-goes-on",
        "A file with nothing wrong in it is clean.",
        da="En fil uden noget galt er ren.",
    )
    def test_clean_goes_on(self, bench: ScannerBench) -> None:
        """Text, a picture's first bytes, a PDF, an archive."""
        component = bench.make()
        for content in scan_files.CLEAN:
            found = _scan(component, cases.an_attachment("fil", content))
            expect(found.result is ScanResult.CLEAN, f"a clean file is {found.result}")

    @check(
        "infected-is-found",
        "A known virus is infected, whatever the file is called and wherever in it it stands.",
        da="En kendt virus findes, uanset hvad filen hedder, og hvor i den den står.",
    )
    def test_infected_is_found(self, bench: ScannerBench) -> None:
        """The test virus of EICAR, alone and in an archive; what it is found to be is told."""
        component = bench.make()
        for name in ("virus.com", "billede.png", ""):
            found = _scan(component, cases.an_attachment(name, scan_files.EICAR))
            expect(found.result is ScanResult.INFECTED, f"the test virus is {found.result}")
            expect(found.finding, "it does not say what it found")
        found = _scan(component, cases.an_attachment("arkiv.zip", scan_files.infected_archive()))
        expect(found.result is not ScanResult.CLEAN, "the test virus in an archive is clean")

    @check(
        "unreadable-is-refused",
        "What nobody can look into is refused: encrypted, damaged, too deep.",
        da="Det, ingen kan se ind i, afvises: krypteret, ødelagt, for mange lag.",
    )
    def test_unreadable_is_refused(self, bench: ScannerBench) -> None:
        """Archives of each kind, never clean."""
        component = bench.make()
        files = {
            "an encrypted archive": scan_files.encrypted_archive(),
            "a damaged archive": scan_files.damaged_archive(),
            "an archive in an archive, many times": scan_files.deep_archive(),
        }
        for what, content in files.items():
            found = _scan(component, cases.an_attachment("arkiv.zip", content))
            expect(found.result is not ScanResult.CLEAN, f"{what} is clean")

    @check(
        "empty-file",
        "An empty file is answered like any other.",
        da="En tom fil besvares som enhver anden.",
    )
    def test_empty_file(self, bench: ScannerBench) -> None:
        """Clean or refused, as the scanner sees it; nothing was found in it."""
        found = _scan(bench.make(), cases.an_attachment("tom.txt", b""))
        expect(found.result is not ScanResult.INFECTED, "a virus was found in an empty file")

    @check(
        "read-in-pieces",
        "A large file is read in pieces, never whole into memory.",
        da="En stor fil læses i stykker og aldrig på én gang.",
    )
    def test_read_in_pieces(self, bench: ScannerBench) -> None:
        """100 MB; the scanner may refuse what is too large for it."""
        watched = Watched(scan_files.large(100 * _MEGABYTE))
        made = called(lambda: bench.make().scan(watched.attachment))
        expect_as_promised(made, IScanner, "scan", "for a large file")
        asked = watched.largest // _MEGABYTE
        allowed = LARGEST_PIECE // _MEGABYTE
        is_small = watched.largest <= LARGEST_PIECE
        expect(is_small, f"{asked} MB were read at once; at most {allowed} MB")

    @check(
        "virus-at-the-end",
        "The end of a large file is looked at like its beginning, or the file is refused.",
        da="Slutningen af en stor fil ses efter som begyndelsen, eller filen afvises.",
    )
    def test_virus_at_the_end(self, bench: ScannerBench) -> None:
        """The test virus after 20 MB of an archive's padding, across two pieces, too."""
        component = bench.make()
        for before in (20 * _MEGABYTE, 65_536 - 30, 1_048_576 - 30):
            content = scan_files.archive_with_padding(before)
            found = _scan(component, cases.an_attachment("arkiv.zip", content))
            expect(found.result is not ScanResult.CLEAN, "a virus far inside was not found")

    @check(
        "opened-is-closed",
        "What the scanner opens it closes, whatever it finds.",
        da="Det, scanneren åbner, lukker den, uanset hvad den finder.",
    )
    def test_opened_is_closed(self, bench: ScannerBench) -> None:
        """Clean, infected, damaged, and a file that cannot be read to its end."""
        component = bench.make()
        contents = (*scan_files.CLEAN, scan_files.EICAR, scan_files.damaged_archive())
        for watched in (*map(Watched.of, contents), Watched.that_breaks()):
            called(partial(component.scan, watched.attachment))
            expect(watched.opened > 0, "a file was judged without being opened")
            left = watched.opened - watched.closed
            expect(left == 0, f"{left} of {watched.opened} opened files were not closed")

    @check(
        "cannot-be-read",
        "A file that cannot be opened, or not read to its end, never goes on.",
        da="En fil, der ikke kan åbnes eller læses til ende, går aldrig videre.",
    )
    def test_cannot_be_read(self, bench: ScannerBench) -> None:
        """Refused, or Unavailable."""
        component = bench.make()
        for watched in (Watched.that_breaks(), Watched.that_cannot_be_opened()):
            _never_clean(
                called(partial(component.scan, watched.attachment)), "for a file that breaks"
            )

    @check(
        "away",
        "An engine that cannot be reached, or answers nonsense, is Unavailable, never clean.",
        da="En motor, der ikke kan nås eller svarer volapyk, meldes utilgængelig, aldrig »ren«.",
        optional=True,
    )
    def test_away(self, bench: ScannerBench) -> None:
        """In time; afterwards it scans again."""
        component = bench.make()
        clean = cases.an_attachment("fil", scan_files.CLEAN[0])
        faults = (*AWAY, *ABSURD, Fault.HANG)
        expect_unavailable(bench, faults, IScanner, "scan", lambda: component.scan(clean))
        expect(_scan(component, clean).result is ScanResult.CLEAN, "it does not scan again")

    @check(
        "file-not-told",
        "Name and contents of a file are in no finding, log line, exception, file name or print.",
        da="Filens navn og indhold står ikke i fund, log, fejl, filnavne eller udskrift.",
    )
    def test_file_not_told(self, bench: ScannerBench) -> None:
        """A file that is called after a citizen, with a CPR number inside."""
        contents = (b"CPR 2911829996 " * 50, scan_files.EICAR, scan_files.damaged_archive())
        with overhearing(bench.workplace) as heard:
            component = bench.make()
            for name in _NAMES:
                for content in contents:
                    made = called(partial(component.scan, cases.an_attachment(name, content)))
                    heard.note(made.value, made.error)
        found = heard.found((*_NAMES, "2911829996", "291182-9996", "Berggren"))
        expect(not found, f"{len(found)} parts of a file's name or contents were told elsewhere")

    @check(
        "thread-safe",
        "Many files at once get each their own verdict.",
        da="Mange filer på én gang får hver sin dom.",
    )
    def test_thread_safe(self, bench: ScannerBench) -> None:
        """Clean and infected ones, side by side in one component."""
        component = bench.make()
        files = {scan_files.EICAR: ScanResult.INFECTED, scan_files.CLEAN[0]: ScanResult.CLEAN}
        calls = [partial(_scan, component, cases.an_attachment("fil", one)) for one in files]
        for verdicts, result in zip(in_threads(calls), files.values(), strict=True):
            is_own = all(one.result is result for one in verdicts)
            expect(is_own, "a file got another file's verdict")


def _scan(component: Any, attachment: Attachment) -> ScanVerdict:
    made = called(lambda: component.scan(attachment))
    found: ScanVerdict = expect_as_promised(made, IScanner, "scan", "for a file")
    return found


def _never_clean(made: Called, about: str) -> None:
    expect_in_time(made, IScanner, "scan", about)
    if isinstance(made.error, Unavailable):
        return
    if not isinstance(made.value, ScanVerdict):
        broken(f"scan {made.described} {about}; it should refuse it or raise Unavailable")
    expect(made.value.result is not ScanResult.CLEAN, f"the verdict is clean {about}")
