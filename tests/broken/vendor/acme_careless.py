from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDelivery


@hookimpl
def selvbetjening_register(register, context):  # noqa: ARG001 - as the hook wants it
    register.component(IDelivery, dict, help="Settings as words.", settings=["path"])
