"""The contracts: what a component must do, one module each.

Rules that hold for every contract:

* methods are synchronous; **one positional frozen value in, one value out**;
* what a user did wrong is a return value; what the operation could not do is an
  exception from :mod:`selvbetjening_core.errors`;
* whatever has an effect takes an idempotency key that was stored before the
  first attempt and is the same at every repeat;
* a component keeps no module state: all it knows is in its
  :class:`~selvbetjening_core.values.ComponentContext`.

All contracts are provisional until two real implementations of each exist.
"""

from selvbetjening_core.interfaces.delivery import IDelivery, IDeliveryQuery
from selvbetjening_core.interfaces.field_kind import IFieldKind
from selvbetjening_core.interfaces.form import ICompiledStep, IForm
from selvbetjening_core.interfaces.identity import IIdentity
from selvbetjening_core.interfaces.payment import IPayment
from selvbetjening_core.interfaces.prefill import IPrefill
from selvbetjening_core.interfaces.receipt import IReceipt
from selvbetjening_core.interfaces.theme import ITheme

__all__ = [
    "ICompiledStep",
    "IDelivery",
    "IDeliveryQuery",
    "IFieldKind",
    "IForm",
    "IIdentity",
    "IPayment",
    "IPrefill",
    "IReceipt",
    "ITheme",
]
