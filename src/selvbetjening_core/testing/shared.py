"""Plugins that add something to a whole plugin set: no component, no role, one for all."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zope.interface.exceptions import Invalid
from zope.interface.verify import verifyObject

from selvbetjening_core import __version__
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.plugin_set import PluginSet, core_register, read_plugin_set
from selvbetjening_core.problems import Problems
from selvbetjening_core.testing.bench import Bench, installed
from selvbetjening_core.testing.conformance import Conformance, broken, check, expect
from selvbetjening_core.testing.modules import changes, state_of
from selvbetjening_core.testing.watching import Effect, watching


@dataclass(kw_only=True)
class SharedBench(Bench):
    """A plugin that adds something to a plugin set.

    :param set_settings: what the plugin set's file says to the plugin, under
        ``[plugin.NAME]``
    """

    set_settings: Mapping[str, object] = field(default_factory=dict)

    def shared(self) -> Any:
        """What the plugin adds, made anew by its hook. Fails the check if it is refused."""
        with self.set_file() as file:
            return self._in(self._loaded(file))

    def registration(self) -> PluginSet:
        """Everything the plugin says in its hooks, with the set's settings; asked anew.

        Fails the check if it is refused.
        """
        with self.set_file() as file:
            return self._loaded(file)

    def effects_of_loading(self) -> list[Effect]:
        """What loading the plugin does outside the memory of the process."""
        with self.set_file() as file, watching() as effects:
            self._loaded(file)
        return effects

    @contextlib.contextmanager
    def set_file(self) -> Iterator[Path]:
        """A plugin set's file that names the plugin alone."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "bench.toml"
            file.write_text(self._plugin_set(installed(self.plugin).name), encoding="utf-8")
            yield file

    def _loaded(self, file: Path) -> PluginSet:
        problems, core = Problems(), core_register(__version__)
        register_core(core)
        found = (installed(self.plugin),)
        read = read_plugin_set(file, found, core, "demo", problems, self.workplace)
        if read is None or problems.count_errors():
            broken("; ".join(one.message for one in problems))
        return read

    def _in(self, plugin_set: PluginSet) -> Any:
        claims = plugin_set.claims.values()
        found = [claim.component for claim in claims if claim.contract is self.contract]
        expect(found, f'the plugin "{self.plugin}" adds nothing of this contract')
        return found[0]

    def _plugin_set(self, name: str) -> str:
        # What JSON and TOML write alike: text, whole numbers, true, false, lists.
        lines = [f"plugins = [{json.dumps(name)}]"]
        if self.set_settings:
            lines.append(f"[plugin.{json.dumps(name)}]")
        for key, value in self.set_settings.items():
            lines.append(f"{json.dumps(key)} = {json.dumps(value, ensure_ascii=False)}")
        return "\n".join(lines) + "\n"


class SharedChecks(Conformance):
    """What everything is held to that a plugin adds to a plugin set."""

    def use(self, bench: Any, shared: Any) -> object:
        """Use it once, as the core would."""
        raise NotImplementedError

    @check(
        "contract",
        "What is added provides its contract: every method, with the arguments it names.",
        da="Det tilføjede opfylder sin kontrakt: hver metode, med de argumenter, den nævner.",
    )
    def test_contract(self, bench: SharedBench) -> None:
        """zope.interface verifies it."""
        try:
            verifyObject(self.contract, bench.shared())
        except Invalid as error:
            broken(" ".join(str(error).split()))

    @check(
        "loading-no-effect",
        "Loading the plugin touches nothing: no connection, file, process or thread.",
        da="At indlæse pluginet rører ikke ved noget: ingen forbindelse, fil, proces eller tråd.",
    )
    def test_loading_no_effect(self, bench: SharedBench) -> None:
        """``selvbetjening check`` loads plugins on machines that reach nothing."""
        # Once before: what is imported or compiled at first is no effect.
        bench.shared()
        effects = bench.effects_of_loading()
        if effects:
            broken(f"loading the plugin {effects[0].what}")

    @check(
        "no-module-state",
        "Its modules hold the same after use as before: nothing is remembered there.",
        da="Dens moduler husker intet: de er efter brug, som de var før.",
    )
    def test_no_module_state(self, bench: SharedBench) -> None:
        """Two plugin sets share the modules."""
        module = installed(bench.plugin).module
        # Once before: what is imported or compiled at first use is no memory.
        self.use(bench, bench.shared())
        before = state_of(module)
        self.use(bench, bench.shared())
        changed = changes(before, state_of(module))
        if changed:
            broken(f"these are not what they were before use: {', '.join(changed)}")
