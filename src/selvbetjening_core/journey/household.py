"""Asking the register of persons, and judging its answer before it is believed."""

from __future__ import annotations

import dataclasses
import logging

from selvbetjening_core.composition.roles import REGISTER
from selvbetjening_core.errors import Unavailable
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
    return _each_child_once(found)


def _each_child_once(found: Household) -> Household:
    """Children are chosen by their number: one told of twice would move the others."""
    children = {child.person.cpr: child for child in reversed(found.children)}
    return dataclasses.replace(found, children=tuple(reversed(children.values())))
