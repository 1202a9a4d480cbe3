"""Running kits on plugins that are right, and on plugins with one deliberate fault."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from selvbetjening_core.testing.conformance import NOT_APPLICABLE, checks_of
from selvbetjening_core.testing.loopback import Fault, Loopback

PLUGINS = Path(__file__).parent / "plugins"


@pytest.fixture(scope="session", autouse=True)
def _plugins_on_path():
    """As if the plugins in ``plugins`` were installed modules."""
    sys.path.insert(0, str(PLUGINS))
    yield
    sys.path.remove(str(PLUGINS))


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """The plugins wait as long as a busy machine needs, unless there is nothing to wait for."""
    import acme_patience  # noqa: PLC0415 - on the path by then

    def behave(self, fault):
        acme_patience.expect(an_answer=fault is not Fault.HANG)
        changed(self, fault)

    changed = Loopback.behave
    monkeypatch.setattr(Loopback, "behave", behave)
    acme_patience.expect(an_answer=True)


def outcome_of(kit, method, check, bench, folder):
    """``passed``, ``failed: why`` or ``not applicable: why``."""
    instance = kit()
    try:
        instance.prepare(bench, folder, check)
        getattr(instance, method)(bench)
    except pytest.skip.Exception as skipped:
        # Left out without being declared is a failure, as in the command.
        told = str(skipped)
        return told if told.startswith(NOT_APPLICABLE) else f"failed: {told}"
    except pytest.fail.Exception as failed:
        return f"failed: {failed}"
    finally:
        bench.behave_well()
    return "passed"


@pytest.fixture
def kit_results(tmp_path):
    """``kit_results(kit, open_bench)``: what each check comes to, by its name.

    ``open_bench()`` is a context manager that gives a new bench for each check.
    A check that raises anything but its own verdict is an error of the kit.
    """

    def results(kit, open_bench, only=None):
        found = {}
        for method, check in checks_of(kit).items():
            if only is None or check.name in only:
                folder = tmp_path / check.name
                folder.mkdir(exist_ok=True)
                with open_bench() as bench:
                    found[check.name] = outcome_of(kit, method, check, bench, folder)
        return found

    return results


@pytest.fixture
def red(kit_results):
    """``red(kit, open_bench)``: the names of the checks that fail."""

    def names(kit, open_bench):
        results = kit_results(kit, open_bench)
        return {name for name, outcome in results.items() if outcome.startswith("failed")}

    return names
