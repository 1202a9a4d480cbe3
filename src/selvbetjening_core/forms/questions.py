"""The questions of a step, each with all that can be said of it before anybody asks."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from selvbetjening_core.definitions.model import FILES, Field
from selvbetjening_core.forms.composed import Composition
from selvbetjening_core.forms.facts import Kinds
from selvbetjening_core.forms.makers import Ready, ViewMaker
from selvbetjening_core.forms.prepared import PreparedField, prepared
from selvbetjening_core.forms.quick import QuickReader, quick_reader
from selvbetjening_core.forms.segments import escaped_each
from selvbetjening_core.forms.shown import HtmlOf, Slot, html_of, reader_of, slot_of
from selvbetjening_core.forms.views import FieldView

_NOTHING: Mapping[str, object] = {}


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


@dataclass(frozen=True, slots=True)
class PlainPage:
    """The fields of a step that looks the same for everybody but for the answers in it.

    :param pieces: the HTML, empty where an answer stands
    :param texts: of each answer that is shown as a text: its place, its field, and how
        the text is told
    :param chosen: of each that has finished HTML: its place, its field, and the HTML
    """

    pieces: tuple[str, ...]
    texts: tuple[tuple[int, str, Callable[[object], str]], ...]
    chosen: tuple[tuple[int, str, HtmlOf], ...]

    def html(self, answers: Mapping[str, object]) -> str:
        """The HTML with ``answers`` in place. Personal data: they are."""
        html = list(self.pieces)
        given = answers.get
        texts = [text_of(given(name)) for _, name, text_of in self.texts]
        for (place, _, _), text in zip(self.texts, escaped_each(texts), strict=True):
            html[place] = text
        for place, name, finished in self.chosen:
            html[place] = finished(given(name), _NOTHING)
        return "".join(html)


def plain_page(questions: Sequence[Question]) -> PlainPage | None:
    """The step as one page; None where it is not the same for everybody."""
    pieces: list[str] = []
    texts, chosen = [], []
    for question in questions:
        name, slot, html = question.prepared.name, question.slot, question.html
        if question.prepared.visible is not None or html is None:
            return None
        if slot is not None:
            texts.append((len(pieces) + 1, name, slot.text_of))
            pieces += (slot.begun, "", slot.ended, "\n")
        elif isinstance(question.plan.maker, Ready):
            chosen.append((len(pieces), name, html))
            pieces += ("", "\n")
        else:
            # What it asks may depend on what is known.
            return None
    return PlainPage(tuple(pieces[:-1]), tuple(texts), tuple(chosen))
