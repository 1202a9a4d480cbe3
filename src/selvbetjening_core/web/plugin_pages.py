"""Pages that plugins add: each below ``/-/plugins/NAME``, under our own rules."""

from __future__ import annotations

from collections.abc import Callable

from pyramid.config import Configurator

from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.composition.set_hooks import FOREIGN_ERRORS, SetHooks, said
from selvbetjening_core.problems import Problems

HOOK = "selvbetjening_web"
PREFIX = "/-/plugins"


def include_plugins(config: Configurator, plugin_set: PluginSet, problems: Problems) -> None:
    """Let every plugin of a set add its pages. One that fails is reported.

    Whatever it adds beside its own (another security policy, say) is a conflict
    with ours, which Pyramid reports when the application is made.
    """
    hooks = plugin_set.hooks
    for plugin in hooks.implementing(HOOK):
        try:
            config.include(_included(hooks, plugin), route_prefix=f"{PREFIX}/{plugin}")
        except FOREIGN_ERRORS as error:
            problems.error(
                "plugin-broken",
                hooks.place(plugin),
                f'the plugin "{plugin}" fails to add its pages: {said(error)}',
                "update it, or take it out of the plugin set",
            )


def _included(hooks: SetHooks, plugin: str) -> Callable[[Configurator], None]:
    """What Pyramid includes. It tells one from another by module and name."""

    def includeme(config: Configurator) -> None:
        hooks.call(plugin, HOOK, config=config)

    # Its module also says which package its assets are in.
    includeme.__module__ = hooks.module(plugin).__name__
    includeme.__name__ = f"{HOOK}_{plugin}"
    return includeme
