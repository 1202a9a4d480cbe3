"""What a vendor or a municipality tests his own work with. Nothing of the core imports it.

Needs the extra ``selvbetjening[testing]``: the kits are pytest classes. They are
found here by name and imported when they are first asked for, so that whoever
uses one needs nothing that another needs.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

from selvbetjening_core.errors import NotInstalled

if TYPE_CHECKING:
    from selvbetjening_core.testing.bench import Bench
    from selvbetjening_core.testing.conformance import Check, Conformance, check
    from selvbetjening_core.testing.counterpart import Counterpart
    from selvbetjening_core.testing.delivery import (
        DeliveryBench,
        DeliveryConformance,
        DeliveryRemote,
    )
    from selvbetjening_core.testing.digest import DigestBench, DigestConformance
    from selvbetjening_core.testing.field_kind import FieldKindConformance
    from selvbetjening_core.testing.form import FormBench, FormConformance
    from selvbetjening_core.testing.identity import IdentityBench, IdentityConformance
    from selvbetjening_core.testing.importer import ImporterBench, ImporterConformance, Sample
    from selvbetjening_core.testing.kinds import Accepted, FieldKindBench, Refused
    from selvbetjening_core.testing.logins import Forgery, IdentityRemote
    from selvbetjening_core.testing.lookup import LookupBench, LookupConformance
    from selvbetjening_core.testing.loopback import Fault, Loopback
    from selvbetjening_core.testing.measure import MeasureBench, MeasureConformance
    from selvbetjening_core.testing.messages import (
        MessagesBench,
        MessagesConformance,
        MessagesRemote,
    )
    from selvbetjening_core.testing.paper_form import PaperFormBench, PaperFormConformance
    from selvbetjening_core.testing.payment import PaymentBench, PaymentConformance, PaymentRemote
    from selvbetjening_core.testing.prefill import PrefillBench, PrefillConformance, PrefillRemote
    from selvbetjening_core.testing.receipt import ReceiptBench, ReceiptConformance
    from selvbetjening_core.testing.scanner import ScannerBench, ScannerConformance
    from selvbetjening_core.testing.scheduled import ScheduledBench, ScheduledConformance
    from selvbetjening_core.testing.secrets import SecretsBench, SecretsConformance
    from selvbetjening_core.testing.shared import SharedBench
    from selvbetjening_core.testing.single_logout import (
        SingleLogoutBench,
        SingleLogoutConformance,
        SingleLogoutRemote,
    )
    from selvbetjening_core.testing.solutions import SolutionsBench, SolutionsConformance
    from selvbetjening_core.testing.status import StatusBench, StatusConformance, StatusRemote
    from selvbetjening_core.testing.theme import ThemeConformance
    from selvbetjening_core.testing.themes import ThemeBench

KITS = {
    "DeliveryConformance": "delivery",
    "DigestConformance": "digest",
    "FieldKindConformance": "field_kind",
    "FormConformance": "form",
    "IdentityConformance": "identity",
    "ImporterConformance": "importer",
    "LookupConformance": "lookup",
    "MeasureConformance": "measure",
    "MessagesConformance": "messages",
    "PaperFormConformance": "paper_form",
    "PaymentConformance": "payment",
    "PrefillConformance": "prefill",
    "ReceiptConformance": "receipt",
    "ScannerConformance": "scanner",
    "ScheduledConformance": "scheduled",
    "SecretsConformance": "secrets",
    "SingleLogoutConformance": "single_logout",
    "SolutionsConformance": "solutions",
    "StatusConformance": "status",
    "ThemeConformance": "theme",
}
"""The module in this package that holds each kit's class."""

_MODULES = {
    **KITS,
    **{name.replace("Conformance", "Bench"): module for name, module in KITS.items()},
    "Accepted": "kinds",
    "Bench": "bench",
    "Check": "conformance",
    "Conformance": "conformance",
    "Counterpart": "counterpart",
    "DeliveryRemote": "delivery",
    "Fault": "loopback",
    "Loopback": "loopback",
    "MessagesRemote": "messages",
    "FieldKindBench": "kinds",
    "Forgery": "logins",
    "IdentityRemote": "logins",
    "PaymentRemote": "payment",
    "PrefillRemote": "prefill",
    "Refused": "kinds",
    "ThemeBench": "themes",
    "Sample": "importer",
    "SharedBench": "shared",
    "SingleLogoutRemote": "single_logout",
    "StatusRemote": "status",
    "check": "conformance",
}

__all__ = [
    "KITS",
    "Accepted",
    "Bench",
    "Check",
    "Conformance",
    "Counterpart",
    "DeliveryBench",
    "DeliveryConformance",
    "DeliveryRemote",
    "DigestBench",
    "DigestConformance",
    "Fault",
    "FieldKindBench",
    "FieldKindConformance",
    "Forgery",
    "FormBench",
    "FormConformance",
    "IdentityBench",
    "IdentityConformance",
    "IdentityRemote",
    "ImporterBench",
    "ImporterConformance",
    "LookupBench",
    "LookupConformance",
    "Loopback",
    "MeasureBench",
    "MeasureConformance",
    "MessagesBench",
    "MessagesConformance",
    "MessagesRemote",
    "PaperFormBench",
    "PaperFormConformance",
    "PaymentBench",
    "PaymentConformance",
    "PaymentRemote",
    "PrefillBench",
    "PrefillConformance",
    "PrefillRemote",
    "ReceiptBench",
    "ReceiptConformance",
    "Refused",
    "Sample",
    "ScannerBench",
    "ScannerConformance",
    "ScheduledBench",
    "ScheduledConformance",
    "SecretsBench",
    "SecretsConformance",
    "SharedBench",
    "SingleLogoutBench",
    "SingleLogoutConformance",
    "SingleLogoutRemote",
    "SolutionsBench",
    "SolutionsConformance",
    "StatusBench",
    "StatusConformance",
    "StatusRemote",
    "ThemeBench",
    "ThemeConformance",
    "check",
    "needs_pytest",
]


def __getattr__(name: str) -> Any:
    """A kit, imported now.

    :raises NotInstalled: pytest is not here
    """
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    needs_pytest()
    return getattr(importlib.import_module(f"{__name__}.{module}"), name)


def needs_pytest() -> None:
    """Nothing, if the kits can be used here.

    :raises NotInstalled: they cannot; it names the extra
    """
    if importlib.util.find_spec("pytest") is None:
        raise NotInstalled("selvbetjening_core.testing", "testing")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
