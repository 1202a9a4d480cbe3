"""From a complete draft to a case: everything as the citizen saw it."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from selvbetjening_core.definitions.model import TEXTS, VALUE_FROM, Field, PriceRow
from selvbetjening_core.forms.facts import Kinds, visible_fields
from selvbetjening_core.forms.given import answer_now, given_value
from selvbetjening_core.forms.groups import counted
from selvbetjening_core.forms.kinds.common import text_setting
from selvbetjening_core.forms.kinds.household import chosen, chosen_person
from selvbetjening_core.forms.kinds.shown import fact_origin
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.drafts import new_id
from selvbetjening_core.journey.progress import Progress, actor_of, check_decided, price_now
from selvbetjening_core.texts import texts_for
from selvbetjening_core.values import (
    Answer,
    AnswerGroup,
    AnswerPerson,
    Basis,
    CaseSnapshot,
    Channel,
    Guest,
    Money,
    Parties,
    PaymentSummary,
    Person,
    TextRequest,
)


def answer_groups(context: JourneyContext, progress: Progress) -> tuple[AnswerGroup, ...]:
    """Every answer with its label, step by step, in the draft's language."""
    locale, kinds = progress.draft.locale, context.kinds
    return tuple(
        AnswerGroup(
            step.name,
            step.title.in_language(locale),
            tuple(
                answer_of(field, kinds, progress)
                for field in visible_fields(step, progress.facts)
                if field.kind not in TEXTS
            ),
        )
        for step in progress.steps
    )


def parties_of(progress: Progress) -> Parties:
    """Who acts, for whom, on what basis; of a guest, that nobody knows."""
    identity = progress.draft.identity
    if isinstance(identity, Guest):
        return Parties(None, None, Basis.SELF, None, Channel.SELF_SERVICE)
    principal, basis = _principal(progress)
    return Parties(
        actor=actor_of(progress.draft),
        principal=principal,
        basis=basis,
        level=identity.level,
        channel=Channel.SELF_SERVICE,
        vouched_by=identity.vouched_by,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What the summary shows, and the citizen accepts. Personal data."""

    groups: tuple[AnswerGroup, ...]
    parties: Parties
    amount: Money
    price_text: str

    def fingerprint(self) -> str:
        """All of it in short: it changes when anything that is shown changes."""
        told = [
            [
                [group.title, [[a.label, a.text, a.source] for a in group.answers]]
                for group in self.groups
            ],
            [*(one.name for one in self.parties.persons()), self.parties.basis],
            [self.amount.ore, self.amount.currency, self.price_text],
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def shown_of(context: JourneyContext, progress: Progress) -> Shown:
    """What the summary of a complete draft shows now.

    :raises DefinitionError: no single price applies, or a decision table decides nothing
    """
    check_decided(progress)
    amount, row = price_now(context, progress)
    return Shown(
        groups=answer_groups(context, progress),
        parties=parties_of(progress),
        amount=amount,
        price_text=_price_text(row, progress.draft.locale),
    )


def case_of(context: JourneyContext, progress: Progress, shown: Shown) -> CaseSnapshot:
    """The case as accepted now. It has an id, but no receipt number yet."""
    file = context.municipality.file
    solution, locale = progress.solution, progress.draft.locale
    return CaseSnapshot(
        submission_id=new_id(),
        receipt_number="",
        solution=solution.name,
        definition_version=solution.version,
        title=solution.title.in_language(locale),
        municipality_code=file.code,
        authority=file.name,
        contact=file.contact,
        kle=solution.kle,
        locale=locale,
        received_at=context.now(),
        parties=shown.parties,
        groups=shown.groups,
        payment=PaymentSummary(shown.amount, shown.price_text),
        texts={name: text.in_language(locale) for name, text in solution.texts.items()},
    )


def answer_of(field: Field, kinds: Kinds, progress: Progress) -> Answer:
    """One answer as the citizen reads it, in the draft's language. Personal data."""
    kind, locale = kinds[field.kind], progress.draft.locale
    # What is derived is never among the answers, which a browser can send.
    known = progress.facts if kind.declaration.derives else progress.draft.answers
    value = answer_now(field, kinds, known.get(field.name), progress.facts)
    text = kind.text(TextRequest(field, value, locale, progress.facts, kinds))
    source, retrieved_at = _origin(field, kinds, progress)
    return Answer(
        field=field.name,
        label=field.label.in_language(locale),
        text=text or texts_for(locale).t(_empty_key(kind)),
        value=counted(field, kinds, value, progress.facts) if kind.declaration.has_value else text,
        source=source,
        retrieved_at=retrieved_at,
        concept=field.concept,
        concepts={part.name: part.concept for part in field.parts if part.concept},
        persons=_persons(kind, value, progress),
    )


def _persons(kind: IFieldKind, value: object, progress: Progress) -> tuple[AnswerPerson, ...]:
    if not kind.declaration.asks_register:
        return ()
    return tuple(
        AnswerPerson(one.key, one.basis, one.person) for one in chosen(value, progress.facts)
    )


def _empty_key(kind: IFieldKind) -> str:
    return "summary.not_answered" if kind.declaration.has_value else "field.fact.unknown"


def _origin(field: Field, kinds: Kinds, progress: Progress) -> tuple[str, datetime.datetime | None]:
    if field.kind == "fact":
        return fact_origin(text_setting(field, "source"), progress.facts)
    if given_value(field, kinds, progress.facts) is not None:
        return fact_origin(text_setting(field, VALUE_FROM), progress.facts)
    household = progress.draft.people() if kinds[field.kind].declaration.asks_register else None
    if household is None:
        return "", None
    return household.source, household.retrieved_at


def _principal(progress: Progress) -> tuple[Person | None, Basis]:
    for field in _person_fields(progress):
        one = chosen_person(progress.draft.answers.get(field.name), progress.facts)
        if one is not None:
            return one.person, one.basis
    return actor_of(progress.draft), Basis.SELF


def _person_fields(progress: Progress) -> Iterator[Field]:
    for step in progress.steps:
        for field in visible_fields(step, progress.facts):
            if field.kind == "person":
                yield field


def _price_text(row: PriceRow | None, locale: str) -> str:
    return row.text.in_language(locale) if row is not None and row.text else ""
