"""The kind ``bank_account``: a Danish registration number and account number."""

from __future__ import annotations

import colander
from zope.interface import implementer

from selvbetjening_core.forms.kinds.common import (
    WRITTEN_ERRORS,
    ValueItself,
    as_text,
    deform_widget,
    schema_node,
)
from selvbetjening_core.forms.types import BankAccount
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import KindDeclaration, NodeRequest, TextRequest


@implementer(IFieldKind)
class BankAccountKind(ValueItself):
    """A Danish bank account, in two inputs. Personal data, kept as ``1234 0001234567``."""

    declaration = KindDeclaration(
        name="bank_account",
        help="A Danish bank account: a registration number of up to four digits and an account "
        "number of up to ten, kept with zeros in front. Both may be pasted into the first input. "
        "Whether the account exists is not looked up, and an IBAN is not accepted.",
        offers={"": "text"},
        errors=(
            *WRITTEN_ERRORS,
            "account_incomplete",
            "not_a_registration_number",
            "not_an_account_number",
        ),
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """Two inputs with the keyboard for digits."""
        widget = deform_widget("TextInputWidget", template="fields/account")
        return schema_node(request, BankAccount(), widget)

    def text(self, request: TextRequest) -> str:
        """Both numbers, with a space between them."""
        return as_text(request)
