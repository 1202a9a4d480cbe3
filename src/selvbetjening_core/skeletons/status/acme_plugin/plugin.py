"""The component: what is the same for every system. Nothing to fill in here."""

from __future__ import annotations

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IStatus
from selvbetjening_core.values import CaseState, CaseStatus, ComponentContext, StatusRequest
from zope.interface import implementer

from acme_plugin.cases import Cases
from acme_plugin.wire import SETTINGS, Wire


@implementer(IStatus)
class AcmeStatus:
    """One municipality's access to Acme."""

    def __init__(self, context: ComponentContext) -> None:
        """Keep the settings. Nothing is asked yet."""
        self._cases = Cases(Wire(context))

    def status(self, request: StatusRequest) -> CaseStatus:
        """What Acme says of the case; ``not_known`` if it knows nothing of it."""
        row = self._cases.ask(request)
        if row is None:
            return CaseStatus(CaseState.NOT_KNOWN)
        try:
            return CaseStatus(
                self._cases.state(row),
                self._cases.sentence(row, request.locale),
                self._cases.changed_at(row),
            )
        except (KeyError, TypeError, ValueError):
            # Without what was read: a sentence to a citizen may be personal.
            raise Unavailable("Acme's answer about a case cannot be read") from None


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.component(
        IStatus,
        AcmeStatus,
        help="How cases stand at Acme.",
        settings=SETTINGS,
        holds="Acme keeps nothing of what is asked.",
        built_for="0.1",
    )
