"""A browser, a town in each look, and windows in which everything is watched."""

from __future__ import annotations

import contextlib
import json
import time

import pytest

from walking.chromium import NoBrowser, running_chromium
from walking.evidence import write_evidence
from walking.examine import Examiner, Figures
from walking.extent import DESK, EVERYTHING
from walking.looks import LOOKS
from walking.town import served_town
from walking.watch import Watch

# With every plain tox: a walk, the keyboard, no script, the pages about errors.
IN_FULL_ONLY = (
    "controls",
    "cookies",
    "everything",
    "hard_to_read",
    "large_text",
    "provider_pages",
    "save_and_resume",
    "session_warning",
)
collect_ignore = [] if EVERYTHING else [f"test_{name}.py" for name in IN_FULL_ONLY]

VERSIONS = pytest.StashKey[dict[str, str]]()
FIGURES = pytest.StashKey[Figures]()
WHOLE_RUN = ("tests/browser",)
BEGUN = time.monotonic()


def pytest_sessionfinish(session, exitstatus):
    """A whole run in which nothing was found leaves its figures in the documentation."""
    whole = EVERYTHING and session.config.invocation_params.args == WHOLE_RUN
    figures = session.config.stash.get(FIGURES, None)
    if whole and figures is not None and exitstatus == pytest.ExitCode.OK:
        about = {"tests": session.testscollected, "seconds": round(time.monotonic() - BEGUN)}
        write_evidence(figures, {**about, **session.config.stash[VERSIONS]})


@pytest.fixture(scope="module")
def chromium(request):
    """The system's Chromium. Ends with the module: while it runs, so does its event loop."""
    with contextlib.ExitStack() as stack:
        try:
            browser = stack.enter_context(running_chromium())
        except NoBrowser as reason:
            (pytest.fail if EVERYTHING else pytest.skip)(f"browser tests: {reason}")
        versions(request.config)["chromium"] = browser.version
        yield browser


@pytest.fixture
def make_town(tmp_path):
    """Serve a town in the look of a name, of which nobody has yet made use."""
    with contextlib.ExitStack() as stack:
        yield lambda look: stack.enter_context(served_town(tmp_path / "town", LOOKS[look]))


@pytest.fixture(scope="session")
def figures(request):
    """What this run has looked at."""
    return request.config.stash.setdefault(FIGURES, Figures())


@pytest.fixture(scope="session")
def axe_source(request, node_modules):
    """The script of axe-core."""
    about = json.loads((node_modules / "axe-core" / "package.json").read_text("utf-8"))
    versions(request.config)["axe"] = about["version"]
    return (node_modules / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture
def window(chromium):
    """Open a browser window at a town: a page, and what is heard in it."""
    with contextlib.ExitStack() as stack:

        def opened(town, width=DESK, **options):
            context = chromium.new_context(
                viewport={"width": width, "height": 800}, reduced_motion="reduce", **options
            )
            stack.callback(context.close)
            context.set_default_timeout(30_000)
            watch = Watch(context, town.own_hosts)
            return context.new_page(), watch

        yield opened


@pytest.fixture
def examined(window, axe_source, figures):
    """A window whose pages are examined: a page and its examiner."""

    def opened(town, width=DESK, **options):
        page, watch = window(town, width, **options)
        return page, Examiner(axe_source, watch, figures)

    return opened


def versions(config):
    """What the pages were looked at with."""
    return config.stash.setdefault(VERSIONS, {})
