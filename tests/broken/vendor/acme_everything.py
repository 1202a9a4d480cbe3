from acme_good import Login, Payment, Receipt, Register

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IIdentity, IPayment, IPrefill, IReceipt


class OneForAll(Login, Register, Receipt, Payment): ...


@hookimpl
def selvbetjening_register(register, context):  # noqa: ARG001 - as the hook wants it
    for contract in (IIdentity, IPrefill, IReceipt, IPayment):
        register.component(contract, OneForAll, help="Does what is needed.")
