"""Where the components of a municipality send the browser: the sum of what they declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from selvbetjening_core.composition.roles import IDENTITY, STAFF_LOGIN
from selvbetjening_core.composition.settings import is_kept_elsewhere
from selvbetjening_core.files.origins import is_safe_origin, origin_of
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import PageNeeds

if TYPE_CHECKING:
    from selvbetjening_core.composition.compose import Plan
    from selvbetjening_core.composition.municipality_file import ComponentSpec, MunicipalityFile

_NO_SOLUTION = ""
_LOGINS = frozenset({IDENTITY, STAFF_LOGIN})


def form_origins(
    file: MunicipalityFile, sent_to: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Where a form may end, by solution: where the components that serve it send the browser.

    For pages of no solution, those bound for all solutions count, under an empty name. A
    component that is bound to nothing may be kept for what began with it, and always counts,
    as does each that logs somebody in: one can log out on every page.

    :param sent_to: where each component sends it, by the component's name
    """
    roles = {binding.role for binding in file.bindings}
    kept = sent_to.keys() - {one.component for one in file.bindings if one.role not in _LOGINS}
    found = {}
    for solution in (_NO_SOLUTION, *file.solutions):
        bound = (file.binding(role, solution) for role in roles)
        names = {binding.component for binding in bound if binding is not None} | kept
        found[solution] = tuple(sorted({one for name in names for one in sent_to.get(name, ())}))
    return found


def sends_to(
    spec: ComponentSpec, settings: Mapping[str, object], problems: Problems
) -> tuple[str, ...]:
    """The origins that a component sends the browser to, by its settings.

    An address that no browser may be sent to is reported: neither https nor of this machine.
    """
    found = []
    for name in dict.fromkeys(_declared(spec)):
        origin = name if "://" in name else origin_of(str(settings.get(name) or ""))
        if origin and not is_safe_origin(origin):
            _report(spec, name, problems)
        elif origin:
            found.append(origin)
    return tuple(dict.fromkeys(found))


def check_origins(plan: Plan) -> None:
    """Look at every address, as far as it is written plainly. Adds to the plan's problems."""
    for municipality in plan.municipalities.values():
        for spec in municipality.components.values():
            sends_to(spec, _plain(spec), plan.problems)


def told_origins(plan: Plan) -> Iterator[str]:
    """What browsers are allowed beside our own host, a line for each thing; in words.

    References are not followed, and told as they are written.
    """
    for code, file in plan.municipalities.items():
        for origin, names in _senders(file).items():
            yield f"{code} {file.name}: forms may end at {origin} ({', '.join(names)})"
        for origin in file.frame_ancestors:
            yield f"{code} {file.name}: pages without login may be framed by {origin}"
    for plugin_set in plan.plugin_sets.values():
        for plugin, needs in plugin_set.page_needs.items():
            yield from _told_pages(f"pages of the plugin {plugin} ({plugin_set.name})", needs)


def _told_pages(which: str, needs: PageNeeds) -> Iterator[str]:
    yield from (f"{which}: forms may end at {one}" for one in needs.forms)
    yield from (f"{which}: pictures from {one}" for one in needs.images)
    yield from (f"{which}: scripts may ask {one}" for one in needs.connections)


def _senders(file: MunicipalityFile) -> dict[str, list[str]]:
    """Which components send the browser to each origin."""
    found: dict[str, list[str]] = {}
    for spec in file.components.values():
        for origin in filter(None, _written(spec)):
            found.setdefault(origin, []).append(spec.name)
    return found


def _written(spec: ComponentSpec) -> Iterator[str]:
    plain = _plain(spec)
    for name in dict.fromkeys(_declared(spec)):
        if "://" in name:
            yield name
        elif name in plain:
            yield origin_of(str(plain[name] or ""))
        else:
            yield str(spec.settings[name])


def _plain(spec: ComponentSpec) -> dict[str, object]:
    """The settings that are no references."""
    return {
        setting.name: spec.settings.get(setting.name)
        for setting in spec.declared
        if not is_kept_elsewhere(setting, spec.settings.get(setting.name))
    }


def _declared(spec: ComponentSpec) -> Iterator[str]:
    return (name for offer in spec.offers for name in offer.sends_to)


def _report(spec: ComponentSpec, setting: str, problems: Problems) -> None:
    problems.error(
        "insecure-address",
        spec.setting_place(setting),
        f'"{setting}" of "{spec.name}" is where citizens are sent, and not over https',
        "write the address with https://; on this machine alone (localhost) it may be http://",
    )
