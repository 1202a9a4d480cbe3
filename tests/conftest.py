"""What tests of several kinds use."""

from __future__ import annotations

import collections
import importlib
import importlib.util
import logging
import os
import time
from pathlib import Path

import pytest

import evidence

BEGUN = time.monotonic()
REQUIRED = "SELVBETJENING_NODE"
# A distribution of somebody else's, with tests of its own: tests/vendor runs them.
collect_ignore = ["vendor_example"]
# What a build without npm lacks: the design system, and the receipt's typefaces.
FETCHED = {"selvbetjening_dkfds": "static/dkfds", "selvbetjening_pdf_receipt": "fonts"}


def pytest_addoption(parser):
    parser.addoption(
        "--evidence", metavar="NAME", help="keep what a run in which all passed came to"
    )


def pytest_sessionfinish(session, exitstatus):
    """What a whole run came to, for docs/evidence; written by the process that began it."""
    name = session.config.getoption("--evidence")
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not name or exitstatus != pytest.ExitCode.OK or hasattr(session.config, "workerinput"):
        return
    passed = collections.Counter(
        report.location[0].replace(os.sep, "/") for report in reporter.stats.get("passed", [])
    )
    left_out = len(reporter.stats.get("skipped", []))
    evidence.write_tests(name, passed, left_out, round(time.monotonic() - BEGUN))


def pytest_configure(config):
    config.addinivalue_line("markers", "fetched: needs what the build fetches by npm")


def pytest_runtest_setup(item):
    if item.get_closest_marker("fetched") and not _is_fetched():
        pytest.skip("tests of what the build fetches: npm could not be reached then")


def _is_fetched():
    return all(
        any((Path(folder) / name / "stamp.txt").is_file() for folder in _folders(package))
        for package, name in FETCHED.items()
    )


def _folders(package):
    spec = importlib.util.find_spec(package)
    return spec.submodule_search_locations if spec else ()


def pytest_terminal_summary(terminalreporter):
    """One line for each reason why tests were left out."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = collections.Counter(
        report.longrepr[2].removeprefix("Skipped: ") for report in skipped
    )
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"left out: {reason} ({count})")


@pytest.fixture(autouse=True)
def unmasked_logs():
    """No masks of a command that ran before: what is logged here is seen as it was written."""
    logging.setLogRecordFactory(logging.LogRecord)


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL server of this run's own. One for each process of the run."""
    # Its driver is in an extra, which the base install is tested without.
    server = importlib.import_module("postgres").Postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def postgres_url(postgres):
    """The address of a new, empty PostgreSQL database."""
    url = postgres.new_database()
    yield url
    if postgres.is_running():
        postgres.drop(url)


@pytest.fixture(scope="session")
def node_modules(pytestconfig):
    """The npm packages of ``tests/node``, at the versions and hashes of its lock file.

    Left out where npm or its registry cannot be reached, unless the environment
    says ``SELVBETJENING_NODE=required``.
    """
    packages = importlib.import_module("node_packages")
    try:
        return packages.install(pytestconfig.cache.mkdir(packages.folder_name()))
    except packages.NoPackages as problem:
        if os.environ.get(REQUIRED) == "required":
            pytest.fail(f"no npm packages: {problem}")
        pytest.skip(f"tests that need npm packages: {problem}")
