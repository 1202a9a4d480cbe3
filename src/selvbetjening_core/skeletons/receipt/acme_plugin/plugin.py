"""The component: what is the same for every receipt. Nothing to fill in here."""

from __future__ import annotations

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IReceipt
from selvbetjening_core.receipts import Seal, check_code, content_of, language
from selvbetjening_core.values import (
    CaseSnapshot,
    ComponentContext,
    Data,
    Document,
    Setting,
    Verdict,
)
from zope.interface import implementer

from acme_plugin.page import ENDING, MEDIA_TYPE, SEAL_END, SEAL_START, written

SETTINGS = (
    Setting(
        "seal_key",
        "secret",
        help="The key that receipts are sealed with. Kept as long as they are to be checked.",
    ),
)


@implementer(IReceipt)
class AcmeReceipt:
    """One municipality's receipts. A changed byte is found by :meth:`verify`."""

    def __init__(self, context: ComponentContext) -> None:
        """:raises ValueError: the key is empty, which would seal nothing"""
        self._key = context.text("seal_key")
        self._seal = Seal(self._key, SEAL_START, SEAL_END)

    def issue(self, case: CaseSnapshot) -> Document:
        """The sealed receipt, in the language of the case: the same bytes every time."""
        code = check_code(self._key, case)
        text = written(content_of(case), language(case.locale), code, self._seal.blank)
        # A lone surrogate is no character and has no bytes of its own in UTF-8.
        sealed = self._seal.close(text.encode("utf-8", "replace"))
        return Document(f"kvittering-{case.receipt_number}.{ENDING}", MEDIA_TYPE, sealed)

    def verify(self, document: Document) -> Verdict:
        """Whether this component sealed the document, and nothing was changed."""
        if self._seal.is_closed(document.content):
            return Verdict(ok=True)
        reason = "Dokumentet er ikke udstedt her, eller det er ændret efter udstedelsen."
        return Verdict(ok=False, reasons=(reason,))


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.component(
        IReceipt,
        AcmeReceipt,
        help="Receipts by Acme.",
        settings=SETTINGS,
        reads=(Data.CPR, Data.NAME, Data.ADDRESS, Data.ANSWERS),
        holds="Nothing: the receipt is made and handed over.",
        built_for="0.1",
    )
