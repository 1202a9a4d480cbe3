"""The kind of field: how it is declared, asked, read and shown. This is what you fill in.

As it stands it asks for Acme's customer number: ``A-1234``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import colander
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import FactsRequest, KindDeclaration, NodeRequest, TextRequest
from zope.interface import implementer

_NUMBER = re.compile(r"A-[0-9]{4}", re.ASCII)


@implementer(IFieldKind)
class AcmeField:
    """A customer number. One object serves every municipality, and keeps nothing."""

    declaration = KindDeclaration(
        name="acme_number",
        help="A customer number at Acme: A- and four digits.",
        offers={"": "text"},
        errors=("required", "now_needed", "not_an_acme_number"),
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """How it is asked and read: one of the theme's inputs, so that every theme fits."""
        # Whoever only checks definitions has no Deform.
        from deform.widget import TextInputWidget

        field = request.field
        return colander.SchemaNode(
            colander.String(),
            name=field.name,
            title=field.label.in_language(request.locale),
            widget=TextInputWidget(template="fields/text", width="short"),
            preparer=without_spaces,
            validator=is_number,
            missing=colander.required if field.required else None,
            missing_msg="required",
        )

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """What conditions in a solution may ask about the answer."""
        return {"": request.value}

    def text(self, request: TextRequest) -> str:
        """The answer as the summary and the receipt show it."""
        return str(request.value or "")


def without_spaces(text: object) -> object:
    """As people write it, and as it is kept."""
    return "".join(text.split()).upper() if isinstance(text, str) else text


def is_number(node: colander.SchemaNode, value: str) -> None:
    """Raise an error *code*, never a sentence: the sentence is the definition's."""
    if _NUMBER.fullmatch(value) is None:
        raise colander.Invalid(node, "not_an_acme_number")
