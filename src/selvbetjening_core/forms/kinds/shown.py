"""Kinds that only tell something: fact, message, section. They take no answer."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.model import SECTION, Field
from selvbetjening_core.errors import NeedsFacts
from selvbetjening_core.forms.kinds.common import deform_widget, schema_node, text_setting
from selvbetjening_core.forms.types import PlainText
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.texts import texts_for
from selvbetjening_core.texts.formats import day, local_day
from selvbetjening_core.values import (
    Address,
    FactsRequest,
    KeyDeclaration,
    KindDeclaration,
    NodeRequest,
    PaperSpace,
    TextRequest,
)


@implementer(IFieldKind)
class FactKind:
    """Something the server knows, shown and never read from the form.

    Where the fact's owner also offers ``source`` and ``retrieved_at`` (a
    person's facts do), the register and the day are shown below it.
    """

    declaration = KindDeclaration(
        name="fact",
        help="Shows what is already known, such as an address from the register, with the "
        "register and the day it was asked. The citizen cannot change it.",
        keys=(
            KeyDeclaration(
                "source", "fact", "The fact to show, such as holder.address.", required=True
            ),
        ),
        takes_answer=False,
        errors=(),
        paper=PaperSpace.NOTHING,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A read-only text.

        :raises NeedsFacts: there are no facts yet
        """
        if request.facts is None:
            raise NeedsFacts("the text is a fact about the citizen")
        widget = _read_only("fields/fact")
        known = fact_lines(request.field, request.facts, request.locale)
        widget.lines = known or (texts_for(request.locale).t("field.fact.unknown"),)
        source = text_setting(request.field, "source")
        widget.source_text = source_text(source, request.facts, request.locale)
        return schema_node(request, PlainText(), widget)

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """None: it takes no answer."""
        return {}

    def text(self, request: TextRequest) -> str:
        """The fact in one line; empty when it is not known."""
        return ", ".join(fact_lines(request.field, request.facts, request.locale))


class _Text:
    """A kind that is a text of the page and nothing else."""

    declaration: KindDeclaration

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A block of text."""
        widget = _read_only(f"fields/{self.declaration.name}")
        return schema_node(request, PlainText(), widget)

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """None: it takes no answer."""
        return {}

    def text(self, request: TextRequest) -> str:
        """Nothing: it belongs to the page, not to the answers."""
        return ""


@implementer(IFieldKind)
class MessageKind(_Text):
    """A text between the questions."""

    declaration = KindDeclaration(
        name="message",
        help="A text on the page. The label is its heading, the hint its text. No answer.",
        takes_answer=False,
        errors=(),
        paper=PaperSpace.TOLD,
    )


@implementer(IFieldKind)
class SectionKind(_Text):
    """A heading over the questions below it."""

    declaration = KindDeclaration(
        name=SECTION,
        help="Heads the fields below it, up to the next section of the step. The label is the "
        "heading, the hint a text below it. Its condition is that of all of them: they show "
        "together. No answer.",
        takes_answer=False,
        errors=(),
        in_group=False,
        paper=PaperSpace.TOLD,
    )


def fact_lines(field: Field, facts: Mapping[str, object], locale: str) -> tuple[str, ...]:
    """The fact that ``field`` shows, line by line; none when it is not known."""
    value = facts.get(text_setting(field, "source"))
    if isinstance(value, Address):
        return value.lines
    if isinstance(value, bool):
        return (texts_for(locale).t("common.yes" if value else "common.no"),)
    if isinstance(value, datetime.date):
        return (day(value, locale),)
    return () if value is None or value == "" else (str(value),)


def fact_origin(name: str, facts: Mapping[str, object]) -> tuple[str, datetime.datetime | None]:
    """The register the fact ``name`` came from, and when; empty and None if none is told."""
    owner = name.rpartition(".")[0]
    if not owner or facts.get(name) is None:
        return "", None
    source, moment = facts.get(f"{owner}.source"), facts.get(f"{owner}.retrieved_at")
    when = datetime.datetime.fromisoformat(moment) if isinstance(moment, str) else None
    return (source, when) if isinstance(source, str) else ("", None)


def source_text(name: str, facts: Mapping[str, object], locale: str) -> str:
    """'Fetched from … on …' in the citizen's language; empty without a source."""
    source, moment = fact_origin(name, facts)
    t = texts_for(locale).t
    if not source:
        return ""
    if moment is None:
        return t("field.fact.source", source=source)
    return t("field.fact.source_and_day", source=source, day=local_day(moment, locale))


def _read_only(template: str) -> Any:
    return deform_widget(
        "TextInputWidget", template=template, readonly=True, lines=(), source_text=""
    )
