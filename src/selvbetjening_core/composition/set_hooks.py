"""The plugins of one set at work: the one place that calls their hooks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pluggy

from selvbetjening_core import hooks
from selvbetjening_core.composition.default_secrets import report_defaults
from selvbetjening_core.composition.plugin_settings import PluginSettings
from selvbetjening_core.composition.register import SetContext
from selvbetjening_core.composition.secrets import SecretMissing
from selvbetjening_core.problems import Place, Problems

log = logging.getLogger(__name__)

FOREIGN_ERRORS = (Exception, SystemExit)
"""Whatever foreign code raises, short of the process being told to end."""


def said(error: BaseException) -> str:
    """An error of foreign code on one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


@dataclass(frozen=True, slots=True)
class _Member:
    module: ModuleType
    context: SetContext
    place: Place


class SetHooks:
    """One plugin manager for each plugin set. Filled while the set is read, then only called.

    A hook of one plugin is never called with the context of another.
    """

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(hooks.PROJECT)
        self._manager.add_hookspecs(hooks)
        self._members: dict[str, _Member] = {}
        self._callers: dict[tuple[str, str], pluggy.HookCaller | None] = {}

    @property
    def plugins(self) -> tuple[str, ...]:
        """The plugins of the set that registered, in its order."""
        return tuple(self._members)

    def name_of(self, module: ModuleType) -> str | None:
        """The plugin whose module it is already, if any."""
        return self._manager.get_name(module)

    def add(self, module: ModuleType, context: SetContext, place: Place) -> None:
        """Take a plugin in. A context with settings takes the place of the one without.

        :raises Exception: pluggy does not accept the module
        """
        if context.plugin not in self._members:
            self._manager.register(module, name=context.plugin)
        self._members[context.plugin] = _Member(module, context, place)
        self._callers.clear()

    def remove(self, plugin: str) -> None:
        """Leave a plugin out that failed: no hook of it is called any more."""
        if self._members.pop(plugin, None) is not None:
            self._manager.unregister(name=plugin)
        self._callers.clear()

    def context(self, plugin: str) -> SetContext:
        """What the hooks of ``plugin`` are handed.

        :raises KeyError: it is not here
        """
        return self._members[plugin].context

    def module(self, plugin: str) -> ModuleType:
        """The module of ``plugin``.

        :raises KeyError: it is not here
        """
        return self._members[plugin].module

    def place(self, plugin: str) -> Place:
        """Where the set's file names ``plugin``.

        :raises KeyError: it is not here
        """
        return self._members[plugin].place

    def implementing(self, hook: str) -> tuple[str, ...]:
        """The plugins that implement ``hook``, in the order of the set."""
        return tuple(name for name in self._members if self._caller(name, hook) is not None)

    def call(self, plugin: str, hook: str, **arguments: object) -> list[Any]:
        """Call ``hook`` of one plugin; what it returned, if anything.

        :raises Exception: whatever the plugin raises
        """
        caller = self._caller(plugin, hook)
        if caller is None:
            return []
        found: list[Any] = caller(**arguments, context=self.context(plugin))
        return found

    def tell_all(self, hook: str, **arguments: object) -> Iterator[tuple[str, list[Any] | None]]:
        """Call ``hook`` of each plugin; one that fails is logged and stops no other.

        Yields the plugin and what it returned, or None where it failed. Of what
        was raised only the class is logged: the words may hold anything.
        """
        for plugin in self.implementing(hook):
            try:
                yield plugin, self.call(plugin, hook, **arguments)
            except FOREIGN_ERRORS as error:
                log.error("plugin %s failed in %s: %s", plugin, hook, type(error).__name__)  # noqa: TRY400 - a trace may show values
                yield plugin, None

    def open_settings(self, problems: Problems, only: str = "") -> None:
        """Follow the references in ``[plugin.NAME]``; what is missing is reported.

        :param only: the one plugin that is meant, if not all
        """
        for plugin, member in self._members.items():
            settings = member.context.settings
            if not isinstance(settings, PluginSettings) or only not in ("", plugin):
                continue
            try:
                settings.open()
            except SecretMissing as error:
                problems.error(
                    "secret-missing",
                    member.place,
                    f'the plugin "{plugin}" lacks a secret: {error}',
                    error.advice,
                )

    def report_default_secrets(self, problems: Problems) -> None:
        """Report what is in ``[plugin.NAME]`` and everybody knows. After :meth:`open_settings`."""
        for plugin, member in self._members.items():
            settings = member.context.settings
            if isinstance(settings, PluginSettings) and settings.is_open:
                whose = f'the plugin "{plugin}"'
                report_defaults(settings, settings.declared, member.place, whose, problems)

    def _caller(self, plugin: str, hook: str) -> pluggy.HookCaller | None:
        key = plugin, hook
        if key not in self._callers:
            module = self._members[plugin].module
            others = [one.module for one in self._members.values() if one.module is not module]
            caller = self._manager.subset_hook_caller(hook, others)
            self._callers[key] = caller if caller.get_hookimpls() else None
        return self._callers[key]
