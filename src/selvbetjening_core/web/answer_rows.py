"""The answers of a case as rows of a page."""

from __future__ import annotations

from selvbetjening_core.texts import Texts
from selvbetjening_core.texts.formats import local_day
from selvbetjening_core.values import Answer, AnswerGroup


def answer_rows(group: AnswerGroup, texts: Texts, locale: str) -> list[tuple[str, str, str]]:
    """Label, text, and where it was fetched from and on which day; empty without a source.

    Personal data: the answers.
    """
    return [(one.label, one.text, _origin(one, texts, locale)) for one in group.answers]


def _origin(answer: Answer, texts: Texts, locale: str) -> str:
    if not answer.source or answer.retrieved_at is None:
        return answer.source
    day = local_day(answer.retrieved_at, locale)
    return str(texts.t("field.fact.named_with_day", source=answer.source, day=day))
