"""A solution, as data: what a definition file says once it has been checked."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from selvbetjening_core.definitions.conditions import Condition
from selvbetjening_core.problems import Place
from selvbetjening_core.values import AssuranceLevel, Basis, Channel, Money

FILES = "files"
"""The kind of field that is answered with files. They arrive apart from the other answers."""

SECTION = "section"
"""The kind of field that heads those below it."""
TEXTS = frozenset({"message", SECTION})
"""The kinds of field that are text on the page, and no part of a case."""
LOOKUPS = frozenset({"address", "lookup"})
"""The kinds of field whose answers a component is asked about before they are read."""
REPEAT = "repeat"
"""The kind of field that asks a group of questions in rows."""
WITH_BUTTONS = LOOKUPS | {FILES, REPEAT}
"""The kinds of field that have buttons of their own, which do not go on."""
VALUE_FROM = "value_from"
"""The key of a field that names the fact which is its value where it is read-only."""
ADDRESSES = "addresses"
"""The role of the component that is asked about addresses."""


@dataclass(frozen=True, slots=True)
class Text:
    """The same text in several languages."""

    by_language: Mapping[str, str]

    def in_language(self, locale: str) -> str:
        """The text in ``locale``; the first language given where it is missing."""
        if locale in self.by_language:
            return self.by_language[locale]
        return next(iter(self.by_language.values()), "")


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to a choice, or one of the rows of a matrix.

    It is offered when ``when`` holds; without a condition, always.
    """

    value: str
    label: Text
    hint: Text | None = None
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One question, or one thing told, on a step.

    ``settings`` holds the keys that the kind declares; ``errors`` the
    definition's own messages by error code. With ``required_when`` the field is
    required when that holds, and ``required`` is false. ``help`` is the longer
    text behind "Help with …", empty lines between its paragraphs; ``concept`` the
    id of what is asked about, the same in every solution that asks it. ``parts`` are
    the fields of the ``group`` that it uses: their names, and what their conditions
    ask about, are those of the group. ``read_only`` is as ``required``, and
    ``read_only_when`` as ``required_when``.
    """

    name: str
    kind: str
    step: str
    label: Text
    place: Place
    hint: Text | None = None
    required: bool = True
    visible: Condition | None = None
    options: tuple[Option, ...] = ()
    errors: Mapping[str, Text] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    rows: tuple[Option, ...] = ()
    required_when: Condition | None = None
    help: Text | None = None
    concept: str = ""
    group: str = ""
    parts: tuple[Field, ...] = ()
    read_only: bool = False
    read_only_when: Condition | None = None

    @property
    def can_be_given(self) -> bool:
        """Is its value, always or on a condition, a fact instead of an answer?"""
        return VALUE_FROM in self.settings


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together, reused by name."""

    name: str
    fields: tuple[Field, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Step:
    """One page of questions. ``level`` is what it takes to see it, if more than the solution."""

    name: str
    title: Text
    fields: tuple[Field, ...]
    place: Place
    lead: Text | None = None
    visible: Condition | None = None
    level: AssuranceLevel | None = None


@dataclass(frozen=True, slots=True)
class PriceRow:
    """What it costs when ``when`` holds, from ``valid_from`` on.

    A later row with the same condition and channel replaces an earlier one
    from its own ``valid_from``.
    """

    valid_from: datetime.date
    when: Condition | None
    amount: Money
    place: Place
    channel: Channel | None = None
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """A role that gets the submission. ``after`` orders it behind another."""

    role: str
    place: Place
    after: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a municipality may decide for itself."""

    name: str
    kind: str
    label: Text
    default: object
    place: Place


@dataclass(frozen=True, slots=True)
class Law:
    """A law the solution rests on."""

    title: str
    valid_from: datetime.date
    url: str = ""


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days drafts and delivered submissions are kept."""

    draft_days: int
    delivered_days: int


@dataclass(frozen=True, slots=True)
class Solution:
    """One self-service solution. Names no vendor, municipality or component.

    ``sha256`` is that of the definition file and is stored with each
    submission, so that two editions under one version can be told apart. ``level`` is
    None where nobody logs in: who uses it is a guest. ``send_level`` is what it takes to
    send, if more; ``login_minutes`` how long ago one may have logged in then, 0: any time.
    """

    name: str
    version: str
    title: Text
    languages: tuple[str, ...]
    kle: str
    minutes: int
    level: AssuranceLevel | None
    may_act: tuple[Basis, ...]
    laws: tuple[Law, ...]
    retention: Retention
    texts: Mapping[str, Text]
    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]
    prices: tuple[PriceRow, ...]
    destinations: tuple[Destination, ...]
    sha256: str
    place: Place
    groups: tuple[Group, ...] = ()
    send_level: AssuranceLevel | None = None
    login_minutes: int = 0

    @property
    def needs_login(self) -> bool:
        """Does one log in to use it?"""
        return self.level is not None

    def fields(self) -> Iterator[Field]:
        """Every field, in page order."""
        for step in self.steps:
            yield from step.fields

    def every_field(self) -> Iterator[Field]:
        """Every field, and every field of a group once, wherever it is used."""
        yield from self.fields()
        for group in self.groups:
            yield from group.fields

    def step(self, name: str) -> Step | None:
        """The step called ``name``, or None."""
        return next((step for step in self.steps if step.name == name), None)

    def text(self, name: str, locale: str) -> str:
        """The solution's own text ``name``; empty if it has none."""
        text = self.texts.get(name)
        return text.in_language(locale) if text else ""


@dataclass(frozen=True, slots=True)
class OfferedSolution:
    """A solution as one municipality offers it: its texts and parameters."""

    solution: Solution
    parameters: Mapping[str, object]

    def parameter_facts(self) -> dict[str, object]:
        """What conditions ask about the parameters, by the names of the facts."""
        return {f"parameter.{name}": value for name, value in self.parameters.items()}
