"""Settings of a plugin as a whole: ``[plugin.NAME]`` in the plugin set's file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from selvbetjening_core.composition.settings import (
    is_kept_elsewhere,
    read_settings,
    resolve_settings,
    without_secrets,
)
from selvbetjening_core.files import Table
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.problems import Place
from selvbetjening_core.values import Setting

_PLUGIN = "plugin"


class PluginSettings(Mapping[str, object]):
    """What ``context.settings`` of a plugin's hooks is.

    While files are read and plugins register, no secret is followed: asking for
    one raises ``LookupError``. They are there from :meth:`open` on, which the
    application calls when it is built. So a plugin that registers an object
    hands it the context, and the object asks when it is used.

    :param written: the settings as they stand in the file, checked
    :param folder: what relative paths start from
    """

    def __init__(
        self, declared: Sequence[Setting], written: Mapping[str, object], folder: Path
    ) -> None:
        self._declared = tuple(declared)
        self._written = written
        self._folder = folder
        self._sealed = frozenset(
            one.name for one in declared if is_kept_elsewhere(one, written.get(one.name))
        )
        self._values = without_secrets(written, declared, folder)

    @property
    def declared(self) -> tuple[Setting, ...]:
        """What the plugin declares, in its order."""
        return self._declared

    @property
    def is_open(self) -> bool:
        """Have the references been followed?"""
        return not self._sealed

    def open(self) -> None:
        """Follow the references. Repeatable.

        :raises SecretMissing: one of them points to nothing
        """
        self._values = resolve_settings(self._written, self._declared, self._folder)
        self._sealed = frozenset()

    def __getitem__(self, name: str) -> object:
        if name in self._sealed:
            raise LookupError(
                f'the setting "{name}" is kept elsewhere, and is read when the application'
                " is built, not while plugins register"
            )
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class PluginTables:
    """The tables ``[plugin.NAME]`` of one plugin set's file."""

    def __init__(self, root: Table, folder: Path) -> None:
        self._table = root.table(_PLUGIN)
        self._folder = folder
        self._problems = root.problems

    def read(self, plugin: str, place: Place, declared: Sequence[Setting]) -> PluginSettings | None:
        """The settings of one plugin; None where something is wrong, which is then reported.

        :param place: where the plugin set names the plugin
        """
        before = self._problems.count_errors()
        written: Mapping[str, object] = {}
        table = self._table.table(plugin) if self._table else None
        if table is not None:
            written = read_settings(table, declared)
            table.finish(_hint(plugin, declared))
        elif self._table is None or plugin not in self._table.data:
            written = {setting.name: setting.default for setting in declared}
            self._report_missing(plugin, place, declared)
        if self._problems.count_errors() > before:
            return None
        return PluginSettings(declared, written, self._folder)

    def finish(self, named: Sequence[str]) -> None:
        """Report every table of a plugin that is not named in the set."""
        for name in self._table.data if self._table else ():
            assert self._table is not None  # noqa: S101 - for the type checker; see the loop
            if name not in named:
                self._table.error(
                    "unknown-plugin",
                    f'these are settings of "{name}", which is not among the plugins of this'
                    f" set{closest(name, named)}",
                    f"the plugins here are: {listed(named)}",
                    name,
                )

    def _report_missing(self, plugin: str, place: Place, declared: Sequence[Setting]) -> None:
        needed = [setting.name for setting in declared if setting.required]
        if needed:
            self._problems.error(
                "missing-key",
                place,
                f'the plugin "{plugin}" has to be told: {listed(needed)}',
                f"add the table [{_PLUGIN}.{plugin}] at the end of the file, with"
                f" {listed(f'{name} = …' for name in needed)}",
            )


def _hint(plugin: str, declared: Sequence[Setting]) -> str:
    if not declared:
        return f'take the table out: "{plugin}" as a whole has no settings, its components may'
    return f'the settings of the plugin "{plugin}" are: {listed(one.name for one in declared)}'
