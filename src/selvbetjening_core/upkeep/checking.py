"""Waits, limits and destinations that do not go together: found before a citizen does."""

from __future__ import annotations

import datetime
import inspect
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.digest_settings import DigestSettings
from selvbetjening_core.composition.municipality_file import (
    ComponentSpec,
    MunicipalityFile,
    offer_for,
)
from selvbetjening_core.composition.roles import DIGEST, STAFF_LOGIN
from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.journey.reconcile import GIVE_UP_AFTER, STILL_ASK_FOR
from selvbetjening_core.problems import Place, Problems

_PAYMENT_DAYS = (GIVE_UP_AFTER + STILL_ASK_FOR).days
_PATH = "path"


def check_waits(plan: Plan) -> None:
    """Look at what is right by itself and wrong together. Adds to the plan's problems."""
    for file in plan.municipalities.values():
        for offered in file.solutions.values():
            _check_kept(file, offered.solution, plan.problems)
            _check_two_roles(file, offered.solution, plan.problems)
        for spec in _destinations(file):
            _check_unknown(spec, plan.problems)
        _check_overdue(file, plan.problems)
        _check_digest(file, plan.problems)
        if not plan.installation.is_demo:
            _check_told(file, plan.problems)
    _check_same_place(plan)


def _destinations(file: MunicipalityFile) -> Iterator[ComponentSpec]:
    """The components that some solution here delivers to, each once."""
    bound = {
        binding.component: None
        for offered in file.solutions.values()
        for one in offered.solution.destinations
        if (binding := file.binding(one.role, offered.solution.name))
    }
    specs = (file.components[name] for name in bound)
    return (spec for spec in specs if offer_for(spec, IDelivery) is not None)


def _check_kept(file: MunicipalityFile, solution: Solution, problems: Problems) -> None:
    """Is everything kept for as long as something may still be heard of it?"""
    kept = datetime.timedelta(days=solution.retention.delivered_days)
    for one in solution.destinations:
        binding = file.binding(one.role, solution.name)
        if binding is None:
            continue
        waits = file.rules_for(binding.component).give_up_after
        if waits > kept:
            problems.error(
                "kept-too-short",
                file.components[binding.component].place,
                f'a delivery of "{solution.name}" to "{binding.component}" may be awaited for'
                f" {waits.days} days, and what is delivered is kept for {kept.days}",
                f"write give_up_after_days = {kept.days} or less in"
                f" [delivery.{binding.component}], or have delivered_days of the solution raised",
            )
    is_paid = any(row.amount.ore > 0 for row in solution.prices)
    if is_paid and 0 < solution.retention.draft_days < _PAYMENT_DAYS:
        problems.error(
            "draft-too-short",
            _retention_place(solution),
            f'a draft of "{solution.name}" is kept for {solution.retention.draft_days} days, and'
            f" its payment may be heard of for {_PAYMENT_DAYS}",
            f"write draft_days = {_PAYMENT_DAYS} or more",
        )


def _retention_place(solution: Solution) -> Place:
    return solution.place.under("retention.draft_days")


def _check_two_roles(file: MunicipalityFile, solution: Solution, problems: Problems) -> None:
    """Does one submission come to the same component twice?"""
    first: dict[str, str] = {}
    for one in solution.destinations:
        binding = file.binding(one.role, solution.name)
        if binding is None:
            continue
        other = first.setdefault(binding.component, one.role)
        if other == one.role:
            continue
        spec = file.components[binding.component]
        told = (
            "same-destination",
            binding.place,
            f'"{solution.name}" is delivered to "{spec.name}" twice: as {other} and as {one.role}',
            "make another component of the plugin, [component.NAME], with a place of its own",
        )
        if _writes_files(spec):
            problems.error(*told)
        else:
            problems.warning(*told)


def _check_same_place(plan: Plan) -> None:
    """Do two components write their files into one place?"""
    first: dict[tuple[object, ...], tuple[MunicipalityFile, ComponentSpec]] = {}
    for file in plan.municipalities.values():
        for spec in filter(_writes_files, _destinations(file)):
            key = (spec.plugin, *_as_resolved(spec, plan.installation.folder))
            other_file, other = first.setdefault(key, (file, spec))
            if other is not spec:
                plan.problems.error(
                    "same-destination",
                    spec.place,
                    f'"{spec.name}" of {file.code} and "{other.name}" of {other_file.code} are'
                    f' both "{spec.plugin}" with the same settings: they deliver to one place',
                    "give each a place of its own",
                )


def _writes_files(spec: ComponentSpec) -> bool:
    return any(one.kind == _PATH and spec.settings.get(one.name) for one in spec.declared)


def _as_resolved(spec: ComponentSpec, folder: Path) -> Iterator[object]:
    """Its settings, a path as what it leads to, in an order of their own."""
    for one in sorted(spec.declared, key=lambda setting: setting.name):
        value = spec.settings.get(one.name)
        yield str((folder / str(value)).resolve()) if one.kind == _PATH and value else str(value)


def _check_unknown(spec: ComponentSpec, problems: Problems) -> None:
    """Does it say what becomes of a delivery of which nobody knows whether it arrived?"""
    offer = offer_for(spec, IDelivery)
    factory = None if offer is None else _class_made_by(offer.factory)
    if factory is not None and getattr(factory, "resolves_unknown", "later") is None:
        found, advice = "is None", "it says how: ResolvesUnknown.QUERY, INBOX, SAFE_REPEAT, PERSON"
    elif factory is not None and not _says(factory):
        found, advice = "is missing", "set it in the class, or ask the plugin's vendor"
    else:
        return
    problems.error(
        "nothing-for-unknown",
        spec.place,
        f'the plugin "{spec.plugin}" of "{spec.name}" does not say what is done when nobody can'
        f" tell whether a delivery arrived: resolves_unknown of {factory.__name__} {found}",
        advice,
    )


def _says(factory: type[Any]) -> bool:
    """Has every object of the class the attribute, as far as can be seen?"""
    if hasattr(factory, "resolves_unknown"):
        return True
    functions = (one for base in factory.__mro__ for one in vars(base).values())
    names = (one.__code__.co_names for one in functions if inspect.isfunction(one))
    annotated = (getattr(base, "__annotations__", {}) for base in factory.__mro__)
    return any("resolves_unknown" in one for one in (*names, *annotated))


def _class_made_by(factory: object) -> type[Any] | None:
    """The class itself, or the one that a function says it returns; None where it does not."""
    if inspect.isclass(factory):
        return factory
    try:
        returned = typing.get_type_hints(factory).get("return")
    except (NameError, TypeError):
        return None
    return returned if inspect.isclass(returned) else None


def _check_overdue(file: MunicipalityFile, problems: Problems) -> None:
    for spec in _destinations(file):
        rules = file.rules_for(spec.name)
        if rules.overdue_after >= rules.give_up_after:
            problems.warning(
                "overdue-too-late",
                spec.place,
                f'a delivery to "{spec.name}" is told of as overdue after'
                f" {rules.overdue_after // datetime.timedelta(hours=1)} hours, when it has been"
                " given up already",
                f"write a lower overdue_after_hours in [delivery.{spec.name}]",
            )


def _check_digest(file: MunicipalityFile, problems: Problems) -> None:
    is_set = file.digest != DigestSettings()
    if is_set and file.binding(DIGEST, "") is None and DIGEST not in file.unresolved:
        problems.warning(
            "digest-to-nobody",
            file.place.under("digest"),
            "it is set when the daily digest is sent, and nobody is there to send it",
            f'bind the role in [roles]: {DIGEST} = "…", {_able(file)}',
        )


def _check_told(file: MunicipalityFile, problems: Problems) -> None:
    """Does anybody hear of what does not arrive, other than by looking on the server?"""
    roles = (DIGEST, STAFF_LOGIN)
    is_bound = any(file.binding(one, "") or one in file.unresolved for one in roles)
    if is_bound or file.digest != DigestSettings() or not any(_destinations(file)):
        return
    problems.warning(
        "nobody-told",
        file.place.under("roles"),
        "nobody is told of what does not arrive, and staff have no pages to see it on",
        f'bind a role in [roles]: {DIGEST} = "…" ({_able(file)}), so that a mail tells of it'
        f' each day, or {STAFF_LOGIN} = "…", so that staff can log in; until then look with'
        ' "selvbetjening deliveries"',
    )


def _able(file: MunicipalityFile) -> str:
    names: Iterable[str] = (
        spec.name
        for spec in file.components.values()
        if any(offer.contract.__name__ == "IDigest" for offer in spec.offers)
    )
    found = ", ".join(names)
    return f"one of: {found}" if found else 'a component of a plugin such as "mail"'
