"""Faulty plugins: the good one, or the brother that the setting ``fault`` names."""

from __future__ import annotations

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.values import Setting

FAULT = Setting(name="fault", kind="text", help="The fault that is planted.")


def component(module, good, faults, register):
    """Register the component as the good plugin does, with a setting more."""

    class Planted(Asking):
        def component(self, contract, factory, *, settings=(), **declared):
            def make(context):
                return {"none": good, **faults}[context.text("fault")](context)

            register.component(contract, make, settings=(*settings, FAULT), **declared)

    module.selvbetjening_register(Planted())


class Asking:
    """Stands in for the register that the good plugin is handed."""


@hookimpl
def shared_settings():
    """For plugins that add something to a whole set."""
    return [
        Setting(name="folder", kind="path", help="Where they are.", required=False, default=""),
        FAULT,
    ]
