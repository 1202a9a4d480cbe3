"""The pluggy hooks a plugin implements, and the marker to implement them with.

A plugin is a module named by an entry point in the group
``selvbetjening.plugins``; the entry point's name is the plugin's name in plugin
sets, municipality files and documentation::

    # setup.cfg of the plugin's distribution
    [options.entry_points]
    selvbetjening.plugins =
        acme_journal = acme_journal.plugin

    # acme_journal/plugin.py
    from selvbetjening_core.hooks import Register, SetContext, hookimpl

    @hookimpl
    def selvbetjening_register(register: Register, context: SetContext) -> None:
        register.component(IDelivery, AcmeJournal, help="Delivers to Acme Journal.")

``Register`` and ``SetContext``, which hooks are handed, can be imported here.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    import click
    from pyramid.config import Configurator

    # As themselves: what plugins may import from here.
    from selvbetjening_core.composition.register import Register as Register  # noqa: PLC0414
    from selvbetjening_core.composition.register import SetContext as SetContext  # noqa: PLC0414
    from selvbetjening_core.values import CaseEvent, Health, Setting

PROJECT = "selvbetjening"
ENTRY_POINT_GROUP = "selvbetjening.plugins"

_HANDED = ("Register", "SetContext")
_HANDED_FROM = "selvbetjening_core.composition.register"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


def __getattr__(name: str) -> Any:
    # Composition is above this module, so it is imported when a plugin asks.
    if name in _HANDED:
        return getattr(importlib.import_module(_HANDED_FROM), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@hookspec
def selvbetjening_register(register: Register, context: SetContext) -> None:
    """Say what the plugin offers. Called once for each plugin set that names it.

    :param register: where to say it; see :class:`Register`
    :param context: the plugin set's name, its mode (``demo`` or ``production``),
        this plugin's own name and version, and its settings

    Keep nothing in the module: the same plugin may be in several sets. Has no
    effect, since ``selvbetjening check`` calls it. Secrets among the settings are
    not followed yet: asking for one raises ``LookupError``. What you register may
    keep the context, and ask when it is used.
    """


@hookspec
def selvbetjening_settings(context: SetContext) -> Sequence[Setting]:  # type: ignore[empty-body]
    """Declare settings of the plugin as a whole, for all its components in a set.

    They are filled in once, in the plugin set's file, under ``[plugin.NAME]``,
    and every other hook finds them in ``context.settings``. Settings of one
    component are declared where the component is registered. Secrets are
    references: ``env:NAME`` or ``file:PATH``.

    Called before all others, also by ``selvbetjening check``; has no effect.

    :param context: as in ``selvbetjening_register``, its ``settings`` still empty
    """


@hookspec
def selvbetjening_web(config: Configurator, context: SetContext) -> None:
    """Add pages of the plugin's own, as Pyramid's ``includeme`` would.

    Every view declares who may use it, as ``permission``: ``NO_PERMISSION_REQUIRED``
    (anybody), ``"citizen"``, ``"staff"``, ``"operator"``, ``"auditor"`` or ``"watcher"``. One
    for citizens also declares how surely they must be logged in, as ``level``: an
    ``AssuranceLevel``, or ``"solution"`` where the address names one. A view that does not
    stops the start. A view for anybody that asks who is logged in declares ``session=True``.
    Forms need our token. Messages from outside systems need no page: see ``IMessages``.
    Only municipalities of the plugin set have the pages. Names of routes begin
    with the plugin's. A name that is taken stops the start, as do ``config.commit()``
    and whatever would take the place of what guards all pages: the security policy,
    the default permission, the request, the session. A tween, a view deriver, a subscriber or
    a view for steps is allowed, and makes every step of the plugin set take the longer way
    through Pyramid's router, which then sees each request. Called when the web application is
    made, and again for each reload.

    :param config: already inside the route prefix ``/-/plugins/NAME``
    """


@hookspec
def selvbetjening_commands(group: click.Group, context: SetContext) -> None:
    """Add commands to ``selvbetjening plugin NAME``. Called when one is asked for.

    :param group: a click group for this plugin alone
    """


@hookspec
def selvbetjening_ready(context: SetContext) -> None:
    """Everything is put together, and the first request is about to be served.

    Called by ``serve`` and ``worker``, and again at a reload, for the new
    composition, just before it takes the old one's place. Raising here is logged
    and stops nothing.
    """


@hookspec
def selvbetjening_health(context: SetContext) -> Sequence[Health]:  # type: ignore[empty-body]
    """Say whether what the plugin depends on is there. Must be quick; has no effect.

    Called by ``selvbetjening health``.
    """


@hookspec
def selvbetjening_case_event(event: CaseEvent, context: SetContext) -> None:
    """Something happened to a case, and is committed. Nothing personal is told.

    Called outside the citizen's request; raising stops nothing. It may be
    called twice for one event, and is not called for what happened while the
    process was dead: who must know everything asks the ledger.
    """


@hookspec
def selvbetjening_teardown(context: SetContext) -> None:
    """The composition is given up, at the end of the process or after a reload.

    After a reload it is called when everything that began before it has ended.
    """
