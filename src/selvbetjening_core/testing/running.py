"""Running kits with pytest, and what came of it."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import platform
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from selvbetjening_core import __version__
from selvbetjening_core.interfaces.versions import CONTRACTS
from selvbetjening_core.testing.bench import installed
from selvbetjening_core.testing.conformance import (
    NOT_APPLICABLE,
    Check,
    Conformance,
    check_of,
    danish_why,
)
from selvbetjening_core.testing.fingerprint import Fingerprint, fingerprint_of
from selvbetjening_core.testing.found import KitModule, announced_kits

PASSED, FAILED, LEFT_OUT = "passed", "failed", "not applicable"
OUTCOMES = (PASSED, FAILED, LEFT_OUT)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check came to: ``passed``, ``failed`` or ``not applicable``, and why.

    ``danish_why`` is empty where the reason is told in English alone.
    """

    check: Check
    outcome: str
    why: str = ""
    danish_why: str = ""


@dataclass(frozen=True, slots=True)
class KitResult:
    """What one plugin came to under one kit.

    ``fingerprint`` is of the plugin's own code. ``label`` tells which of several
    things of one contract it was, such as a kind of field; empty for the only one.
    """

    contract: str
    contract_version: str
    plugin: str
    plugin_version: str
    distribution: str
    checks: tuple[CheckResult, ...]
    fingerprint: Fingerprint
    label: str = ""

    @property
    def title(self) -> str:
        """The plugin, and what of it was on the bench."""
        return f"{self.plugin}, {self.label}" if self.label else self.plugin

    def count(self, outcome: str) -> int:
        """How many checks ended so."""
        return sum(one.outcome == outcome for one in self.checks)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to. ``faults`` are kits that could not be run at all, and why."""

    asked_for: str
    made_at: datetime
    kits: tuple[KitResult, ...]
    faults: tuple[str, ...] = ()
    core_version: str = __version__
    python: str = field(default_factory=platform.python_version)

    def count(self, outcome: str) -> int:
        """How many checks of all kits ended so."""
        return sum(kit.count(outcome) for kit in self.kits)

    @property
    def is_green(self) -> bool:
        """Something was checked, everything could be, and nothing failed."""
        return bool(self.kits) and not self.faults and not self.count(FAILED)


def run_kits(asked_for: str, modules: Sequence[KitModule]) -> Report:
    """Run every kit class in ``modules``. The vendor's code runs in this process."""
    watcher, said = _Watcher(), io.StringIO()
    faults = [fault for kit in modules if (fault := _fault_of(kit))]
    good = [kit.module for kit in modules if not _fault_of(kit)]
    if good:
        with (
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            tempfile.TemporaryDirectory() as folder,
            _alone(),
        ):
            pytest.main([*_arguments(folder), *good], plugins=[watcher])
    faults += watcher.faults
    kits = tuple(_judged(kind, label, found) for (kind, label), found in watcher.found())
    if good and not kits and not faults:
        faults.append(f"no kit class in {', '.join(good)}: write class TestX(…Conformance)")
    return Report(asked_for, datetime.now(UTC), kits, tuple(faults))


def _fault_of(kit: KitModule) -> str:
    """Why the module cannot be run; empty if it can."""
    try:
        with warnings.catch_warnings():
            # What a library says of its own future is not the plugin's.
            warnings.simplefilter("ignore")
            importlib.import_module(kit.module)
    except Exception as error:  # noqa: BLE001 - whatever a foreign module raises
        return f"{kit.module} cannot be imported: {type(error).__name__}: {error}"
    return ""


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Without the pytest plugins and settings that happen to be on this machine."""
    own = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    saved = {
        name: os.environ.pop(name, None) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", *own)
    }
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in saved.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _arguments(folder: str) -> list[str]:
    """:param folder: an empty one, so that pytest looks at nothing but the modules"""
    return [
        "--pyargs",
        "--import-mode=importlib",
        f"--config-file={os.devnull}",
        f"--rootdir={folder}",
        f"--confcutdir={folder}",
        f"--basetemp={folder}/made",
        "-pno:cacheprovider",
        "--noconftest",
        "--tb=short",
        "-q",
    ]


@dataclass
class _Found:
    """What is known of one kit class while it runs."""

    plugin: str = ""
    results: dict[str, CheckResult] = field(default_factory=dict)


class _Watcher:
    """A pytest plugin that keeps what each check came to."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._found: dict[tuple[type[Conformance], str], _Found] = {}
        self._items: dict[str, tuple[type[Conformance], Check]] = {}
        self._danish: dict[str, str] = {}

    def found(self) -> Iterator[tuple[tuple[type[Conformance], str], _Found]]:
        """What is known of each kit class, and of each label that its bench gave."""
        told = {kind for kind, _ in self._found}
        for kind, _ in self._items.values():
            if kind not in told:
                self._found.setdefault((kind, ""), _Found())
        yield from self._found.items()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep kits; leave out whatever else is in their modules."""
        kept: list[pytest.Item] = []
        for item in items:
            kind, function = getattr(item, "cls", None), getattr(item, "function", None)
            if not (isinstance(kind, type) and issubclass(kind, Conformance)):
                continue
            kept.append(item)
            own = Check(item.name, (getattr(function, "__doc__", "") or item.name), "")
            self._items[item.nodeid] = kind, check_of(function) or own
        items[:] = kept

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that pytest cannot collect."""
        if report.failed:
            self.faults.append(f"{report.nodeid}: {_words(report.longrepr)}")

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Why a check does not apply, in Danish; a report has room for one sentence."""
        if call.excinfo is not None:
            self._danish[item.nodeid] = danish_why(call.excinfo.value)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The outcome of one check; a failure in preparing or clearing up is one too."""
        if report.nodeid not in self._items:
            return
        kind, asked = self._items[report.nodeid]
        told = dict(report.user_properties)
        found = self._found.setdefault((kind, str(told.get("label", ""))), _Found())
        found.plugin = str(told.get("plugin", found.plugin))
        result = _result(asked, report, self._danish.get(report.nodeid, ""))
        known = found.results.get(asked.name)
        if result is not None and (known is None or known.outcome != FAILED):
            found.results[asked.name] = result


def _result(asked: Check, report: pytest.TestReport, danish: str) -> CheckResult | None:
    if report.failed:
        return CheckResult(asked, FAILED, _words(report.longrepr))
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        if reason.startswith(NOT_APPLICABLE):
            return CheckResult(asked, LEFT_OUT, reason.removeprefix(NOT_APPLICABLE), danish)
        return CheckResult(asked, FAILED, f"left out without being declared: {reason}")
    return CheckResult(asked, PASSED) if report.when == "call" else None


def _words(told: Any) -> str:
    """The last of what pytest tells of a failure: the kit's own sentence, or the error."""
    crash = getattr(told, "reprcrash", None)
    text = str(getattr(crash, "message", None) or told)
    return text.removeprefix("Failed: ").strip()


def _judged(kind: type[Conformance], label: str, found: _Found) -> KitResult:
    contract, plugin = kind.contract, _plugin(found.plugin)
    return KitResult(
        contract=contract.__name__,
        contract_version=CONTRACTS[contract].version,
        plugin=plugin.name,
        plugin_version=plugin.version,
        distribution=plugin.distribution,
        checks=tuple(found.results.values()),
        fingerprint=fingerprint_of(plugin.module),
        label=label,
    )


def _plugin(name: str) -> KitModule:
    """Whose code was on the bench, as its distribution announces it."""
    try:
        plugin = installed(name)
    except (LookupError, ValueError):
        # No check came as far as the bench: whose code it is, nobody can tell.
        return KitModule(name, "")
    # What the core itself offers is no plugin; its kits are announced all the same.
    kits = (kit for kit in announced_kits() if kit.module == plugin.module)
    own = KitModule(plugin.name, plugin.module, plugin.distribution, plugin.version)
    return own if plugin.distribution else next(kits, own)
