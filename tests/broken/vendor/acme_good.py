"""A vendor's plugin with nothing wrong, and an implementation of each contract."""

from __future__ import annotations

from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDelivery, IIdentity, IPayment, IPrefill, IReceipt
from selvbetjening_core.values import ResolvesUnknown, Setting


class Component:
    def __init__(self, context):
        self.context = context


@implementer(IIdentity)
class Login(Component):
    issuer = "https://acme.example"
    algorithms = frozenset()

    def begin(self, request): ...
    def complete(self, message): ...
    def end(self, request): ...


@implementer(IPrefill)
class Register(Component):
    def household(self, cpr): ...


@implementer(IReceipt)
class Receipt(Component):
    def issue(self, case): ...
    def verify(self, document): ...


@implementer(IPayment)
class Payment(Component):
    def begin(self, order): ...
    def capture(self, change): ...
    def cancel(self, change): ...
    def refund(self, change): ...
    def query(self, payment): ...
    def settlements(self, day): ...
    def notice(self, message): ...


@implementer(IDelivery)
class Delivery(Component):
    resolves_unknown = ResolvesUnknown.PERSON

    def accepts(self, parcel): ...
    def send(self, parcel): ...


SETTINGS = (
    Setting("server", "url", "Address of the server."),
    Setting("password", "secret", "The password."),
    Setting("sender", "email", "Who sends."),
    Setting("port", "number", "The port.", required=False, default=25),
    Setting("safe", "yes_no", "Encrypt?", required=False, default=True),
    Setting("mode", "text", "How.", required=False, default="fast", choices=("fast", "slow")),
)


@hookimpl
def selvbetjening_register(register, context):  # noqa: ARG001 - as the hook wants it
    register.component(IDelivery, Delivery, help="Delivers.", settings=SETTINGS)
