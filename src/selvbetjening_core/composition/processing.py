"""A municipality's record of processing: which component gets which personal data, what for.

Databeskyttelsesforordningen, article 30. What plugins declare they read is what
they are given, so the record is what happens, and not what somebody remembered.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selvbetjening_core.composition.catalogue import Catalogue, RoleUse
from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.distributions import Distribution
from selvbetjening_core.composition.municipality_file import ComponentSpec, MunicipalityFile
from selvbetjening_core.composition.roles import roles_of
from selvbetjening_core.definitions.model import OfferedSolution
from selvbetjening_core.values import Data

_DANISH = "da"


@dataclass(frozen=True, slots=True)
class ProcessedSolution:
    """What personal data is processed for, and how long it is kept."""

    name: str
    title: str
    version: str
    kle: str
    laws: tuple[str, ...]
    draft_days: int
    delivered_days: int


@dataclass(frozen=True, slots=True)
class Processing:
    """What one component is given, and by whom it was made."""

    component: str
    plugin: str
    version: str
    distribution: Distribution
    contracts: tuple[str, ...]
    reads: tuple[Data, ...]
    holds: str
    roles: tuple[RoleUse, ...]


@dataclass(frozen=True, slots=True)
class ProcessingRecord:
    """One municipality's record, as the files say on ``day``."""

    code: str
    name: str
    day: datetime.date
    solutions: tuple[ProcessedSolution, ...]
    components: tuple[Processing, ...]


def records_of(
    plan: Plan, catalogue: Catalogue, day: datetime.date
) -> tuple[ProcessingRecord, ...]:
    """The record of each municipality of an installation that was checked."""
    makers = {one.name: one.distribution for one in catalogue.plugins}
    return tuple(
        ProcessingRecord(
            code=file.code,
            name=file.name,
            day=day,
            solutions=tuple(_solution(name, one) for name, one in file.solutions.items()),
            components=tuple(_processing(file, spec, makers) for spec in file.components.values()),
        )
        for file in plan.municipalities.values()
    )


def _solution(name: str, offered: OfferedSolution) -> ProcessedSolution:
    solution = offered.solution
    return ProcessedSolution(
        name=name,
        title=solution.title.in_language(_DANISH),
        version=solution.version,
        kle=solution.kle,
        laws=tuple(law.title for law in solution.laws),
        draft_days=solution.retention.draft_days,
        delivered_days=solution.retention.delivered_days,
    )


def _processing(
    file: MunicipalityFile, spec: ComponentSpec, makers: Mapping[str, Distribution]
) -> Processing:
    return Processing(
        component=spec.name,
        plugin=spec.plugin,
        version=spec.offers[0].version,
        distribution=makers[spec.plugin],
        contracts=tuple(offer.contract.__name__ for offer in spec.offers),
        reads=tuple(sorted({data for offer in spec.offers for data in offer.reads})),
        holds=" ".join(dict.fromkeys(offer.holds for offer in spec.offers if offer.holds)),
        roles=tuple(_roles(file, spec.name)),
    )


def _roles(file: MunicipalityFile, component: str) -> Iterator[RoleUse]:
    for name, offered in file.solutions.items():
        for role in roles_of(offered.solution):
            binding = file.binding(role.name, name)
            if binding is not None and binding.component == component:
                yield RoleUse(name, role.name)
