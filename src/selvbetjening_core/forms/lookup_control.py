"""The control of a field that is looked up: an input, a button, and what was found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import colander

from selvbetjening_core.forms.control_parts import CHECKED, NOTHING, TYPED_LIMIT, Given, option_id
from selvbetjening_core.values import LookupMatch

OWN = "-"
"""Sent for *none of these*: what is typed is the answer. No register has such a key."""
KEY = "key"
"""The second part of the name of the radio buttons, after the field's and a dot."""


@dataclass(frozen=True, slots=True)
class LookupControl:
    """One input with a button, and a radio button for each match.

    What is typed has three texts: the input's, the key of the chosen match, and the kept
    answer as JSON, which no browser sends.

    :param ask: what the input is called
    :param own: what stands beside *none of these*; empty: one of them has to be chosen
    :param told: what came of the search; empty: nothing was searched
    """

    template: str
    inputs: tuple[str, ...]
    field_id: str
    autocomplete: str
    matches: tuple[LookupMatch, ...]
    ask: str
    own: str
    told: str

    @property
    def is_open(self) -> bool:
        """Is there anything to choose?"""
        return bool(self.matches) or bool(self.own and self.told)

    def typed(self, given: Given) -> tuple[str, ...]:
        """The text and the chosen key as sent."""
        return (*(given.get(name, "")[: TYPED_LIMIT + 1] for name in self.inputs), "")

    def typed_from(self, cstruct: object) -> tuple[str, ...]:
        """The text and the key of a kept answer, and the answer itself."""
        if not isinstance(cstruct, str):
            return ("", "", "")
        kept = json.loads(cstruct)
        return (kept["text"], kept["key"], cstruct)

    def cstruct(self, typed: Sequence[str]) -> object:
        """A kept answer as JSON; else text and key; null when both are empty."""
        text, key, kept = typed
        if kept:
            return kept
        return (text.strip(), key) if text.strip() or key else colander.null

    def slots(self, typed: Sequence[str], *, wrong: bool) -> tuple[str, ...]:
        """The text, then for each match and for *none of these* `` checked`` or nothing."""
        text, key, _ = typed
        keys = (*(one.key for one in self.matches), OWN)
        return (text, *(CHECKED if key == one else NOTHING for one in keys))

    def context(self, slots: Sequence[str]) -> Mapping[str, object]:
        """``value``, ``ask``, ``search`` for the button, ``told``, ``options`` to choose from."""
        labels = [(one.key, one.text) for one in self.matches]
        if self.is_open and self.own:
            labels.append((OWN, self.own))
        first = f"{self.field_id}-{KEY}"
        return {
            "value": slots[0],
            "autocomplete": self.autocomplete,
            "ask": self.ask,
            "search": f"{self.inputs[0]}:search",
            "told": self.told,
            "key_name": self.inputs[1],
            "options": [
                {"id": option_id(first, number), "value": value, "label": label, "checked": checked}
                for number, ((value, label), checked) in enumerate(
                    zip(labels, slots[1:], strict=False), start=1
                )
            ]
            if self.is_open
            else [],
        }

    def target(self, typed: Sequence[str]) -> str:
        """The input; what there is to choose comes after it."""
        return self.field_id
