"""IFieldKind: a kind of question (text, choice, person …)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Attribute, Interface

if TYPE_CHECKING:
    from collections.abc import Mapping

    import colander

    from selvbetjening_core.values import FactsRequest, KindDeclaration, NodeRequest, TextRequest


class IFieldKind(Interface):
    """A kind of field: how it is declared, asked, read and shown."""

    declaration: KindDeclaration = Attribute(
        "Name, keys a definition may use, facts it offers to conditions."
    )

    def node(request: NodeRequest) -> colander.SchemaNode:
        """The colander node with a Deform widget.

        The node's validators raise ``colander.Invalid`` with an error *code*
        (``required``, ``not_an_option`` …), never with a sentence: the
        sentence is the definition's.
        """

    def facts(request: FactsRequest) -> Mapping[str, object]:
        """What conditions may ask about a value, by name (``age`` of a person)."""

    def text(request: TextRequest) -> str:
        """The value as shown on the summary, the receipt and in documents."""
