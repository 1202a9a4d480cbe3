"""The documents made from a case."""

from __future__ import annotations

from selvbetjening_core.composition.roles import RECEIPT
from selvbetjening_core.composition.stack import Municipality
from selvbetjening_core.interfaces import IReceipt
from selvbetjening_core.values import CaseSnapshot, Document


def receipt_document(municipality: Municipality, case: CaseSnapshot) -> Document:
    """The receipt by the component that is bound to the role. Personal data."""
    return municipality.component(IReceipt, RECEIPT, case.solution).issue(case)
