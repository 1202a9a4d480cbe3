"""Claims two field kinds; others claim them, too."""

from __future__ import annotations

from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import KindDeclaration


@implementer(IFieldKind)
class Kind:
    def __init__(self, name):
        self.declaration = KindDeclaration(name, "A kind.", offers={"": "text"})

    def node(self, request): ...
    def facts(self, request): ...
    def text(self, request): ...


@hookimpl
def selvbetjening_register(register, context):  # noqa: ARG001 - as the hook wants it
    register.field_kind(Kind("plate"))
    register.field_kind(Kind("parcel_number"))
