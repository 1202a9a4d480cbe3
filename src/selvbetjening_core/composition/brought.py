"""The solutions that plugins of a set bring along (``ISolutions``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core.composition.installation import Installation
from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.composition.register import Claim
from selvbetjening_core.composition.set_hooks import FOREIGN_ERRORS, said
from selvbetjening_core.problems import Problems


@dataclass(frozen=True, slots=True)
class Brought:
    """The folders, by the solutions' names. ``is_complete``: every plugin could be asked."""

    folders: Mapping[str, Path]
    is_complete: bool


def brought_along(plugin_set: PluginSet, installation: Installation, problems: Problems) -> Brought:
    """Ask every plugin of the set which solutions it brings.

    A name that is taken, by another plugin or in the installation's own folders,
    is an error that names both.
    """
    found: dict[str, Path] = {}
    by: dict[str, Claim] = {}
    is_complete = True
    for claim in plugin_set.solution_sources():
        folders = _asked(claim, problems)
        is_complete &= folders is not None
        for name, folder in (folders or {}).items():
            taken = _taken(name, by, installation)
            if taken:
                _report_twice(claim, name, folder, taken, problems)
            else:
                found[name], by[name] = folder, claim
    return Brought(found, is_complete)


def _asked(claim: Claim, problems: Problems) -> dict[str, Path] | None:
    """What one plugin brings; None where it cannot tell, which is then reported."""
    try:
        folders = _checked(claim.component.folders())
    except FOREIGN_ERRORS as error:
        problems.error(
            "solutions-not-offered",
            claim.place,
            f'the plugin "{claim.plugin}" cannot say which solutions it brings: {said(error)}',
            "mend the plugin, or take it out of the plugin set",
        )
        return None
    return folders


def _checked(folders: object) -> dict[str, Path]:
    """What came from a plugin, which may be anything.

    :raises TypeError: it is no mapping from names to folders
    :raises LookupError: a folder is not there
    """
    if not isinstance(folders, Mapping):
        raise TypeError(f"folders() must return a mapping, not {type(folders).__name__}")
    for name, folder in folders.items():
        if not isinstance(name, str) or not isinstance(folder, Path):
            raise TypeError("folders() must map a name to a Path")
        if not folder.is_dir():
            raise LookupError(f'there is no folder of the solution "{name}"')
        if folder.name != name:
            raise LookupError(f'the folder of the solution "{name}" is called "{folder.name}"')
    return dict(folders)


def _taken(name: str, by: Mapping[str, Claim], installation: Installation) -> str:
    """Who has a solution of the name already; empty where nobody has."""
    if name in by:
        return f'so does "{by[name].plugin}" ({by[name].place})'
    if name in installation.solutions:
        return f"the installation has one of that name ({installation.solutions[name]})"
    return ""


def _report_twice(claim: Claim, name: str, folder: Path, taken: str, problems: Problems) -> None:
    problems.error(
        "solution-twice",
        claim.place,
        f'the plugin "{claim.plugin}" brings the solution "{name}" ({folder}), and {taken}',
        "take one of the plugins out of the plugin set, or the folder out of the installation",
    )
