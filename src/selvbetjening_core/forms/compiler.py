"""The built-in IForm: compiles steps with the field kinds of a plugin set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import implementer

from selvbetjening_core.errors import DefinitionError, NotInstalled
from selvbetjening_core.interfaces import ICompiledStep, IFieldKind, IForm
from selvbetjening_core.themes.rendering import environment
from selvbetjening_core.values import StepRequest

if TYPE_CHECKING:
    from selvbetjening_core.definitions.model import Field


@implementer(IForm)
class StepCompiler:
    """Compiles steps. Keeps no compiled step: that is for the one who asks."""

    def compile(self, request: StepRequest) -> ICompiledStep:
        """Everything that is the same for all citizens is done here, once.

        :raises DefinitionError: a field's kind is not known here
        :raises NotInstalled: Deform is not installed
        """
        try:
            # Every installation names this component, but one that only checks
            # definitions has no Deform.
            from selvbetjening_core.forms.compiled import (  # noqa: PLC0415
                CompiledStep,
                FieldPlan,
            )
            from selvbetjening_core.forms.makers import view_maker  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise NotInstalled("Compiling forms", "web") from error
        jinja = environment(request.theme, request.themes)
        plans = tuple(
            FieldPlan(field, kind, view_maker(field, kind, request.locale, jinja))
            for field in request.step.fields
            for kind in (_kind(field, request),)
        )
        return CompiledStep(request.step, request.locale, plans)


def _kind(field: Field, request: StepRequest) -> IFieldKind:
    try:
        return request.kinds[field.kind]
    except KeyError:
        known = ", ".join(sorted(request.kinds))
        message = f"{field.place}: no field kind {field.kind!r} here; there are {known}"
        raise DefinitionError(message) from None
