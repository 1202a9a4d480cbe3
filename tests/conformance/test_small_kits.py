"""The small kits: good plugins pass every check, and each faulty one fails the one meant for it."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import replace
from pathlib import Path

import pytest
import small_benches
from acme_small import faulty

from selvbetjening_core import testing
from selvbetjening_core.interfaces import IStatus
from selvbetjening_core.interfaces.versions import CONTRACTS

KITS = {
    "lookup": "LookupConformance",
    "status": "StatusConformance",
    "measure": "MeasureConformance",
    "digest": "DigestConformance",
    "scanner": "ScannerConformance",
    "secrets": "SecretsConformance",
    "solutions": "SolutionsConformance",
    "importer": "ImporterConformance",
    "messages": "MessagesConformance",
    "scheduled": "ScheduledConformance",
    "paper_form": "PaperFormConformance",
    "single_logout": "SingleLogoutConformance",
}
PLUGINS = {"messages": "journal", "scheduled": "journal"}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Three seconds: what hangs is given up after one."""
    rules = CONTRACTS[IStatus]
    calls = {name: replace(call, seconds=3.0) for name, call in rules.calls.items()}
    monkeypatch.setitem(CONTRACTS, IStatus, replace(rules, calls=calls))


@pytest.fixture
def results(kit_results, tmp_path):
    """``results(kit, plugin, settings, only)``: what each check comes to, by its name."""
    number = itertools.count()

    def run(kit, plugin, settings=None, only=None):
        @contextlib.contextmanager
        def open_bench():
            place = tmp_path / f"bench-{next(number)}"
            place.mkdir()
            with remote_for(kit) as remote:
                bench = getattr(small_benches, kit)(
                    plugin, small_benches.At(place, remote), settings or {}
                )
                bench.folder = place
                yield bench

        return kit_results(getattr(testing, KITS[kit]), open_bench, only)

    return run


def remote_for(kit):
    remote = small_benches.REMOTES.get(kit)
    return remote() if remote else contextlib.nullcontext()


def failed(found):
    return {name: one for name, one in found.items() if one.startswith("failed")}


@pytest.mark.parametrize("kit", KITS)
def test_a_good_plugin_passes_every_check(kit, results):
    found = results(kit, f"acme_small.{PLUGINS.get(kit, kit)}")
    assert failed(found) == {}
    assert sum(one == "passed" for one in found.values()) >= len(found) - 4


@pytest.mark.parametrize(
    ("kit", "fault", "check"),
    [
        pytest.param(kit, fault, check, id=f"{kit}-{fault}")
        for kit, faults in faulty.CAUGHT_BY.items()
        for fault, check in faults.items()
    ],
)
def test_a_faulty_plugin_is_caught_by_the_check_meant_for_it(kit, fault, check, results):
    found = results(kit, f"acme_small.faulty.{kit}", {"fault": fault}, only={check})
    assert failed(found).keys() == {check}


@pytest.mark.parametrize("kit", KITS)
def test_the_faulty_module_without_its_fault_is_good(kit, results):
    """Control: it is the fault that is caught, not the way in which it is planted."""
    assert failed(results(kit, f"acme_small.faulty.{kit}", {"fault": "none"})) == {}


def test_there_are_faults_for_every_kit():
    assert faulty.CAUGHT_BY.keys() == KITS.keys()
    assert sum(map(len, faulty.CAUGHT_BY.values())) >= 30
    folder = Path(faulty.__file__).parent
    assert {file.stem for file in folder.glob("[a-z]*.py")} == KITS.keys()
