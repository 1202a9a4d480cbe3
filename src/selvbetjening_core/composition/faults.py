"""Faults in settings that only the plugin itself can find, each told at its line.

A factory may have ``check_settings``, a static or class method: it takes the
component's context and returns what is wrong as :class:`SettingFault`. It is
called by ``selvbetjening check``, so it has no effect, and secrets are empty.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.municipality_file import ComponentSpec, MunicipalityFile
from selvbetjening_core.composition.set_hooks import FOREIGN_ERRORS
from selvbetjening_core.composition.settings import without_secrets
from selvbetjening_core.errors import NotInstalled
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import ComponentContext, SettingFault


def report_faults(spec: ComponentSpec, faults: Iterable[SettingFault], problems: Problems) -> None:
    """Tell each fault at the setting that has it."""
    for fault in faults:
        if fault.is_warning:
            problems.warning(
                "setting-soon-unusable",
                spec.setting_place(fault.setting),
                f'the component "{spec.name}" will not work for long:'
                f" {' '.join(fault.text.split())}",
                f"change {fault.setting}, or the file it names, in time",
            )
            continue
        problems.error(
            "setting-unusable",
            spec.setting_place(fault.setting),
            f'the component "{spec.name}" cannot be made so: {" ".join(fault.text.split())}',
            f"change {fault.setting}, or the file it names",
        )


def check_settings(plan: Plan, now: Callable[[], datetime.datetime]) -> None:
    """Let every plugin look at the settings of its components. Adds to the plan's problems.

    Nothing is made: this finds before the start what making would find.
    """
    for municipality in plan.municipalities.values():
        for spec in municipality.components.values():
            _check(spec, _context(spec, municipality, plan, now), plan.problems)


def _check(spec: ComponentSpec, context: ComponentContext, problems: Problems) -> None:
    for offer in spec.offers:
        look: Any = getattr(offer.factory, "check_settings", None)
        if look is None:
            continue
        try:
            report_faults(spec, tuple(look(context)), problems)
        except NotInstalled:
            # What it needs to look is not here; where citizens are served, it is.
            continue
        except FOREIGN_ERRORS as error:
            problems.error(
                "check-failed",
                spec.place,
                f'the plugin "{spec.plugin}" cannot check the settings of "{spec.name}":'
                f" {type(error).__name__}",
                "ask the plugin's vendor",
            )


def _context(
    spec: ComponentSpec,
    municipality: MunicipalityFile,
    plan: Plan,
    now: Callable[[], datetime.datetime],
) -> ComponentContext:
    folder = plan.installation.folder
    settings = without_secrets(spec.settings, spec.declared, folder)
    return ComponentContext(spec.name, municipality.code, settings, folder, now)
