"""Every field kind in every state, look and width: is it there for everybody?

Run by ``tox run -e a11y``. The pages are those that the forms and the themes make, on a
server of the suite's own: ``kind_samples`` says what is shown of a kind, ``kind_pages``
makes the pages, ``page_checks`` looks at them in Chromium.
"""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import node_packages
import page_checks
import suite
from a11y_faults import Fault, faults
from kind_pages import Dress, KindPage, dresses, pages_of
from kind_samples import KindSample, name_of, samples
from page_server import PageServer, serving

from selvbetjening_core.texts import LANGUAGES
from walking.chromium import running_chromium
from walking.watch import Watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ABOUT = (
    "Each field kind that is registered, in each of its states (empty: required, with hint and"
    " help, optional; with every error that its bench knows; filled in with every answer; or"
    " read-only, for a kind that only shows), in each look. axe-core, what fits and what is hit"
    " at 320 and 1280 px (1280 px at 400 % are 320 px); text at twice its size at 640 px; every"
    " stop of the Tab key in the form, seen and in order; the first question answered and sent"
    " by keyboard alone (a row is added, and the system's window for choosing a file is opened;"
    " what is done in that window is not the page's, and is not tried), and the server's answer"
    " compared. The project's own rules for pages"
    " hold for the HTML of each page in Danish and in English."
)
PHONE, DESK, HALF = 320, 1280, 640
_SMALL = ("text", "choice", "date", "fact")
_CACHE = Path(__file__).parents[2] / ".pytest_cache" / "d"
_MOST_TOLD = 40


@dataclass
class Tally:
    """What was looked at, and what was found."""

    counts: Counter[str] = field(default_factory=Counter)
    views: dict[str, Counter[str]] = field(default_factory=dict)
    found: dict[str, list[str]] = field(default_factory=dict)

    def saw(self, page: KindPage) -> None:
        """A page in one state was shown."""
        self.views.setdefault(page.sample.name, Counter())[page.state] += 1

    def found_on(self, where: str, what: str, findings: list[str]) -> None:
        """These were found there; ``what`` names the figure."""
        self.counts[what] += len(findings)
        for one in findings:
            self.found.setdefault(one, []).append(where)

    @property
    def missed(self) -> list[str]:
        """Each finding once, and where it was made first."""
        lines = [
            f"{what} ({places[0]}, {len(places)} in all)" for what, places in self.found.items()
        ]
        return lines[:_MOST_TOLD]

    def figures(self) -> dict[str, object]:
        """The counts, and for each kind how often each state was shown."""
        shown = {
            f"shown: {kind}": ", ".join(f"{state} {count}" for state, count in states.items())
            for kind, states in self.views.items()
        }
        return {"kinds": len(self.views), **dict(sorted(self.counts.items())), **shown}


def run(options: suite.Options) -> suite.Result:
    """Four kinds in the built-in look with ``small``; else every kind in every look."""
    fault = FAULTS[options.fault] if options.fault else Fault("")
    few = fault.seen_on if options.fault and not fault.rule else _SMALL
    worn = _dresses(small=options.small and not fault.rule)
    shown = [one for one in _samples() if not options.small or one.name in few]
    tally = Tally()
    for figure in ("axe violations", "does not fit", "breaches of own rules", "complaints"):
        tally.counts[figure] = 0
    # A fault is to be found by the one it is planted for: a rule alone, or the browser alone.
    if fault.rule or not options.fault:
        _rules(tuple(shown), worn, fault, tally)
    if not fault.rule:
        _in_browser(tuple(shown), worn, fault, tally)
    return suite.Result(tally.figures(), tally.missed)


def _rules(
    shown: tuple[KindSample, ...], worn: tuple[Dress, ...], fault: Fault, tally: Tally
) -> None:
    for locale in LANGUAGES:
        for page, html in _htmls(shown, worn, locale):
            found = [str(one) for one in page.breaches(fault.plant(html))]
            if fault.rule:
                found = [one for one in found if one.split()[1] == fault.rule]
            tally.counts["pages held to own rules"] += 1
            tally.found_on(page.path, "breaches of own rules", found)


def _in_browser(
    shown: tuple[KindSample, ...],
    worn: tuple[Dress, ...],
    fault: Fault,
    tally: Tally,
) -> None:
    axe = _axe()
    pages = {page.path: page for page in pages_of(shown, worn)}
    server = PageServer(pages, {one.name: one for one in worn}, fault.plant, fault.css)
    with serving(server), running_chromium() as chromium:
        tally.counts["views"] = 0
        for width in (PHONE, DESK):
            with _window(chromium, server, width, tally) as window:
                for page in pages.values():
                    window.goto(server.url(page))
                    _look(window, page, axe, f"{page.path} at {width} px", tally)
        with _window(chromium, server, HALF, tally) as window:
            for page in pages.values():
                window.goto(server.url(page))
                tally.counts["pages with text at twice its size"] += 1
                found = page_checks.double_text_findings(window)
                tally.found_on(f"{page.path}, text doubled", "does not fit", found)
        with _window(chromium, server, DESK, tally) as window:
            for page in pages.values():
                if page.state == "empty":
                    _by_keyboard(window, server, page, tally)


def _look(window: Page, page: KindPage, axe: str, where: str, tally: Tally) -> None:
    tally.counts["views"] += 1
    tally.saw(page)
    found = page_checks.seen_findings(window, axe)
    violations = [one for one in found if one.startswith("axe:")]
    tally.found_on(where, "axe violations", violations)
    tally.found_on(where, "does not fit", [one for one in found if one not in violations])


def _by_keyboard(window: Page, server: PageServer, page: KindPage, tally: Tally) -> None:
    window.goto(server.url(page))
    stops, found = page_checks.focus_findings(window)
    tally.counts["stops of the Tab key"] += stops
    window.goto(server.url(page))
    found += page_checks.keyboard_findings(window, page)
    read = server.read.pop(page.path, None)
    wanted = page.sample.by_keyboard.value
    if read is None or read.values.get(name_of(1)) != wanted:
        found.append("by keyboard: the server did not get the answer")
    tally.counts["answers given by keyboard alone"] += 1
    tally.found_on(page.path, "not possible by keyboard", found)


@contextlib.contextmanager
def _window(chromium: Browser, server: PageServer, width: int, tally: Tally) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    context.set_default_timeout(30_000)
    watch = Watch(context, frozenset({server.host}))
    try:
        yield context.new_page()
    finally:
        found = list(dict.fromkeys(watch.findings()))
        tally.found_on(f"{width} px", "complaints", found)
        context.close()


@lru_cache
def _samples() -> tuple[KindSample, ...]:
    return samples()


@lru_cache
def _dresses(*, small: bool) -> tuple[Dress, ...]:
    return dresses(small=small)


@lru_cache
def _htmls(
    shown: tuple[KindSample, ...], worn: tuple[Dress, ...], locale: str
) -> tuple[tuple[KindPage, str], ...]:
    return tuple((page, page.html(logged_in=True)) for page in pages_of(shown, worn, locale))


def _axe() -> str:
    folder = _CACHE / node_packages.folder_name()
    folder.mkdir(parents=True, exist_ok=True)
    modules = node_packages.install(folder)
    return (modules / "axe-core" / "axe.min.js").read_text("utf-8")


FAULTS = faults()


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    told = {name: fault.told for name, fault in FAULTS.items()}
    return suite.main(
        "a11y",
        run,
        told,
        title="Every field kind, for everybody",
        about=ABOUT,
        arguments=arguments,
    )


if __name__ == "__main__":
    sys.exit(main())
