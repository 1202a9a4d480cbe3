"""The built-in kinds of fields. Importing them needs neither Deform nor Pyramid."""

from selvbetjening_core.forms.kinds.choice import ChoiceKind, ConsentKind, YesNoKind
from selvbetjening_core.forms.kinds.date import DateKind
from selvbetjening_core.forms.kinds.number import NumberKind
from selvbetjening_core.forms.kinds.person import PersonKind
from selvbetjening_core.forms.kinds.shown import FactKind, MessageKind
from selvbetjening_core.forms.kinds.text import EmailKind, LongTextKind, PhoneKind, TextKind

BUILTIN_KINDS = (
    TextKind(),
    LongTextKind(),
    NumberKind(),
    EmailKind(),
    PhoneKind(),
    DateKind(),
    ChoiceKind(),
    YesNoKind(),
    ConsentKind(),
    PersonKind(),
    FactKind(),
    MessageKind(),
)
"""One object for each kind, in the order of the documentation."""

__all__ = ["BUILTIN_KINDS"]
