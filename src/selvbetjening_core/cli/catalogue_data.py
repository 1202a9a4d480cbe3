"""The service catalogue as plain data: what every form of it is made from."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from selvbetjening_core import __version__
from selvbetjening_core.composition.catalogue import (
    Catalogue,
    CatalogueItem,
    CataloguePlugin,
    RoleUse,
    Use,
)
from selvbetjening_core.composition.distributions import Distribution
from selvbetjening_core.composition.own_processing import OwnProcessing
from selvbetjening_core.composition.processing import (
    Controller,
    ProcessedField,
    ProcessedSolution,
    Processing,
    ProcessingRecord,
    Receiver,
)
from selvbetjening_core.definitions.model import Law
from selvbetjening_core.values import Setting, Task


def catalogue_as_data(
    catalogue: Catalogue, records: Iterable[ProcessingRecord], day: datetime.date
) -> dict[str, Any]:
    """Everything, ready for JSON. Settings are declarations: no value is among them."""
    return {
        "made_on": day.isoformat(),
        "selvbetjening": __version__,
        "plugins": [_plugin(one) for one in catalogue.plugins],
        "in_no_plugin_set": [
            {"name": one.name, "module": one.module, **_distribution(one.distribution)}
            for one in catalogue.spare
        ],
        "records_of_processing": [_record(one) for one in records],
    }


def _plugin(plugin: CataloguePlugin) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "version": plugin.version,
        **_distribution(plugin.distribution),
        "plugin_sets": list(plugin.plugin_sets),
        "settings": [_setting(one) for one in plugin.settings],
        "items": [_item(one) for one in plugin.items],
    }


def _distribution(distribution: Distribution) -> dict[str, Any]:
    return {
        "distribution": distribution.name,
        "distribution_version": distribution.version,
        "owner": distribution.owner,
        "licence": distribution.licence,
    }


def _item(item: CatalogueItem) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "name": item.name,
        "contract": item.contract,
        "contract_version": item.contract_version,
        "built_for": item.built_for,
        "function": item.help,
        "reads": [str(data) for data in item.reads],
        "holds": item.holds,
        "demo_only": item.demo_only,
        "makes_faults": item.makes_faults,
        "tasks": [_task(one) for one in item.tasks],
        "settings": [_setting(one) for one in item.settings],
        "used_by": [_use(one) for one in item.used_by],
    }


def _task(task: Task) -> dict[str, Any]:
    return {"name": task.name, "every_seconds": task.every.total_seconds(), "function": task.help}


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "kind": setting.kind,
        "required": setting.required,
        "minimum": setting.minimum,
        "means": setting.help,
    }


def _use(use: Use) -> dict[str, Any]:
    return {
        "municipality": use.municipality,
        "component": use.component,
        "solutions": list(use.solutions),
        "roles": _roles(use.roles),
    }


def _roles(uses: Iterable[RoleUse]) -> Mapping[str, list[str]]:
    """The roles by solution."""
    found: dict[str, list[str]] = {}
    for use in uses:
        found.setdefault(use.solution, []).append(use.role)
    return found


def _record(record: ProcessingRecord) -> dict[str, Any]:
    return {
        "municipality": record.controller.code,
        "name": record.controller.name,
        "day": record.day.isoformat(),
        "controller": _controller(record.controller),
        "own": [_own(one) for one in record.own],
        "solutions": [_solution(one) for one in record.solutions],
        "components": [_processing(one) for one in record.components],
    }


def _controller(controller: Controller) -> dict[str, str]:
    return {
        "code": controller.code,
        "name": controller.name,
        "phone": controller.contact.phone,
        "email": controller.contact.email,
        "hours": controller.contact.hours,
        "address": controller.contact.address,
        "privacy_url": controller.privacy_url,
    }


def _own(one: OwnProcessing) -> dict[str, Any]:
    return {
        "name": one.name,
        "tables": list(one.tables),
        "purpose": one.purpose,
        "persons": [str(person) for person in one.persons],
        "data": one.data,
        "kept": str(one.kept),
        "is_sealed": one.is_sealed,
        "is_removed": one.is_removed,
    }


def _solution(solution: ProcessedSolution) -> dict[str, Any]:
    return {
        "name": solution.name,
        "title": solution.title,
        "version": solution.version,
        "kle": solution.kle,
        "purpose": solution.purpose,
        "laws": [_law(one) for one in solution.laws],
        "may_act": [str(basis) for basis in solution.may_act],
        "fields": [_field(one) for one in solution.fields],
        "registers": list(solution.registers),
        "receivers": [_receiver(one) for one in solution.receivers],
        "draft_days": solution.draft_days,
        "delivered_days": solution.delivered_days,
    }


def _receiver(receiver: Receiver) -> dict[str, Any]:
    return {
        "role": receiver.role,
        "component": receiver.component,
        "reads": [str(data) for data in receiver.reads],
    }


def _law(law: Law) -> dict[str, str]:
    return {"title": law.title, "valid_from": law.valid_from.isoformat(), "url": law.url}


def _field(field: ProcessedField) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "kind": field.kind,
        "is_asked": field.is_asked,
        "concept": field.concept,
    }


def _processing(one: Processing) -> dict[str, Any]:
    return {
        "component": one.component,
        "plugin": one.plugin,
        "version": one.version,
        **_distribution(one.distribution),
        "contracts": list(one.contracts),
        "reads": [str(data) for data in one.reads],
        "holds": one.holds,
        "roles": _roles(one.roles),
    }
