"""What crosses the contracts: frozen values, and nothing else.

No web request, web session or database object ever crosses a contract, so a
plugin can be written and tested without knowing which of them is in use.
"""

from selvbetjening_core.values.case import (
    Answer,
    AnswerGroup,
    CaseSnapshot,
    Contact,
    Document,
    Parties,
    PaymentSummary,
    Verdict,
)
from selvbetjening_core.values.cpr import CprNumber
from selvbetjening_core.values.delivery import (
    DeliveryRef,
    Outcome,
    OutcomeKind,
    Parcel,
    ResolvesUnknown,
)
from selvbetjening_core.values.form import (
    FactsRequest,
    FormState,
    KeyDeclaration,
    KindDeclaration,
    NodeRequest,
    Rendered,
    StepRequest,
    Submitted,
    TextRequest,
)
from selvbetjening_core.values.identity import (
    AssuranceLevel,
    Basis,
    Challenge,
    Channel,
    Claims,
    Identity,
    LoginRequest,
    Refusal,
)
from selvbetjening_core.values.message import Message, Reply
from selvbetjening_core.values.money import Money
from selvbetjening_core.values.payment import (
    PaymentChange,
    PaymentOrder,
    PaymentRef,
    PaymentState,
    PaymentStatus,
    Settlement,
)
from selvbetjening_core.values.person import Address, Child, Household, Person
from selvbetjening_core.values.settings import ComponentContext, Setting
from selvbetjening_core.values.theme import Look

__all__ = [
    "Address",
    "Answer",
    "AnswerGroup",
    "AssuranceLevel",
    "Basis",
    "CaseSnapshot",
    "Challenge",
    "Channel",
    "Child",
    "Claims",
    "ComponentContext",
    "Contact",
    "CprNumber",
    "DeliveryRef",
    "Document",
    "FactsRequest",
    "FormState",
    "Household",
    "Identity",
    "KeyDeclaration",
    "KindDeclaration",
    "LoginRequest",
    "Look",
    "Message",
    "Money",
    "NodeRequest",
    "Outcome",
    "OutcomeKind",
    "Parcel",
    "Parties",
    "PaymentChange",
    "PaymentOrder",
    "PaymentRef",
    "PaymentState",
    "PaymentStatus",
    "PaymentSummary",
    "Person",
    "Refusal",
    "Rendered",
    "Reply",
    "ResolvesUnknown",
    "Setting",
    "Settlement",
    "StepRequest",
    "Submitted",
    "TextRequest",
    "Verdict",
]
