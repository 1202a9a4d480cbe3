"""Asking the components that look things up, for the fields of a page that was sent.

A browser tells what was typed and which key was chosen; what that key stands for the
component is asked again. Nobody is asked inside a transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from selvbetjening_core.composition.roles import lookup_role
from selvbetjening_core.definitions.model import LOOKUPS, Field, Step
from selvbetjening_core.errors import ComponentMissing, Unavailable
from selvbetjening_core.forms.kinds.lookup import LONGEST, is_kept, may_own
from selvbetjening_core.forms.lookup_control import KEY, OWN
from selvbetjening_core.interfaces import ILookup
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.values import LookedUp, LookupMatch, LookupQuery

log = logging.getLogger(__name__)

MOST_MATCHES = 10
"""So many are shown; who does not find theirs writes more."""
SEARCH = "search"
"""The verb of the button that searches."""


def looks_up(step: Step) -> bool:
    """Is any field of the step looked up?"""
    return any(field.kind in LOOKUPS for field in step.fields)


def looked_up(
    context: JourneyContext,
    solution: str,
    step: Step,
    answers: Mapping[str, object],
    sent: Mapping[str, str],
    button: str,
    locale: str,
) -> dict[str, LookedUp]:
    """What was found for each field of the step that was typed into.

    Personal data: what was typed goes to the component.

    :param answers: what is kept of the draft; what did not change is not looked up again
    :param sent: the form, by name
    :param button: which button of a field was pressed; empty: the one that goes on
    """
    found: dict[str, LookedUp] = {}
    for field in step.fields:
        if field.kind not in LOOKUPS:
            continue
        text = sent.get(field.name, "").strip()[:LONGEST]
        key = sent.get(f"{field.name}.{KEY}", "")
        is_search = button == f"{field.name}:{SEARCH}"
        # What another field's button asks for leaves this one as it is.
        if not (text or key) or (button and not is_search and not key):
            continue
        kept = None if is_search else _as_match(field, answers.get(field.name), text)
        component = _Component(context, solution, field, locale)
        found[field.name] = component.found(text, "" if is_search else key, kept)
    return found


class _Component:
    """The component that one field asks."""

    def __init__(self, context: JourneyContext, solution: str, field: Field, locale: str) -> None:
        self._context = context
        self._solution = solution
        self._role = lookup_role(field)
        self._locale = locale

    def found(self, text: str, key: str, kept: LookupMatch | None) -> LookedUp:
        """What was chosen, or is kept as it was typed; else what there is to choose from."""
        try:
            chosen = self._there().find(key) if key and key != OWN else None
            if chosen is not None:
                return LookedUp((chosen,))
            if kept is not None and not key:
                return LookedUp((kept,), is_settled=True)
            return LookedUp(self._search(text))
        except (Unavailable, ComponentMissing) as error:
            # A trace may show values.
            kind = type(error).__name__
            log.warning("a look-up in %s failed: %s", self._context.code, kind)
            return LookedUp(is_away=True)

    def _search(self, text: str) -> tuple[LookupMatch, ...]:
        if not text:
            return ()
        query = LookupQuery(text, MOST_MATCHES, self._locale)
        return self._there().search(query)[:MOST_MATCHES]

    def _there(self) -> ILookup:
        found: ILookup = self._context.municipality.component(ILookup, self._role, self._solution)
        return found


def _as_match(field: Field, kept: object, text: str) -> LookupMatch | None:
    """What is kept, if it is what was typed, and the register had it or need not have it."""
    if not is_kept(kept) or not isinstance(kept, Mapping) or kept["text"] != text:
        return None
    if not (kept["key"] or may_own(field)):
        return None
    return LookupMatch(kept["key"], kept["text"], kept["data"])
