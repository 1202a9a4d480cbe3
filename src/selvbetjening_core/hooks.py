"""The pluggy hooks a plugin implements, and the marker to implement them with.

A plugin is a module named by an entry point in the group
``selvbetjening.plugins``; the entry point's name is the plugin's name in plugin
sets, municipality files and documentation::

    # setup.cfg of the plugin's distribution
    [options.entry_points]
    selvbetjening.plugins =
        acme_journal = acme_journal.plugin

    # acme_journal/plugin.py
    from selvbetjening_core.hooks import hookimpl

    @hookimpl
    def selvbetjening_register(register, context):
        register.component(IDelivery, AcmeJournal, help="Delivers to Acme Journal.")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from selvbetjening_core.composition.register import Register, SetContext

PROJECT = "selvbetjening"
ENTRY_POINT_GROUP = "selvbetjening.plugins"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def selvbetjening_register(register: Register, context: SetContext) -> None:
    """Say what the plugin offers. Called once for each plugin set that names it.

    :param register: where to say it; see :class:`Register`
    :param context: the plugin set's name, its mode (``demo`` or ``production``)
        and this plugin's own name and version

    Keep nothing in the module: the same plugin may be in several sets.
    """
