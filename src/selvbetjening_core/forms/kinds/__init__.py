"""The built-in kinds of fields. Importing them needs neither Deform nor Pyramid."""

from selvbetjening_core.forms.kinds.bank_account import BankAccountKind
from selvbetjening_core.forms.kinds.choice import ChoiceKind, ConsentKind, YesNoKind
from selvbetjening_core.forms.kinds.date import DateKind
from selvbetjening_core.forms.kinds.derived import ComputedKind, FixedKind
from selvbetjening_core.forms.kinds.files import FilesKind
from selvbetjening_core.forms.kinds.groups import GroupKind, RepeatKind
from selvbetjening_core.forms.kinds.lookup import AddressKind, LookupKind
from selvbetjening_core.forms.kinds.number import NumberKind
from selvbetjening_core.forms.kinds.person import PeopleKind, PersonKind
from selvbetjening_core.forms.kinds.registered import CprKind, CvrKind, PNumberKind
from selvbetjening_core.forms.kinds.several import ChoicesKind, MatrixKind
from selvbetjening_core.forms.kinds.shown import FactKind, MessageKind, SectionKind
from selvbetjening_core.forms.kinds.text import EmailKind, LongTextKind, PhoneKind, TextKind
from selvbetjening_core.forms.kinds.written import AmountKind, PostcodeKind, TimeKind

BUILTIN_KINDS = (
    TextKind(),
    LongTextKind(),
    NumberKind(),
    AmountKind(),
    EmailKind(),
    PhoneKind(),
    PostcodeKind(),
    CprKind(),
    CvrKind(),
    PNumberKind(),
    BankAccountKind(),
    DateKind(),
    TimeKind(),
    ChoiceKind(),
    ChoicesKind(),
    MatrixKind(),
    YesNoKind(),
    ConsentKind(),
    PersonKind(),
    AddressKind(),
    LookupKind(),
    PeopleKind(),
    FilesKind(),
    FixedKind(),
    ComputedKind(),
    FactKind(),
    MessageKind(),
    SectionKind(),
    GroupKind(),
    RepeatKind(),
)
"""One object for each kind, in the order of the documentation."""

__all__ = ["BUILTIN_KINDS"]
