"""Conditions as sentences for somebody with a pen: »Udfyld kun, hvis …«."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from selvbetjening_core.definitions.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Operator,
    Undecided,
)
from selvbetjening_core.definitions.dates import DateRule
from selvbetjening_core.definitions.model import Field
from selvbetjening_core.texts import Texts

_AGE = "age"
_WORDED = {
    Operator.AT_LEAST: "at_least",
    Operator.AT_MOST: "at_most",
    Operator.ABOVE: "above",
    Operator.BELOW: "below",
}


class _NoWords(Exception):
    """What the condition asks about has no words on paper."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Conditions in one language.

    :param fields: what conditions may ask about, by name
    """

    fields: Mapping[str, Field]
    texts: Texts

    def told(self, condition: Undecided, frame: str = "only_if") -> str:
        """When something is to be answered; empty: always.

        What only a computer knows (a register, today's date) is told in general words:
        the one who fills in the form knows whether it is about them.

        :param frame: the text ``paper.FRAME`` has a place for the condition;
            ``paper.FRAME_it_applies`` has none
        """
        if isinstance(condition, bool):
            return ""
        try:
            words = self._words(condition)
        except _NoWords:
            return self.texts.t(f"paper.{frame}_it_applies")
        return self.texts.t(f"paper.{frame}", condition=words)

    def _words(self, condition: Condition) -> str:
        if isinstance(condition, Compare):
            return self._comparison(condition)
        if isinstance(condition, AllOf) and any(isinstance(p, AnyOf) for p in condition.parts):
            # »A og B eller C« can be read in two ways.
            raise _NoWords
        joint = "paper.and" if isinstance(condition, AllOf) else "paper.or"
        return self._joined(joint, dict.fromkeys(self._words(part) for part in condition.parts))

    def _joined(self, joint: str, told: Iterable[str]) -> str:
        return functools.reduce(lambda one, other: self.texts.t(joint, one=one, other=other), told)

    def _comparison(self, one: Compare) -> str:
        if isinstance(one.value, DateRule):
            raise _NoWords
        field, question = self._asked(one.fact)
        if one.operator in _WORDED:
            return self._t(_WORDED[one.operator], question, number=one.value)
        if one.operator is Operator.FILLED:
            return self._t("filled" if one.value else "not_filled", question)
        told = (
            self.texts.t("paper.condition.answer", answer=answer)
            for answer in self._answers(field, one.value)
        )
        answers = self._joined("paper.or", told)
        return self._t("is_not" if one.operator is Operator.NOT else "is", question, answer=answers)

    def _asked(self, fact: str) -> tuple[Field, str]:
        """The field that tells the fact, and what it is called on paper."""
        label = self._label(fact)
        if label is not None:
            return label
        name, _, told = fact.rpartition(".")
        label = self._label(name)
        if label is None or told != _AGE:
            raise _NoWords
        return label[0], self.texts.t("paper.age_of", question=label[1])

    def _label(self, name: str) -> tuple[Field, str] | None:
        field = self.fields.get(name)
        return (field, field.label.in_language(self.texts.locale)) if field else None

    def _answers(self, field: Field, value: object) -> Iterable[str]:
        labels = {o.value: o.label.in_language(self.texts.locale) for o in field.options}
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, bool):
                yield self.texts.t("common.yes" if one else "common.no")
            elif isinstance(one, int):
                yield str(one)
            elif one in labels:
                yield labels[one]
            else:
                raise _NoWords

    def _t(self, name: str, question: str, **values: object) -> str:
        return self.texts.t(f"paper.condition.{name}", question=question, **values)
