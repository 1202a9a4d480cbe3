"""The theme a municipality chose, with its settings."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zope.interface.exceptions import Invalid
from zope.interface.verify import verifyObject

from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.composition.secrets import SecretMissing
from selvbetjening_core.composition.settings import read_settings, resolve_settings
from selvbetjening_core.errors import BadSettings
from selvbetjening_core.files import Table
from selvbetjening_core.files.table import listed
from selvbetjening_core.interfaces import ITheme
from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.values import ComponentContext, Look

DEFAULT_THEME = "plain"
_NOW = functools.partial(datetime.datetime.now, datetime.UTC)


@dataclass(frozen=True, slots=True)
class ThemeChoice:
    """A theme by name, and what it makes of the municipality's settings.

    ``place`` is where it was chosen; None where the file says nothing.
    """

    name: str = DEFAULT_THEME
    look: Look = Look()  # noqa: RUF009 - immutable
    place: Place | None = None


def read_theme(
    root: Table, plugin_set: PluginSet, code: str, folder: Path, problems: Problems
) -> ThemeChoice:
    """What ``[theme]`` of a municipality's file says; without it, the theme ``plain``.

    :param folder: the installation's, which paths start from
    """
    if isinstance(root.data.get("theme"), str):
        return _told_to_write_a_table(root)
    table = root.table("theme")
    if table is None:
        return ThemeChoice()
    name = _name(table, plugin_set)
    if not name:
        table.give_up()
        return ThemeChoice()
    theme = plugin_set.theme(name)
    if not _is_verified(theme):
        table.give_up()
        return ThemeChoice()
    errors_before = problems.count_errors()
    settings = read_settings(table, theme.settings, plugin_set.secrets)
    table.finish(f'the settings of "{name}" are: {listed(one.name for one in theme.settings)}')
    if problems.count_errors() > errors_before:
        return ThemeChoice(name)
    return ThemeChoice(name, _look(theme, settings, table, code, folder), table.place())


def _name(table: Table, plugin_set: PluginSet) -> str:
    """A theme of the set. One is often called like its plugin, which may be left out of it."""
    written = table.data.get("name")
    known = plugin_set.themes()
    if isinstance(written, str) and written in plugin_set.spare and written not in known:
        report_not_in_set(table, "name", written, plugin_set)
        return ""
    return table.choice("name", known, code="unknown-theme")


def report_not_in_set(table: Table, key: str, plugin: str, plugin_set: PluginSet) -> None:
    """Say that a plugin is installed, and where to take it up."""
    table.error(
        "plugin-not-in-set",
        f'the plugin "{plugin}" is installed, but is not in the plugin set "{plugin_set.name}"',
        f'add "{plugin}" to plugins in {plugin_set.told_place}, or name another',
        key,
    )


def _told_to_write_a_table(root: Table) -> ThemeChoice:
    """As files were written before themes had settings."""
    root.error(
        "theme-is-no-table",
        f'theme = "{root.raw("theme")}" is a text, and themes have settings',
        f'take the line out, and write [theme] and name = "{root.raw("theme")}"'
        " below the keys that are in no table",
        "theme",
    )
    return ThemeChoice()


def _is_verified(theme: ITheme) -> bool:
    """Whether it is a theme at all; if not, that is told where the plugin offers it."""
    try:
        return bool(verifyObject(ITheme, theme))
    except Invalid:
        return False


def _look(
    theme: ITheme, settings: Mapping[str, object], table: Table, code: str, folder: Path
) -> Look:
    try:
        resolved = resolve_settings(settings, theme.settings, folder)
        look = _checked(theme.look(ComponentContext(theme.name, code, resolved, folder, _NOW)))
    except BadSettings as error:
        for fault in error.faults:
            table.error(
                "theme-unusable",
                f'the theme "{theme.name}" cannot be used so: {" ".join(fault.text.split())}',
                f"change {fault.setting} under [theme]",
                fault.setting,
            )
        return Look()
    except SecretMissing as error:
        told = f'the theme "{theme.name}" cannot be used so: {error}'
        table.error("theme-unusable", told, error.advice)
        return Look()
    except Exception as error:  # noqa: BLE001 - whatever a foreign theme raises
        # A sentence of the theme's own is in a ValueError; any other is a fault of its code.
        is_told = isinstance(error, ValueError)
        kind = "" if is_told else f"{type(error).__name__}: "
        table.error(
            "theme-unusable",
            f'the theme "{theme.name}" cannot be used so: {kind}{" ".join(str(error).split())}',
            "change the settings under [theme]"
            if is_told
            else "mend the theme, or choose another under [theme]",
        )
        return Look()
    for warning in look.warnings:
        table.problems.warning("theme", table.place(), warning, "see the theme's documentation")
    return look


def _checked(look: object) -> Look:
    """What a theme returned, which may be anything.

    :raises TypeError: it is no look that pages can be made with
    """
    if not isinstance(look, Look):
        raise TypeError(f"look() must return a Look, not {type(look).__name__}")
    for name, content in look.files.items():
        if not isinstance(content, bytes):
            raise TypeError(f'the file "{name}" of the look must be bytes')
    if not isinstance(look.warnings, tuple):
        raise TypeError("the warnings of the look must be a tuple of texts")
    return look
