"""What crosses the contracts: frozen values, and nothing else.

No web request, web session or database object ever crosses a contract, so a
plugin can be written and tested without knowing which of them is in use.
"""

from selvbetjening_core.values.attachment import Attachment, read_attachment
from selvbetjening_core.values.case import (
    Answer,
    AnswerGroup,
    AnswerPerson,
    CaseSnapshot,
    Contact,
    Document,
    Parties,
    PaymentSummary,
    Verdict,
)
from selvbetjening_core.values.cpr import CprNumber
from selvbetjening_core.values.data import Data
from selvbetjening_core.values.delivery import (
    DeliveryRef,
    Outcome,
    OutcomeKind,
    Parcel,
    ResolvesUnknown,
)
from selvbetjening_core.values.digest import Digest, DigestLine, Trouble
from selvbetjening_core.values.event import CaseEvent, CaseEventKind
from selvbetjening_core.values.form import (
    FactsRequest,
    FormState,
    KeyDeclaration,
    KeyProblem,
    KindDeclaration,
    NodeRequest,
    Rendered,
    StepRequest,
    Submitted,
    TextRequest,
)
from selvbetjening_core.values.health import Health
from selvbetjening_core.values.identity import (
    WITHOUT_LOGIN,
    AssuranceLevel,
    Basis,
    Challenge,
    Channel,
    Citizen,
    Claims,
    Guest,
    GuestId,
    Identity,
    LoginRequest,
    Owner,
    Privilege,
    Refusal,
    ScopeKind,
)
from selvbetjening_core.values.importing import Imported, ImportedElement, Mapped, SourceFile
from selvbetjening_core.values.lookup import LookedUp, LookupMatch, LookupQuery
from selvbetjening_core.values.measurement import Measured, Measurement
from selvbetjening_core.values.message import LateReceipt, Message, Reply
from selvbetjening_core.values.money import Money
from selvbetjening_core.values.page_needs import PageNeeds
from selvbetjening_core.values.paper_form import (
    PaperForm,
    PaperOption,
    PaperQuestion,
    PaperSpace,
    PaperStep,
)
from selvbetjening_core.values.payment import (
    PaymentChange,
    PaymentOrder,
    PaymentRef,
    PaymentState,
    PaymentStatus,
    Settlement,
)
from selvbetjening_core.values.person import Address, Child, Household, Person
from selvbetjening_core.values.scan import ScanResult, ScanVerdict
from selvbetjening_core.values.settings import (
    ComponentContext,
    ComponentStore,
    MemoryStore,
    Setting,
    SettingFault,
    Task,
)
from selvbetjening_core.values.single_logout import LogoutNotice, LogoutRequest
from selvbetjening_core.values.staff import Staff, StaffRole
from selvbetjening_core.values.status import CaseState, CaseStatus, StatusRequest
from selvbetjening_core.values.theme import Look

__all__ = [
    "WITHOUT_LOGIN",
    "Address",
    "Answer",
    "AnswerGroup",
    "AnswerPerson",
    "AssuranceLevel",
    "Attachment",
    "Basis",
    "CaseEvent",
    "CaseEventKind",
    "CaseSnapshot",
    "CaseState",
    "CaseStatus",
    "Challenge",
    "Channel",
    "Child",
    "Citizen",
    "Claims",
    "ComponentContext",
    "ComponentStore",
    "Contact",
    "CprNumber",
    "Data",
    "DeliveryRef",
    "Digest",
    "DigestLine",
    "Document",
    "FactsRequest",
    "FormState",
    "Guest",
    "GuestId",
    "Health",
    "Household",
    "Identity",
    "Imported",
    "ImportedElement",
    "KeyDeclaration",
    "KeyProblem",
    "KindDeclaration",
    "LateReceipt",
    "LoginRequest",
    "LogoutNotice",
    "LogoutRequest",
    "Look",
    "LookedUp",
    "LookupMatch",
    "LookupQuery",
    "Mapped",
    "Measured",
    "Measurement",
    "MemoryStore",
    "Message",
    "Money",
    "NodeRequest",
    "Outcome",
    "OutcomeKind",
    "Owner",
    "PageNeeds",
    "PaperForm",
    "PaperOption",
    "PaperQuestion",
    "PaperSpace",
    "PaperStep",
    "Parcel",
    "Parties",
    "PaymentChange",
    "PaymentOrder",
    "PaymentRef",
    "PaymentState",
    "PaymentStatus",
    "PaymentSummary",
    "Person",
    "Privilege",
    "Refusal",
    "Rendered",
    "Reply",
    "ResolvesUnknown",
    "ScanResult",
    "ScanVerdict",
    "ScopeKind",
    "Setting",
    "SettingFault",
    "Settlement",
    "SourceFile",
    "Staff",
    "StaffRole",
    "StatusRequest",
    "StepRequest",
    "Submitted",
    "Task",
    "TextRequest",
    "Trouble",
    "Verdict",
    "read_attachment",
]
