"""Why does this component answer, and what does it hide? Whose theme are the pages in?"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.municipality_file import Binding, MunicipalityFile
from selvbetjening_core.composition.roles import roles_of
from selvbetjening_core.errors import ComponentMissing
from selvbetjening_core.files.table import closest, listed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answerer:
    """A component bound to a role: who it is and where that is said."""

    role: str
    component: str
    plugin: str
    version: str
    code: str
    configured: str
    bound: str
    scope: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Who answers, and whom that hides (nearest first)."""

    answers: Answerer
    hides: tuple[Answerer, ...]


def why(plan: Plan, role: str, municipality: str, solution: str) -> Explanation:
    """Explain which component fills ``role``.

    :raises ComponentMissing: there is no such municipality, solution or role;
        the message says what there is
    """
    file = _known(plan.municipalities, municipality, "municipality")
    offered = _known(file.solutions, solution, f"solution in {municipality}")
    roles = {one.name: one for one in roles_of(offered.solution)}
    _known(roles, role, f'role in "{solution}"')
    contract = roles[role].contract
    found = tuple(
        _answerer(file, binding, contract) for binding in file.bindings_of(role, solution)
    )
    return Explanation(found[0], found[1:])


@dataclass(frozen=True, slots=True)
class ThemeAnswer:
    """The theme of a municipality: who made it, and where it was chosen.

    ``configured`` is empty where the file chooses none; ``extends`` are the
    themes that stand in for what it lacks, nearest first.
    """

    name: str
    plugin: str
    version: str
    code: str
    configured: str
    extends: tuple[str, ...]


def why_theme(plan: Plan, municipality: str) -> ThemeAnswer:
    """Explain how the pages of a municipality look.

    :raises ComponentMissing: there is no such municipality; the message says
        which there are
    """
    file = _known(plan.municipalities, municipality, "municipality")
    claim = file.plugin_set.theme_claim(file.theme.name)
    extends, name = [], claim.component.extends
    while name:
        extends.append(name)
        name = file.plugin_set.theme(name).extends
    return ThemeAnswer(
        name=claim.name,
        plugin=claim.plugin,
        version=claim.version,
        code=_code_place(type(claim.component)) or str(claim.place),
        configured=str(file.theme.place or ""),
        extends=tuple(extends),
    )


def _answerer(file: MunicipalityFile, binding: Binding, contract: object) -> Answerer:
    spec = file.components[binding.component]
    offer = next(offer for offer in spec.offers if offer.contract is contract)
    return Answerer(
        role=binding.role,
        component=spec.name,
        plugin=spec.plugin,
        version=offer.version,
        code=_code_place(offer.factory) or str(offer.place),
        configured=str(spec.place),
        bound=str(binding.place),
        scope=f'the solution "{binding.solution}"' if binding.solution else "all solutions",
    )


def _code_place(factory: object) -> str:
    try:
        file = inspect.getsourcefile(factory)  # type: ignore[arg-type]  # TypeError handled
        _, line = inspect.getsourcelines(factory)  # type: ignore[arg-type]
    except (TypeError, OSError):
        return ""
    return f"{file}:{line}"


def _known(table: Mapping[str, T], name: str, what: str) -> T:
    if name not in table:
        raise ComponentMissing(
            f'there is no {what} called "{name}"{closest(name, table)} (there is: {listed(table)})'
        )
    return table[name]
