"""A plugin on the bench: components made from it as a municipality's file makes them."""

from __future__ import annotations

import contextlib
import datetime
import importlib
import json
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import Any, Self

from zope.interface.interface import InterfaceClass
from zope.interface.verify import verifyObject

from selvbetjening_core import __version__, hooks
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.plugin_set import PluginSet, core_register, read_plugin_set
from selvbetjening_core.composition.plugins import InstalledPlugin, installed_plugins
from selvbetjening_core.composition.register import Claim, ComponentOffer
from selvbetjening_core.composition.secrets import is_reference
from selvbetjening_core.composition.settings import read_settings, resolve_settings
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.files import Table, load_toml
from selvbetjening_core.problems import Problems
from selvbetjening_core.testing.loopback import Fault
from selvbetjening_core.values import ComponentContext, ComponentStore, MemoryStore, Setting


def real_time() -> datetime.datetime:
    """The time now, in UTC."""
    return datetime.datetime.now(datetime.UTC)


@dataclass(kw_only=True)
class Bench:
    """How a kit makes components of one plugin, and drives what is at their other end.

    :param plugin: the plugin's name, or its module where it is not installed
    :param settings: as a municipality writes them. A secret may be written
        plainly here: the bench puts it into a file and writes the reference
    :param remote: the counterpart, as the kit's own kind of bench asks for it
    :param other_settings: settings of a second component, where they differ
    :param other_remote: the counterpart of that one
    :param earlier_settings: settings that earlier versions of the plugin took
    :param not_applicable: names of optional checks that do not apply, and why: a
        sentence, or one in English and one in Danish
    :param plugin_settings: those of the plugin as a whole, as a plugin set's file has them
    :param folder: what settings of the kind ``path`` start from; a folder of the
        test's own when it is not given
    :param now: the components' clock
    """

    plugin: str
    settings: Mapping[str, object] = field(default_factory=dict)
    remote: Any = None
    other_settings: Mapping[str, object] = field(default_factory=dict)
    other_remote: Any = None
    earlier_settings: tuple[Mapping[str, object], ...] = ()
    not_applicable: Mapping[str, str | tuple[str, str]] = field(default_factory=dict)
    folder: Path | None = None
    now: Callable[[], datetime.datetime] = real_time
    plugin_settings: Mapping[str, object] = field(default_factory=dict)
    contract: InterfaceClass | None = None
    _found: InstalledPlugin | None = field(default=None, init=False, repr=False)

    def make(self, **settings: object) -> Any:
        """A component with ``settings`` in place of those of the bench.

        Made by the core's own code: the plugin's hook, the check of the
        settings, the factory. A setting given as ``None`` is left out.

        :raises ConfigurationError: the plugin or its settings are refused; it
            carries the problems as ``check`` would print them
        """
        return self.component({**self.settings, **settings})

    def component(
        self,
        settings: Mapping[str, object],
        *,
        store: ComponentStore | None = None,
        name: str = "component",
        municipality_code: str = "0773",
    ) -> Any:
        """A component with exactly ``settings``, in a municipality of your choice."""
        offer = self.offer
        component = offer.factory(
            self.context(settings, store=store, name=name, municipality_code=municipality_code)
        )
        verifyObject(offer.contract, component)
        return component

    def context(
        self,
        settings: Mapping[str, object],
        *,
        store: ComponentStore | None = None,
        name: str = "component",
        municipality_code: str = "0773",
    ) -> ComponentContext:
        """What a component with exactly ``settings`` is made from.

        :raises ConfigurationError: they are refused
        """
        return ComponentContext(
            name=name,
            municipality_code=municipality_code,
            settings=self.checked(settings),
            folder=self.workplace,
            now=self.now,
            store=MemoryStore() if store is None else store,
        )

    @property
    def label(self) -> str:
        """Which of several things of one contract is on the bench; empty for the only one."""
        return ""

    @property
    def workplace(self) -> Path:
        """The folder that settings of the kind ``path`` start from."""
        if self.folder is None:
            self.folder = Path(tempfile.mkdtemp(prefix="selvbetjening-bench-"))
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        return self.folder

    @property
    def offer(self) -> ComponentOffer:
        """What the plugin says of its implementation of the contract, asked anew.

        :raises ConfigurationError: it cannot be loaded
        :raises LookupError: it offers no implementation of the contract
        """
        for offer in self.registration().offers.get(self._name, ()):
            if offer.contract is self.contract:
                return offer
        wanted = "nothing" if self.contract is None else self.contract.__name__
        raise LookupError(f'the plugin "{self.plugin}" offers no {wanted}')

    def claim(self, contract: InterfaceClass, name: str = "") -> Claim:
        """The field kind, theme or shared component that the plugin offers under ``name``.

        :raises LookupError: it offers none
        """
        for claim in self.registration().claims.values():
            is_own = claim.plugin == self._name
            if is_own and claim.contract is contract and name in ("", claim.name):
                return claim
        raise LookupError(f'the plugin "{self.plugin}" offers no {contract.__name__} "{name}"')

    def registration(self) -> PluginSet:
        """Everything the plugin says in its hooks, asked anew.

        :raises ConfigurationError: it cannot be loaded
        """
        problems, core = Problems(), core_register(__version__)
        # As in an installation: a theme may extend the core's own.
        register_core(core)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "bench.toml"
            file.write_text(self._set_as_written(), encoding="utf-8")
            found = read_plugin_set(
                file,
                (self.installed,),
                core,
                "demo",
                problems,
                self.workplace,
            )
        if found is None or problems.count_errors():
            raise ConfigurationError(problems)
        return found

    def checked(self, settings: Mapping[str, object]) -> dict[str, object]:
        """``settings`` as a component gets them: checked, defaults filled in, secrets read.

        :raises ConfigurationError: they are refused
        :raises LookupError: a reference points to nothing
        """
        declared = self.declared
        problems = Problems()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "component.toml"
            file.write_text(self._as_written(settings, declared), encoding="utf-8")
            toml = load_toml(file, problems)
            read: Mapping[str, object] = {}
            if toml is not None:
                table = Table.whole(toml, problems)
                read = read_settings(table, declared)
                table.finish()
        if problems.count_errors():
            raise ConfigurationError(problems)
        return resolve_settings(read, declared, self.workplace)

    @property
    def declared(self) -> tuple[Setting, ...]:
        """The settings that a component of the plugin understands."""
        offers = self.registration().offers.get(self._name, ())
        return tuple({s.name: s for offer in offers for s in offer.settings}.values())

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be told: the values of the settings of the kind ``secret``."""
        names = {setting.name for setting in self.declared if setting.kind == "secret"}
        checked = self.checked(self.settings)
        return tuple(str(checked[name]) for name in sorted(names) if checked.get(name))

    def behave_well(self) -> None:
        """Let the counterpart have no fault any more."""
        for remote in (self.remote, self.other_remote):
            behave = getattr(remote, "behave", None)
            if behave is not None:
                behave(Fault.NONE)

    @contextlib.contextmanager
    def remote_behaving(self, fault: Fault) -> Iterator[None]:
        """Let the counterpart have ``fault`` inside the ``with`` statement."""
        self.remote.behave(fault)
        try:
            yield
        finally:
            self.remote.behave(Fault.NONE)

    def other(self) -> Self:
        """The same bench for a second component, with settings and counterpart of its own."""
        return replace(
            self, settings={**self.settings, **self.other_settings}, remote=self.other_remote
        )

    @property
    def installed(self) -> InstalledPlugin:
        """The plugin as its distribution announces it."""
        if self._found is None:
            self._found = installed(self.plugin)
        return self._found

    @property
    def _name(self) -> str:
        return self.installed.name

    def _set_as_written(self) -> str:
        lines = f"plugins = [{json.dumps(self._name)}]\n"
        if not self.plugin_settings:
            return lines
        head = f"[plugin.{json.dumps(self._name)}]\n"
        return lines + head + self._as_written(self.plugin_settings, ())

    def _as_written(self, settings: Mapping[str, object], declared: tuple[Setting, ...]) -> str:
        kinds = {setting.name: setting.kind for setting in declared}
        lines = [
            f"{json.dumps(name)} = {self._value(name, value, kinds.get(name, ''))}\n"
            for name, value in settings.items()
            if value is not None
        ]
        return "".join(lines)

    def _value(self, name: str, value: object, kind: str) -> str:
        if kind == "secret" and isinstance(value, str) and not is_reference(value):
            (self.workplace / f"{name}.secret").write_text(value, encoding="utf-8")
            value = f"file:{name}.secret"
        # What JSON and TOML write alike: text, whole numbers, true, false, lists.
        return json.dumps(value, ensure_ascii=False)


def installed(plugin: str) -> InstalledPlugin:
    """The installed plugin of that name, or a module as if it were installed.

    :raises LookupError: there is neither
    """
    for found in installed_plugins():
        if plugin in (found.name, found.module):
            return found
    try:
        importlib.import_module(plugin)
    except ModuleNotFoundError:
        raise LookupError(
            f'there is no plugin and no module called "{plugin}";'
            " install the plugin's distribution first (pip install -e .)"
        ) from None
    point = metadata.EntryPoint(plugin.rpartition(".")[2], plugin, hooks.ENTRY_POINT_GROUP)
    return InstalledPlugin(point.name, plugin, "", "", point)
