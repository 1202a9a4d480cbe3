"""Pages that plugins add: each below ``/-/plugins/NAME``, under our own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyramid.config import Configurator

from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.composition.set_hooks import FOREIGN_ERRORS, SetHooks, said
from selvbetjening_core.problems import Problems

HOOK = "selvbetjening_web"
PREFIX = "/-/plugins"


def include_plugins(
    config: Configurator, plugin_set: PluginSet, plugins: Iterable[str], problems: Problems
) -> None:
    """Let these plugins of a set add their pages. One that fails is reported.

    Whatever one adds beside its own (another security policy, say) is a conflict
    with ours, which Pyramid reports when the application is made. A plugin that
    commits would get round that, and is reported, too.
    """
    hooks = plugin_set.hooks
    for plugin in plugins:
        pending = config.action_state
        try:
            config.include(_included(hooks, plugin), route_prefix=f"{PREFIX}/{plugin}")
        except FOREIGN_ERRORS as error:
            problems.error(
                "plugin-broken",
                hooks.place(plugin),
                f'the plugin "{plugin}" fails to add its pages: {said(error)}',
                "update it, or take it out of the plugin set",
            )
        if config.action_state is not pending:
            problems.error(
                "plugin-pages",
                hooks.place(plugin),
                f'the plugin "{plugin}" calls config.commit(): what it adds after that would take'
                " the place of our own",
                "take it out, or ask its vendor to leave the call out: all is committed when"
                " every page is there",
            )


def _included(hooks: SetHooks, plugin: str) -> Callable[[Configurator], None]:
    """What Pyramid includes. It tells one from another by module and name."""

    def includeme(config: Configurator) -> None:
        hooks.call(plugin, HOOK, config=config)

    # Its module also says which package its assets are in.
    includeme.__module__ = hooks.module(plugin).__name__
    includeme.__name__ = f"{HOOK}_{plugin}"
    return includeme
