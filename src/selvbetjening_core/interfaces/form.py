"""IForm: from a step's definition to a page, and back to values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Attribute, Interface

if TYPE_CHECKING:
    from selvbetjening_core.definitions.model import Step
    from selvbetjening_core.values import FormState, Rendered, StepRequest, Submitted


class IForm(Interface):
    """Compiles steps."""

    def compile(request: StepRequest) -> ICompiledStep:
        """Everything that is the same for all citizens is done here, once.

        No effect. :raises DefinitionError: a field's kind is not known here.
        """


class ICompiledStep(Interface):
    """One step, ready to be shown and read. Holds nobody's data."""

    step: Step = Attribute("The definition it was compiled from.")

    def render(state: FormState) -> Rendered:
        """The fields as HTML, with values, and errors where there are any."""

    def recheck(state: FormState) -> FormState:
        """Of the values in ``state``, those that would be accepted today.

        For answers given under an earlier definition. No errors, no effect.
        """

    def press(submitted: Submitted, button: str) -> FormState:
        """What the page holds after one of its own buttons was pressed.

        Everything typed is kept and nothing is found wrong. Such a button is a submit
        button of the name ``do``; its value, ``FIELD:VERB`` or ``FIELD:VERB:ARGUMENT``,
        is ``button``. One that no field knows changes nothing. No effect beside that.
        Never raises on bad input. Personal data: the answers.
        """

    def read(submitted: Submitted) -> FormState:
        """Values, or a finished message for each field that has none.

        Never raises on bad input. Answers to fields whose condition does not
        hold are left out, whatever was sent. Personal data: the answers.
        """
