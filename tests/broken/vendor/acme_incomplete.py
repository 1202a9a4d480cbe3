"""A plugin that does not keep its promises."""

from __future__ import annotations

from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDelivery, IFieldKind
from selvbetjening_core.values import KindDeclaration, ResolvesUnknown, Setting


@implementer(IDelivery)
class NoSend:
    resolves_unknown = ResolvesUnknown.PERSON

    def __init__(self, context): ...
    def accepts(self, parcel): ...


@implementer(IDelivery)
class WrongArguments:
    resolves_unknown = ResolvesUnknown.PERSON

    def __init__(self, context): ...
    def accepts(self, parcel): ...
    def send(self): ...


@implementer(IDelivery)
class Right:
    resolves_unknown = ResolvesUnknown.PERSON

    def __init__(self, context): ...
    def accepts(self, parcel): ...
    def send(self, parcel): ...


@implementer(IFieldKind)
class NoText:
    declaration = KindDeclaration("half", "Half a kind.")

    def node(self, request): ...
    def facts(self, request): ...


ODD = (Setting("x", "colour", "What colour?"),)


@hookimpl
def selvbetjening_register(register, context):  # noqa: ARG001 - as the hook wants it
    register.component(IDelivery, NoSend, help="Does not send.")  # planted: contract-not-fulfilled
    # planted: contract-not-fulfilled
    register.component(IDelivery, WrongArguments, help="Sends what?")
    register.component(IDelivery, Right, help="?", settings=ODD)  # planted: bad-setting-kind
    register.field_kind(NoText())  # planted: contract-not-fulfilled
