"""Kinds whose questions are those of a group of the definition: group, repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.model import REPEAT, Field
from selvbetjening_core.forms.groups import (
    ONCE,
    ROWS,
    Answers,
    day_of,
    is_whole,
    parts_shown,
    row_name,
    rows_of,
)
from selvbetjening_core.forms.kinds.common import COMMON_ERRORS, number_setting
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.texts import texts_for
from selvbetjening_core.values import (
    FactsRequest,
    KeyDeclaration,
    KeyProblem,
    KindDeclaration,
    NodeRequest,
    PaperSpace,
    TextRequest,
)

MOST_ROWS = 50
"""No repeat takes more rows: the page would be longer than anybody can look over."""
_SENTENCE_ENDS = ("?", "!", ".", ":")


@implementer(IFieldKind)
class GroupKind:
    """The questions of a group, asked once. Stored as an object by the names of its fields."""

    declaration = KindDeclaration(
        name="group",
        help="The questions of a group of the definition, which the key group names, under one "
        "heading. Optional, it may be left empty as a whole. A condition asks about one of "
        "them: mother.country.",
        offers={"": "group"},
        # What is required is each of the parts.
        errors=("now_needed",),
        group=ONCE,
        in_group=False,
        paper=PaperSpace.PARTS,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """The frame; the form component asks the kinds of the parts for theirs."""
        return colander.SchemaNode(colander.Mapping(unknown="preserve"), name=request.field.name)

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The whole, and what each part tells under its name; none while a part is lacking."""
        parts = tuple(
            part
            for row in rows_of(request.field, request.kinds, request.value)
            for part in parts_shown(
                request.field.parts, row, request.kinds, request.facts, request.today
            )
        )
        if not parts or not is_whole(parts, request.kinds):
            return {}
        return {"": request.value, **{n: fact for part in parts for n, fact in part.tells.items()}}

    def text(self, request: TextRequest) -> str:
        """Each answer after its label, one a line."""
        return "\n\n".join(_lines(request, row) for row in _rows(request))


def _check_rows(field: Field) -> Iterator[KeyProblem]:
    least, most = number_setting(field, "at_least"), number_setting(field, "at_most")
    if most is not None and most > MOST_ROWS:
        yield KeyProblem(
            "at_most",
            f"at_most is {most}, which is more rows than a page can show",
            f"write a number up to {MOST_ROWS}",
        )
    if least is not None and most is not None and least > most:
        yield KeyProblem(
            "at_least",
            f"at_least is {least} and at_most is {most}: no number of rows is both",
            "write an at_least that is not above at_most",
        )


@implementer(IFieldKind)
class RepeatKind:
    """The questions of a group in each of several rows. Stored as a list of objects."""

    declaration = KindDeclaration(
        name=REPEAT,
        help="The questions of a group of the definition, which the key group names, in as many "
        "rows as the citizen adds. "
        "Each row is called by a word and its number. A condition asks how many there are: "
        "children.count.",
        keys=(
            KeyDeclaration("each", "translated", "What a row is called: Barn.", required=True),
            KeyDeclaration("add", "translated", "The button that adds a row.", required=True),
            KeyDeclaration(
                "at_least", "number", "How many rows there must be, if there are any.", minimum=1
            ),
            KeyDeclaration(
                "at_most",
                "number",
                f"How many rows there may be, {MOST_ROWS} at most.",
                required=True,
                minimum=1,
            ),
        ),
        offers={"": "rows", "count": "number"},
        errors=(*COMMON_ERRORS, "too_few", "too_many"),
        group=ROWS,
        in_group=False,
        check=_check_rows,
        paper=PaperSpace.PARTS,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """The frame; the form component asks the kinds of the parts for theirs."""
        row = colander.SchemaNode(colander.Mapping(unknown="preserve"))
        return colander.SchemaNode(colander.Sequence(), row, name=request.field.name)

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The whole, and how many rows; none while a row lacks an answer."""
        rows = rows_of(request.field, request.kinds, request.value)
        each = (
            tuple(
                parts_shown(request.field.parts, row, request.kinds, request.facts, request.today)
            )
            for row in rows
        )
        if not rows or not all(is_whole(parts, request.kinds) for parts in each):
            return {}
        return {"": request.value, "count": len(rows)}

    def text(self, request: TextRequest) -> str:
        """Each row under its name."""
        return "\n\n".join(
            f"{row_name(request.field, number, request.locale)}\n{_lines(request, row)}"
            for number, row in enumerate(_rows(request), start=1)
        )


def _rows(request: TextRequest) -> tuple[Answers, ...]:
    return rows_of(request.field, request.kinds, request.value)


def _lines(request: TextRequest, row: Answers) -> str:
    """``Label: answer`` for each answer of a row; a question keeps its own mark."""
    locale, kinds = request.locale, request.kinds
    told = []
    for part in parts_shown(request.field.parts, row, kinds, request.facts, day_of(request.facts)):
        kind = kinds[part.field.kind]
        text = kind.text(TextRequest(part.field, part.value, locale, part.known, kinds))
        if text or kind.declaration.has_value:
            answer = text or texts_for(locale).t("summary.not_answered")
            label = part.field.label.in_language(locale)
            told.append(f"{label}{'' if label.endswith(_SENTENCE_ENDS) else ':'} {answer}")
    return "\n".join(told)
