"""The contracts: what a component must do, one module each.

Rules that hold for every contract:

* methods are synchronous; **one positional frozen value in, one value out**;
* what a user did wrong is a return value; what the operation could not do is an
  exception from :mod:`selvbetjening_core.errors`;
* whatever has an effect takes an idempotency key that was stored before the
  first attempt and is the same at every repeat;
* a component keeps no module state: all it knows is in its
  :class:`~selvbetjening_core.values.ComponentContext`.

All contracts are provisional until two real implementations of each pass its
conformance kit. :mod:`selvbetjening_core.interfaces.versions` says which
version of each contract this is, and what a call of each method may return.
"""

from selvbetjening_core.interfaces.delivery import IDelivery, IDeliveryQuery
from selvbetjening_core.interfaces.digest import IDigest
from selvbetjening_core.interfaces.field_kind import IFieldKind
from selvbetjening_core.interfaces.form import ICompiledStep, IForm
from selvbetjening_core.interfaces.identity import IIdentity
from selvbetjening_core.interfaces.importer import IImporter
from selvbetjening_core.interfaces.lookup import ILookup
from selvbetjening_core.interfaces.measure import IMeasure
from selvbetjening_core.interfaces.messages import IMessages
from selvbetjening_core.interfaces.paper_form import IPaperForm
from selvbetjening_core.interfaces.payment import IPayment
from selvbetjening_core.interfaces.prefill import IPrefill
from selvbetjening_core.interfaces.receipt import IReceipt
from selvbetjening_core.interfaces.scanner import IScanner
from selvbetjening_core.interfaces.scheduled import IScheduled
from selvbetjening_core.interfaces.secrets import ISecrets
from selvbetjening_core.interfaces.single_logout import ISingleLogout
from selvbetjening_core.interfaces.solutions import ISolutions
from selvbetjening_core.interfaces.status import IStatus
from selvbetjening_core.interfaces.theme import ITheme

__all__ = [
    "ICompiledStep",
    "IDelivery",
    "IDeliveryQuery",
    "IDigest",
    "IFieldKind",
    "IForm",
    "IIdentity",
    "IImporter",
    "ILookup",
    "IMeasure",
    "IMessages",
    "IPaperForm",
    "IPayment",
    "IPrefill",
    "IReceipt",
    "IScanner",
    "IScheduled",
    "ISecrets",
    "ISingleLogout",
    "ISolutions",
    "IStatus",
    "ITheme",
]
