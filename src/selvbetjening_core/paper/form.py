"""From a solution to a form on paper."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from selvbetjening_core.composition.municipality_file import MunicipalityFile
from selvbetjening_core.definitions.conditions import undecided
from selvbetjening_core.definitions.model import (
    Field,
    OfferedSolution,
    Option,
    PriceRow,
    Step,
    Text,
)
from selvbetjening_core.definitions.prices import possible_rows
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.paper.conditions import Sentences
from selvbetjening_core.texts import Texts, texts_for
from selvbetjening_core.texts.formats import amount, day
from selvbetjening_core.values import (
    Basis,
    Channel,
    Money,
    PaperForm,
    PaperOption,
    PaperQuestion,
    PaperSpace,
    PaperStep,
)

_MOST_COPIES = 3
"""Rows on the form itself; who needs more writes on a sheet of their own."""
_TABLE = "paper."


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts the steps of one solution on paper, in one language."""

    offered: OfferedSolution
    kinds: Mapping[str, IFieldKind]
    texts: Texts
    sentences: Sentences

    def steps(self) -> Iterator[PaperStep]:
        """What is asked: first who applies, where that is known of a login otherwise."""
        if self.offered.solution.needs_login:
            yield self._who()
        known = self.offered.parameter_facts()
        for step in self.offered.solution.steps:
            when = undecided(step.visible, known)
            questions = tuple(self._questions(step))
            if when is not False and questions:
                yield PaperStep(
                    title=self._in(step.title),
                    questions=questions,
                    lead=self._in(step.lead),
                    when=self.sentences.told(when),
                )

    def _who(self) -> PaperStep:
        t = self.texts.t
        own: tuple[PaperQuestion, ...] = (
            PaperQuestion(t("paper.name"), PaperSpace.LINE),
            PaperQuestion(t("paper.cpr"), PaperSpace.CPR),
            PaperQuestion(t("paper.address"), PaperSpace.LINE),
            PaperQuestion(t("paper.phone"), PaperSpace.LINE, is_optional=True),
        )
        others = [one for one in self.offered.solution.may_act if one is not Basis.SELF]
        if others and not self._asks_for_whom():
            own += self._for_whom(others)
        return PaperStep(t("paper.who"), own)

    def _asks_for_whom(self) -> bool:
        """Does the solution ask for the person itself?"""
        fields = self.offered.solution.fields()
        return any(self._space(field) is PaperSpace.PERSON for field in fields)

    def _space(self, field: Field) -> PaperSpace:
        return self.kinds[field.kind].declaration.paper

    def _for_whom(self, others: Sequence[Basis]) -> tuple[PaperQuestion, ...]:
        t, when = self.texts.t, self.texts.t("paper.only_for_another")
        role = tuple(PaperOption(t(f"parties.basis_{basis}")) for basis in others)
        return (
            PaperQuestion(t("paper.principal"), PaperSpace.PERSON, when=when),
            PaperQuestion(t("paper.role"), PaperSpace.ONE_OF, options=role, when=when),
        )

    def _questions(self, step: Step) -> Iterator[PaperQuestion]:
        told_above = ""
        for field in step.fields:
            question = self._question(field)
            if question is None:
                continue
            if question.space is PaperSpace.TOLD:
                # A section's condition is that of all below it, and told once.
                told_above = question.when
            elif question.when == told_above:
                question = replace(question, when="")
            yield question

    def _question(self, field: Field) -> PaperQuestion | None:
        """None where nothing is asked on paper."""
        space = self._space(field)
        when = undecided(field.visible, self.offered.parameter_facts())
        if space is PaperSpace.NOTHING or field.read_only or when is False:
            return None
        parts = tuple(one for one in map(self._question, field.parts) if one is not None)
        return PaperQuestion(
            label=self._in(field.label),
            space=space,
            hint=self._in(field.hint),
            is_optional=self._is_optional(field),
            when=self.sentences.told(when) or self._needed_when(field),
            options=self._options(field),
            rows=tuple(self._in(row.label) for row in field.rows),
            unit=self._setting(field, "unit"),
            parts=parts,
            each=self._setting(field, "each"),
            copies=_copies(field),
        )

    def _is_optional(self, field: Field) -> bool:
        is_asked = self.kinds[field.kind].declaration.takes_answer
        return is_asked and not field.required and field.required_when is None

    def _needed_when(self, field: Field) -> str:
        when = field.required_when
        return self.sentences.told(when, "needed_if") if when is not None else ""

    def _options(self, field: Field) -> tuple[PaperOption, ...]:
        if field.options:
            return tuple(one for one in map(self._option, field.options) if one is not None)
        if self._space(field) is not PaperSpace.ONE_OF:
            return ()
        return tuple(PaperOption(self.texts.t(f"common.{word}")) for word in ("yes", "no"))

    def _option(self, option: Option) -> PaperOption | None:
        when = undecided(option.when, self.offered.parameter_facts())
        if when is False:
            return None
        told = (self._in(option.hint), self.sentences.told(when, "choose_if"))
        return PaperOption(self._in(option.label), " ".join(one for one in told if one))

    def prices(self, rows: Iterable[PriceRow]) -> tuple[tuple[str, str], ...]:
        """What it costs, each row with its words."""
        t, locale = self.texts.t, self.texts.locale
        told = (
            (self._in(row.text) or t("payment.price"), amount(row.amount, locale)) for row in rows
        )
        return tuple(told) or ((t("payment.price"), amount(Money(0), locale)),)

    def _in(self, text: Text | None) -> str:
        return text.in_language(self.texts.locale) if text else ""

    def _setting(self, field: Field, name: str) -> str:
        value = field.settings.get(name)
        return self._in(value) if isinstance(value, Text) else ""


def paper_form(
    file: MunicipalityFile,
    offered: OfferedSolution,
    kinds: Mapping[str, IFieldKind],
    locale: str,
    today: datetime.date,
) -> PaperForm:
    """The solution as a form to print, as the municipality of ``file`` offers it today.

    The same solution, parameters and day give the same form. Personal data: none.

    :param kinds: every field kind by name
    :param locale: one of the solution's languages
    """
    solution, texts = offered.solution, texts_for(locale)
    sentences = Sentences({field.name: field for field in solution.every_field()}, texts)
    writer = _Writer(offered, kinds, texts, sentences)
    rows = possible_rows(offered, today, Channel.PAPER)
    return PaperForm(
        solution=solution.name,
        version=solution.version,
        sha256=solution.sha256,
        title=solution.title.in_language(locale),
        locale=locale,
        authority=file.name,
        municipality_code=file.code,
        contact=file.contact,
        printed_on=today,
        purpose=solution.text("purpose", locale),
        prepare=tuple(solution.text("prepare", locale).splitlines()),
        steps=tuple(writer.steps()),
        prices=writer.prices(rows),
        is_free=not any(row.amount.ore for row in rows),
        privacy=solution.text("privacy", locale),
        laws=tuple(law.title for law in solution.laws),
        words=paper_words(locale, solution.version, today),
    )


def paper_words(locale: str, version: str, today: datetime.date) -> dict[str, str]:
    """The words of a form around its questions, by name: the texts ``paper.NAME``.

    :param version: of the solution; with the day it stands at the foot of each page
    """
    texts = texts_for(locale)
    words = {
        key.removeprefix(_TABLE): text
        for key, text in texts.by_key.items()
        if key.startswith(_TABLE)
    }
    return words | {"version": texts.t("paper.version", version=version, day=day(today, locale))}


def _copies(field: Field) -> int:
    """How often the questions of a group are printed; once where they are asked once."""
    most = field.settings.get("at_most")
    return min(most, _MOST_COPIES) if isinstance(most, int) else 1
