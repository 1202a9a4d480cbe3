"""Asking the register of persons, and judging its answer before it is believed."""

from __future__ import annotations

import dataclasses
import datetime
import logging

from selvbetjening_core.composition.roles import REGISTER
from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.forms.kinds.household import ADULT_AGE, Source
from selvbetjening_core.interfaces import IPrefill
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.values import Household, Identity

log = logging.getLogger(__name__)


def ask_register(context: JourneyContext, identity: Identity, solution: str) -> Household | None:
    """What the register knows of the citizen; None where it cannot be asked.

    An answer about anybody else is no answer: it would show one citizen's
    family to another. Personal data: CPR number to the register.
    """
    register = context.municipality.component(IPrefill, REGISTER, solution)
    try:
        found = register.household(identity.cpr)
    except Unavailable:
        log.warning("the register of persons cannot be reached (%s)", context.code)
        return None
    if found is None:
        return None
    if found.person.cpr != identity.cpr:
        log.error("the register of persons answered about somebody else (%s)", context.code)
        return None
    judged = _of_age(_each_once(found), context.today)
    return _needed(judged, context.offered(solution).solution)


def _each_once(found: Household) -> Household:
    """People are chosen by their number: one told of twice would move the others."""
    children = {child.person.cpr: child for child in reversed(found.children)}
    told = {found.person.cpr, *children}
    others = {other.cpr: other for other in found.others if other.cpr not in told}
    return dataclasses.replace(
        found, children=tuple(reversed(children.values())), others=tuple(others.values())
    )


def _of_age(found: Household, today: datetime.date) -> Household:
    """Nobody has custody of a grown-up, whatever a register still says."""
    children = tuple(
        dataclasses.replace(child, custody=child.custody and child.person.age_on(today) < ADULT_AGE)
        for child in found.children
    )
    return dataclasses.replace(found, children=children)


def _needed(found: Household, solution: Solution) -> Household:
    """Without those who live at the address, where no question is about them."""
    if any(field.settings.get("from") == Source.HOUSEHOLD for field in solution.fields()):
        return found
    return dataclasses.replace(found, others=())
