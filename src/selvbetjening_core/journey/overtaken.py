"""A step that was saved in another window meanwhile: what differs, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from selvbetjening_core.definitions.model import Field, Step
from selvbetjening_core.forms.facts import visible_fields
from selvbetjening_core.journey.case import answer_of
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.drafts import with_answers
from selvbetjening_core.journey.progress import Progress, progress_of
from selvbetjening_core.texts import texts_for
from selvbetjening_core.values import FormState
from selvbetjening_core.values.personal import Personal


@dataclass(frozen=True, slots=True, repr=False)
class Difference(Personal):
    """One question that is answered in two ways, as the citizen reads it. Personal data.

    :param here: what was typed in this window, and is not saved
    :param saved: what is saved
    """

    label: str
    here: str
    saved: str


def differences(
    context: JourneyContext, progress: Progress, step: Step, state: FormState
) -> tuple[Difference, ...]:
    """What ``state`` would change of the answers that are saved for ``step``.

    In page order, and in the draft's language. A question that is not asked by one of
    the two is not answered there. What was typed and cannot be read differs from
    whatever is saved. Personal data: the answers.
    """
    draft = with_answers(progress.draft, step, {**state.set_aside, **state.values})
    here = progress_of(context, draft, step.name)
    found = (_difference(context, field, state, here, progress) for field in step.fields)
    return tuple(one for one in found if one is not None)


def is_unreadable(state: FormState, name: str) -> bool:
    """Was something typed in the field ``name`` that cannot be kept?

    Not where nothing was: that is only an answer that is missing yet.
    """
    return name in state.errors and any(state.typed.get(name, ()))


def _difference(
    context: JourneyContext, field: Field, state: FormState, here: Progress, saved: Progress
) -> Difference | None:
    if not context.kinds[field.kind].declaration.takes_answer:
        return None
    label = field.label.in_language(saved.draft.locale)
    if is_unreadable(state, field.name):
        to_correct = texts_for(saved.draft.locale).t("overtaken.to_correct")
        return Difference(label, to_correct, _text(context, field, saved))
    if _value(field, here) == _value(field, saved):
        return None
    return Difference(label, _text(context, field, here), _text(context, field, saved))


def _value(field: Field, progress: Progress) -> object:
    """The answer that counts; None where there is none, or it is not asked for."""
    return progress.draft.answers.get(field.name) if _is_asked(field, progress) else None


def _text(context: JourneyContext, field: Field, progress: Progress) -> str:
    if not _is_asked(field, progress):
        return texts_for(progress.draft.locale).t("summary.not_answered")
    return answer_of(field, context.kinds, progress).text


def _is_asked(field: Field, progress: Progress) -> bool:
    step = progress.step(field.step)
    return step is not None and field in visible_fields(step, progress.facts)
