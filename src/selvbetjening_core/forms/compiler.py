"""The built-in IForm: compiles steps with the field kinds of a plugin set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import implementer

from selvbetjening_core.errors import DefinitionError, NotInstalled
from selvbetjening_core.interfaces import ICompiledStep, IForm
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
            from selvbetjening_core.forms.planning import compiled_step  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise NotInstalled("Compiling forms", "web") from error
        for field in (*request.step.fields, *(p for f in request.step.fields for p in f.parts)):
            _check_kind(field, request)
        return compiled_step(request, environment(request.theme, request.themes))


def _check_kind(field: Field, request: StepRequest) -> None:
    if field.kind not in request.kinds:
        known = ", ".join(sorted(request.kinds))
        message = f"{field.place}: no field kind {field.kind!r} here; there are {known}"
        raise DefinitionError(message)
