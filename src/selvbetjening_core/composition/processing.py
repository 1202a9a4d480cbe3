"""A municipality's record of processing: who is given which personal data, what for.

Databeskyttelsesforordningen, article 30. What plugins declare they read is what
they are given, so the record is what happens, and not what somebody remembered.
What no file says is not in it: the municipality has to add that.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from selvbetjening_core.composition.catalogue import Catalogue, RoleUse
from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.distributions import Distribution
from selvbetjening_core.composition.municipality_file import ComponentSpec, MunicipalityFile
from selvbetjening_core.composition.own_processing import OWN_PROCESSING, OwnProcessing
from selvbetjening_core.composition.roles import REGISTER, roles_of
from selvbetjening_core.definitions.model import Field, Law, OfferedSolution
from selvbetjening_core.values import Basis, Contact, Data

_DANISH = "da"


@dataclass(frozen=True, slots=True)
class Controller:
    """The municipality, as its file says how it is reached."""

    code: str
    name: str
    contact: Contact
    privacy_url: str


@dataclass(frozen=True, slots=True)
class ProcessedField:
    """One field of a solution.

    :param is_asked: the citizen answers it; otherwise it tells what is known
    :param concept: the id of what it asks about; empty where none is given
    """

    name: str
    label: str
    kind: str
    is_asked: bool
    concept: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """A component of one solution: in which role, and what it is given."""

    role: str
    component: str
    reads: tuple[Data, ...]


@dataclass(frozen=True, slots=True)
class ProcessedSolution:
    """What personal data is processed for, which, and how long it is kept.

    :param registers: components that are asked about the citizen
    """

    name: str
    title: str
    version: str
    kle: str
    purpose: str
    laws: tuple[Law, ...]
    may_act: tuple[Basis, ...]
    fields: tuple[ProcessedField, ...]
    registers: tuple[str, ...]
    receivers: tuple[Receiver, ...]
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

    controller: Controller
    day: datetime.date
    own: tuple[OwnProcessing, ...]
    solutions: tuple[ProcessedSolution, ...]
    components: tuple[Processing, ...]


def records_of(
    plan: Plan, catalogue: Catalogue, day: datetime.date
) -> tuple[ProcessingRecord, ...]:
    """The record of each municipality of an installation that was checked."""
    makers = {one.name: one.distribution for one in catalogue.plugins}
    return tuple(
        ProcessingRecord(
            controller=Controller(file.code, file.name, file.contact, file.privacy_url),
            day=day,
            own=OWN_PROCESSING,
            solutions=tuple(_solution(file, name, one) for name, one in file.solutions.items()),
            components=tuple(_processing(file, spec, makers) for spec in file.components.values()),
        )
        for file in plan.municipalities.values()
    )


def _solution(file: MunicipalityFile, name: str, offered: OfferedSolution) -> ProcessedSolution:
    solution = offered.solution
    receivers = tuple(_receivers(file, name, offered))
    return ProcessedSolution(
        name=name,
        title=solution.title.in_language(_DANISH),
        version=solution.version,
        kle=solution.kle,
        purpose=solution.text("purpose", _DANISH),
        laws=solution.laws,
        may_act=solution.may_act,
        fields=tuple(
            _field(file, one) for field in solution.fields() for one in _with_parts(field)
        ),
        registers=tuple(one.component for one in receivers if one.role == REGISTER),
        receivers=receivers,
        draft_days=solution.retention.draft_days,
        delivered_days=solution.retention.delivered_days,
    )


def _with_parts(field: Field) -> Iterator[Field]:
    """The field, and under its name each field of the group that it uses."""
    yield field
    for part in field.parts:
        yield replace(part, name=f"{field.name}.{part.name}")


def _field(file: MunicipalityFile, field: Field) -> ProcessedField:
    return ProcessedField(
        name=field.name,
        label=field.label.in_language(_DANISH),
        kind=field.kind,
        is_asked=file.plugin_set.kinds()[field.kind].takes_answer,
        concept=field.concept,
    )


def _receivers(file: MunicipalityFile, name: str, offered: OfferedSolution) -> Iterator[Receiver]:
    for role in roles_of(offered.solution):
        binding = file.binding(role.name, name)
        if binding is not None:
            spec = file.components[binding.component]
            yield Receiver(role.name, spec.name, _reads(spec))


def _reads(spec: ComponentSpec) -> tuple[Data, ...]:
    return tuple(sorted({data for offer in spec.offers for data in offer.reads}))


def _processing(
    file: MunicipalityFile, spec: ComponentSpec, makers: Mapping[str, Distribution]
) -> Processing:
    return Processing(
        component=spec.name,
        plugin=spec.plugin,
        version=spec.offers[0].version,
        distribution=makers[spec.plugin],
        contracts=tuple(offer.contract.__name__ for offer in spec.offers),
        reads=_reads(spec),
        holds=" ".join(dict.fromkeys(offer.holds for offer in spec.offers if offer.holds)),
        roles=tuple(_roles(file, spec.name)),
    )


def _roles(file: MunicipalityFile, component: str) -> Iterator[RoleUse]:
    for name, offered in file.solutions.items():
        for role in roles_of(offered.solution):
            binding = file.binding(role.name, name)
            if binding is not None and binding.component == component:
                yield RoleUse(name, role.name)
