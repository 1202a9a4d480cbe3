"""What the core itself offers: field kinds, the theme ``plain``, the form component."""

from __future__ import annotations

from selvbetjening_core.composition.register import Register
from selvbetjening_core.forms.compiler import StepCompiler
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.interfaces import IForm
from selvbetjening_core.themes.plain import PLAIN


def register_core(register: Register) -> None:
    """Register the core's own parts in the lowest layer."""
    for kind in BUILTIN_KINDS:
        register.field_kind(kind)
    register.theme(PLAIN)
    register.shared(IForm, StepCompiler())
