from acme_good import Delivery

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDelivery


@hookimpl
def selvbetjening_register(register, context):  # noqa: ARG001 - as the hook wants it
    register.component(IDelivery, Delivery, help="Delivers into a folder.")
