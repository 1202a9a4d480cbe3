"""The checks that the kits of all components share."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from zope.interface.exceptions import Invalid
from zope.interface.verify import verifyObject

from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.interfaces.versions import CONTRACTS
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.conformance import (
    Check,
    Conformance,
    broken,
    check,
    does_not_apply,
    expect,
)
from selvbetjening_core.testing.loopback import Fault
from selvbetjening_core.testing.modules import changes, imported_afresh, state_of
from selvbetjening_core.testing.watching import watching
from selvbetjening_core.values import MemoryStore

T = TypeVar("T")

MANY = 8
"""How many threads a check lets loose on one component."""

GRACE = 2.0
"""Seconds beyond a limit that a busy machine is forgiven."""


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call: a value, or what was raised; and how long it took."""

    value: Any
    error: BaseException | None
    seconds: float

    @property
    def described(self) -> str:
        """What came, without its contents, which may be personal."""
        came = self.error if self.error is not None else self.value
        word = "raised" if self.error is not None else "gave"
        return f"{word} {type(came).__name__}"


def called(work: Callable[[], object]) -> Called:
    """Call ``work`` and keep what came of it, whatever it is."""
    begun = time.monotonic()
    try:
        value, error = work(), None
    except Exception as raised:  # noqa: BLE001 - the kit judges it
        value, error = None, raised
    return Called(value, error, time.monotonic() - begun)


def whatever_comes(work: Callable[[], object]) -> None:
    """Call ``work``; what it gives, raises or fails with is not what the check is about."""
    with contextlib.suppress(Exception, pytest.fail.Exception, pytest.skip.Exception):
        work()


def at_once(work: Callable[[int], T], count: int = MANY) -> list[T]:
    """The results of ``work(0)``, ``work(1)`` …, called from as many threads together."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


class CommonChecks(Conformance):
    """What every component is held to. A kit says in :meth:`use` what its use is."""

    def use(self, bench: Any, component: Any, key: str) -> object:
        """Use ``component`` once, as the core would; the same key, the same result."""
        raise NotImplementedError

    def prepare(self, bench: Bench, folder: Path, asked: Check | None) -> None:
        """Ready for a check, unless the plugin cannot even be loaded."""
        super().prepare(bench, folder, asked)
        try:
            bench.registration()
        except (ConfigurationError, LookupError) as error:
            broken(f"the plugin cannot be loaded: {_refusal(error)}")

    @check(
        "contract",
        "The component provides its contract: every method, with the arguments it names.",
        da="Komponenten opfylder sin kontrakt: hver metode, med de argumenter, den nævner.",
    )
    def test_contract(self, bench: Bench) -> None:
        """zope.interface verifies it."""
        made = called(bench.make)
        if isinstance(made.error, Invalid):
            broken(" ".join(str(made.error).split()))
        if made.error is not None:
            broken(f"the component cannot be made: {_refusal(made.error)}")
        verifyObject(self.contract, made.value)

    @check(
        "declared",
        "It says what it does, which contract version it was built for, what personal data it"
        " reads and what is kept of it.",
        da="Den siger, hvad den gør, hvilken udgave af kontrakten den er bygget til, hvilke"
        " personoplysninger den læser, og hvad der gemmes af dem.",
    )
    def test_declared(self, bench: Bench) -> None:
        """The registration's ``help``, ``built_for``, ``reads`` and ``holds``."""
        offer, version = bench.offer, CONTRACTS[self.contract].version
        expect(offer.help.strip(), "help is empty")
        expect(
            offer.built_for == version,
            f'built_for is "{offer.built_for}"; this kit is for version {version}',
        )
        expect(
            offer.holds.strip() or not offer.reads,
            "holds is empty: it reads personal data and does not say what is kept of it",
        )
        for setting in offer.settings:
            expect(setting.help.strip(), f'the setting "{setting.name}" has no help')

    @check(
        "settings-no-effect",
        "Making a component touches nothing: no connection, file, process or thread.",
        da="At oprette en komponent rører ikke ved noget: ingen forbindelse, fil, proces eller"
        " tråd.",
    )
    def test_settings_no_effect(self, bench: Bench) -> None:
        """``selvbetjening check`` makes components on machines that reach nothing."""
        offer, context = bench.offer, bench.context(bench.settings)
        with watching() as effects:
            offer.factory(context)
        if effects:
            broken(f"making a component {effects[0]}")

    @check(
        "settings-checked",
        "Settings that are missing or misspelt are refused before anything is made.",
        da="Indstillinger, der mangler eller er stavet forkert, afvises, før noget oprettes.",
    )
    def test_settings_checked(self, bench: Bench) -> None:
        """Each required setting left out in turn, and one that nobody knows."""
        for setting in bench.declared:
            if setting.required:
                made = called(partial(bench.make, **{setting.name: None}))
                expect(
                    isinstance(made.error, ConfigurationError),
                    f'it is made without the required setting "{setting.name}"',
                )
        unknown = called(lambda: bench.make(no_such_setting="x"))
        expect(isinstance(unknown.error, ConfigurationError), "an unknown setting is taken")

    @check(
        "earlier-settings",
        "The settings of its earlier versions are still taken.",
        da="Indstillinger skrevet til tidligere udgaver virker stadig.",
    )
    def test_earlier_settings(self, bench: Bench) -> None:
        """As the bench remembers them in ``earlier_settings``."""
        if not bench.earlier_settings:
            does_not_apply(
                "the bench names no earlier settings",
                da="prøven nævner ingen tidligere indstillinger",
            )
        for settings in bench.earlier_settings:
            made = called(partial(bench.component, settings))
            if made.error is not None:
                broken(f"settings of an earlier version are refused: {_refusal(made.error)}")

    @check(
        "no-module-state",
        "Its modules hold the same after use as before: nothing is remembered there.",
        da="Dens moduler husker intet: de er efter brug, som de var før.",
    )
    def test_no_module_state(self, bench: Bench) -> None:
        """Two municipalities share the modules, and no new process remembers them.

        Nor that somebody else's outside system was down.
        """
        module = bench.installed.module
        # Once before: what is imported or compiled at first use is no memory.
        self.use(bench, bench.make(), "module-0")
        self._use_in_vain(bench, "module-vain-0")
        before = state_of(module)
        for number in (1, 2):
            self.use(bench, bench.make(), f"module-{number}")
        self._use_in_vain(bench, "module-vain-1")
        changed = changes(before, state_of(module))
        if changed:
            broken(f"these are not what they were before use: {', '.join(changed)}")

    @check(
        "new-process",
        "A new process goes on where the old one ended, from the store it is given alone.",
        da="En ny proces fortsætter, hvor den gamle slap, alene ud fra det lager, den får.",
    )
    def test_new_process(self, bench: Bench) -> None:
        """The plugin is imported afresh between two uses with one key."""
        store = MemoryStore()
        first = self.use(bench, bench.component(bench.settings, store=store), "process-1")
        with imported_afresh(bench.installed.module):
            fresh = bench.component(bench.settings, store=store)
            second = called(lambda: self.use(bench, fresh, "process-1"))
        if second.error is not None:
            broken(f"after a restart the same use {second.described}")
        expect(second.value == first, "after a restart the same use gives another result")

    def _use_in_vain(self, bench: Bench, key: str) -> None:
        """Use it while its outside system is down, where there is one that can be."""
        if hasattr(bench.remote, "behave"):
            component = bench.make()
            with bench.remote_behaving(Fault.DOWN):
                whatever_comes(lambda: self.use(bench, component, key))


def _refusal(error: BaseException) -> str:
    if isinstance(error, ConfigurationError):
        return "; ".join(problem.message for problem in error.problems)
    return str(error) if isinstance(error, LookupError) else type(error).__name__
