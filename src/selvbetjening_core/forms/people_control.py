"""The control of people: one or several of them, and those who cannot be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from selvbetjening_core.forms.control_parts import Given


class Options(Protocol):
    """Radio buttons or check boxes."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs."""

    def typed(self, given: Given) -> tuple[str, ...]:
        """What the browser sent."""

    def typed_from(self, cstruct: object) -> tuple[str, ...]:
        """What would have to be chosen to give ``cstruct``."""

    def cstruct(self, typed: Sequence[str]) -> object:
        """What was chosen, for colander."""

    def slots(self, typed: Sequence[str], *, wrong: bool) -> tuple[str, ...]:
        """The values that the template prints."""

    def context(self, slots: Sequence[str]) -> Mapping[str, object]:
        """``options``."""

    def target(self, typed: Sequence[str]) -> str:
        """The id of the first option."""


@dataclass(frozen=True, slots=True)
class PeopleControl:
    """Options, each a person. Made for one citizen. Personal data: names.

    :param several: whether more than one can be chosen
    :param left_out: a sentence for each who cannot be chosen
    :param missing: what is told to everybody of people who are not here; perhaps empty
    """

    template: str
    options: Options
    several: bool
    left_out: tuple[str, ...]
    missing: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """Those of the options."""
        return self.options.inputs

    def typed(self, given: Given) -> tuple[str, ...]:
        """Who was chosen, as sent."""
        return self.options.typed(given)

    def typed_from(self, cstruct: object) -> tuple[str, ...]:
        """Who was chosen, as kept."""
        return self.options.typed_from(cstruct)

    def cstruct(self, typed: Sequence[str]) -> object:
        """A key, or a list of keys."""
        return self.options.cstruct(typed)

    def slots(self, typed: Sequence[str], *, wrong: bool) -> tuple[str, ...]:
        """Those of the options."""
        return self.options.slots(typed, wrong=wrong)

    def context(self, slots: Sequence[str]) -> Mapping[str, object]:
        """``options``, ``several``, ``left_out`` and ``missing``."""
        return {
            **self.options.context(slots),
            "several": self.several,
            "left_out": self.left_out,
            "missing": self.missing,
        }

    def target(self, typed: Sequence[str]) -> str:
        """The first option."""
        return self.options.target(typed)
