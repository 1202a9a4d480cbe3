"""A plugin that does not keep its promises."""

from __future__ import annotations

import datetime

from zope.interface import Interface, implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDelivery, IFieldKind
from selvbetjening_core.values import KindDeclaration, ResolvesUnknown, Setting, Task


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


@implementer(IDelivery)
class Silent:
    def __init__(self, context): ...
    def accepts(self, parcel): ...
    def send(self, parcel): ...


class CannotBeAsked(Right):
    resolves_unknown = ResolvesUnknown.QUERY


class IAcme(Interface):
    """A contract of the vendor's own making."""


@implementer(IFieldKind)
class NoText:
    declaration = KindDeclaration("half", "Half a kind.")

    def node(self, request): ...
    def facts(self, request): ...


TASKS = (Task("renew", datetime.timedelta(hours=1), "Renews the key."),)
ODD = (Setting("x", "colour", "What colour?"),)


@hookimpl
def selvbetjening_register(register, context):  # noqa: ARG001 - as the hook wants it
    register.component(IDelivery, NoSend, help="Does not send.")  # planted: contract-not-fulfilled
    # planted: contract-not-fulfilled
    register.component(IDelivery, WrongArguments, help="Sends what?")
    register.component(IDelivery, Right, help="?", settings=ODD)  # planted: bad-setting-kind
    # planted: contract-not-fulfilled
    register.component(IDelivery, Silent, help="Does not say what it does with unknown.")
    register.component(IDelivery, CannotBeAsked, help="?")  # planted: resolves-unknown
    register.component(IDelivery, Right, help="?", built_for="9.9")  # planted: contract-version
    register.component(IDelivery, Right, help="?", tasks=TASKS)  # planted: tasks-not-carried-out
    register.component(IAcme, Right, help="?")  # planted: unknown-contract
    register.field_kind(NoText())  # planted: contract-not-fulfilled
