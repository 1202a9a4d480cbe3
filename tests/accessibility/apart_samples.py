"""Samples of the kinds whose answer is not typed under the field's own name.

A field that uses a group is answered under the names of the group's fields, and files
arrive apart from what is typed. Their benches cannot say that, so it is said here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kind_samples import NAME, KindSample, sent_file

from selvbetjening_core.definitions.model import FILES, Field, Step
from selvbetjening_core.forms.groups import ROWS
from selvbetjening_core.forms.messages import error_message
from selvbetjening_core.interfaces import ICompiledStep
from selvbetjening_core.testing.cases import PDF
from selvbetjening_core.testing.kinds import Accepted, FieldKindBench, Refused
from selvbetjening_core.testing.own_kinds import PLUGIN
from selvbetjening_core.testing.sample_steps import GROUP_PARTS, KEPT, TODAY, both
from selvbetjening_core.testing.sent import Pairs
from selvbetjening_core.values import FormState

_PERSON = {"name": "Ida Test Hansen", "lives": True}
(_FILE,) = KEPT["papers"]  # type: ignore[misc, attr-defined]
_ROW_KEYS = {
    "each": both("Barn", "Child"),
    "add": both("Tilføj et barn", "Add a child"),
    "at_most": 3,
}


def apart_sample_of(kind: Any) -> KindSample | None:
    """The sample of a kind that is answered in a way of its own; None for any other."""
    if kind.declaration.name == FILES:
        bench = FieldKindBench(plugin=PLUGIN, kind=FILES, keys={"most": 2})
        return FilesSample(kind, bench)
    if kind.declaration.group:
        return GroupSample(kind, _group_bench(kind))
    return None


class GroupSample(KindSample):
    """A field that uses a group, once or in rows."""

    @property
    def by_keyboard(self) -> Accepted:
        """Of rows more than are there at first."""
        return self.bench.accepted[-1]

    def _question(self, number: int) -> Field:
        return replace(super()._question(number), group="person", parts=GROUP_PARTS)

    def _questions(self, state: str) -> Iterator[Field]:
        # Of a group each part is optional or not, so that it has no optional question.
        asked = tuple(super()._questions(state))
        yield from (one for one in asked if one.required)


class FilesSample(KindSample):
    """Files: those that were taken in, and a message of why one was not."""

    @property
    def by_keyboard(self) -> Accepted:
        """A file of the name of the one that was taken in."""
        return Accepted(((NAME, _FILE["name"]),), [_FILE], _FILE["name"])

    @property
    def quoted(self) -> tuple[str, ...]:
        """The names of files, too."""
        return (*super().quoted, _FILE["name"])

    def step(self, state: str) -> Step:
        """Two questions in any state, one of them optional where nothing is sent."""
        first = self._question(1)
        second = replace(self._question(2), required=state != "empty")
        return replace(super().step("empty"), fields=(first, second))

    def in_state(self, step: ICompiledStep, state: str) -> FormState:
        """Files arrive apart from what is typed, and so do their messages."""
        fields = step.step.fields
        shown = FormState(facts=self.facts, today=TODAY)
        if state == "filled":
            return replace(shown, values={field.name: [_FILE] for field in fields})
        if state == "error":
            locale = "da" if step.render(shown).html.count("Spørgsmål") else "en"
            told = {
                field.name: error_message(field, "file_too_large", {"size": "10 MB"}, locale)
                for field in fields
            }
            return replace(shown, errors=told)
        return shown

    def read(self, step: ICompiledStep, pairs: Pairs) -> FormState:
        """The file is taken in where it was sent."""
        wanted = sent_file(_FILE["name"], PDF)
        sent = {name for name, text in pairs if text == wanted}
        values = {field.name: [_FILE] for field in step.step.fields if field.name in sent}
        return FormState(values, facts=self.facts, today=TODAY)

    def pressed(self, step: ICompiledStep, pairs: Pairs, button: str) -> FormState:
        """The script sends each file by itself, with the button that takes it in."""
        if button.endswith(":upload"):
            return self.read(step, pairs)
        return super().pressed(step, pairs, button)


def _group_bench(kind: Any) -> FieldKindBench:
    name = kind.declaration.name
    if kind.declaration.group == ROWS:
        return FieldKindBench(
            plugin=PLUGIN,
            kind=name,
            keys=_ROW_KEYS,
            accepted=(
                Accepted(_row(1, "Ida Test Hansen", "yes"), [_PERSON], ""),
                Accepted(
                    (*_row(1, "Ida Test Hansen", "yes"), *_row(2, "Bo Test Hansen", "no")),
                    [_PERSON, {"name": "Bo Test Hansen", "lives": False}],
                    "",
                ),
            ),
            refused=(Refused(_row(1, "", "yes"), "required"),),
        )
    typed = ((f"{NAME}.name", "Ida Test Hansen"), (f"{NAME}.lives", "yes"))
    return FieldKindBench(
        plugin=PLUGIN,
        kind=name,
        accepted=(Accepted(typed, _PERSON, ""),),
        refused=(Refused(((f"{NAME}.name", ""), (f"{NAME}.lives", "yes")), "required"),),
    )


def _row(number: int, name: str, lives: str) -> tuple[tuple[str, str], ...]:
    return (
        (f"{NAME}.{number}", ""),
        (f"{NAME}.{number}.name", name),
        (f"{NAME}.{number}.lives", lives),
    )
