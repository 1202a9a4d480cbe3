"""The control of a bank account: two inputs in one group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import colander

from selvbetjening_core.forms.bank_account import bad_parts
from selvbetjening_core.forms.control_parts import INVALID, NOTHING, TYPED_LIMIT, Given

PARTS = ("registration", "account")
"""What the inputs are called, in page order."""


@dataclass(frozen=True, slots=True)
class AccountControl:
    """Two inputs: registration number, account number."""

    template: str
    inputs: tuple[str, ...]
    field_id: str
    labels: tuple[str, ...]

    def typed(self, given: Given) -> tuple[str, ...]:
        """Both numbers as sent."""
        return tuple(given.get(name, "")[: TYPED_LIMIT + 1] for name in self.inputs)

    def typed_from(self, cstruct: object) -> tuple[str, ...]:
        """Both numbers."""
        return cstruct if isinstance(cstruct, tuple) and len(cstruct) == len(PARTS) else ("", "")

    def cstruct(self, typed: Sequence[str]) -> object:
        """Both texts; null when nothing was typed."""
        texts = tuple(text.strip() for text in typed)
        return texts if any(texts) else colander.null

    def slots(self, typed: Sequence[str], *, wrong: bool) -> tuple[str, ...]:
        """Both texts, then for each whether it is wrong."""
        bad = bad_parts(typed) if wrong else frozenset()
        return (*typed, *(INVALID if part in bad else NOTHING for part in range(len(PARTS))))

    def context(self, slots: Sequence[str]) -> Mapping[str, object]:
        """``parts_of_account`` with id, name, label, width, value, invalid."""
        return {
            "parts_of_account": [
                {
                    "id": self._part_id(part),
                    "name": self.inputs[part],
                    "label": self.labels[part],
                    "width": ("short", "medium")[part],
                    "value": slots[part],
                    "invalid": slots[part + len(PARTS)],
                }
                for part in range(len(PARTS))
            ]
        }

    def target(self, typed: Sequence[str]) -> str:
        """The first input that is wrong."""
        return self._part_id(min(bad_parts(typed)))

    def _part_id(self, part: int) -> str:
        return f"{self.field_id}-{PARTS[part]}"
