"""The questions of a step, each with all that can be said of it before anybody asks."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selvbetjening_core.definitions.model import FILES, Field
from selvbetjening_core.forms.composed import Composition
from selvbetjening_core.forms.facts import Kinds
from selvbetjening_core.forms.makers import Ready, ViewMaker
from selvbetjening_core.forms.prepared import PreparedField, prepared
from selvbetjening_core.forms.quick import QuickReader, quick_reader
from selvbetjening_core.forms.shown import HtmlOf, Slot, html_of, reader_of, slot_of
from selvbetjening_core.forms.still import StillStep, still_step
from selvbetjening_core.forms.views import FieldView


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """A field, its kind, how to get hold of its view, and the finished HTML of its help.

    :param kinds: every field kind by name
    :param prefix: what stands before the field's name in a group or row, with a dot
    """

    field: Field
    kinds: Kinds
    maker: ViewMaker | Composition
    help_html: str = ""
    prefix: str = ""

    @property
    def sent_as(self) -> str:
        """The name of its inputs, or what their names begin with."""
        return self.prefix + self.field.name


@dataclass(frozen=True, slots=True)
class Question:
    """A field's plan with what can be said of it beforehand.

    :param html: from a kept answer, for one that looks the same for everybody
    :param slot: the same, where all that differs is one text
    :param reader: what reads it, if that is the same for everybody
    :param is_asked_about: does a field after it have to know what its answer tells?
    :param quick: reads it, if it is always asked in the same way
    """

    plan: FieldPlan
    prepared: PreparedField
    html: HtmlOf | None
    slot: Slot | None
    reader: FieldView | None
    is_asked_about: bool
    quick: QuickReader | None

    @property
    def is_composed(self) -> bool:
        """Does it use a group?"""
        return isinstance(self.plan.maker, Composition)


def questions_of(plans: tuple[FieldPlan, ...]) -> tuple[Question, ...]:
    """A question for each field, in page order."""
    last = max((i for i, plan in enumerate(plans) if needs_facts(plan)), default=0)
    return tuple(_question(plan, is_asked_about=i < last) for i, plan in enumerate(plans))


def _question(plan: FieldPlan, *, is_asked_about: bool) -> Question:
    maker, field = plan.maker, prepared(plan.field, plan.kinds)
    reader = None if isinstance(maker, Composition) else reader_of(maker)
    is_always_asked = field.visible is None and field.takes_answer and not field.derives
    is_typed = plan.field.kind != FILES and not field.has_conditional_options
    return Question(
        plan=plan,
        prepared=field,
        html=_ready_html(plan),
        slot=None if isinstance(maker, Composition) else slot_of(maker, plan.help_html),
        reader=reader,
        is_asked_about=is_asked_about,
        quick=quick_reader(field.name, reader) if is_always_asked and is_typed else None,
    )


def _ready_html(plan: FieldPlan) -> HtmlOf | None:
    return None if isinstance(plan.maker, Composition) else html_of(plan.maker, plan.help_html)


def needs_facts(plan: FieldPlan) -> bool:
    """Does what the field is depend on what is known before it?

    A view that is ready depends on nothing; any other may ask about anything.
    """
    return plan.field.visible is not None or not isinstance(plan.maker, Ready)


def runs_of(questions: Iterable[Question]) -> tuple[tuple[bool, tuple[Question, ...]], ...]:
    """The questions in their order, together as long as all are read quickly, or none."""
    found = itertools.groupby(questions, lambda one: one.quick is not None)
    return tuple((is_quick, tuple(run)) for is_quick, run in found)


def still_page(questions: Sequence[Question], *, needs_facts: bool) -> StillStep | None:
    """The step as one piece, where no field asks what is known."""
    looks = [(one.prepared.name, one.html, one.slot) for one in questions if one.html is not None]
    return None if needs_facts or len(looks) < len(questions) else still_step(looks)
