"""The receipt component."""

from __future__ import annotations

import logging
from dataclasses import replace

from zope.interface import implementer

from selvbetjening_core.errors import BadSettings
from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IPaperForm, IReceipt
from selvbetjening_core.receipts import Seal, check_code
from selvbetjening_core.values import (
    CaseSnapshot,
    ComponentContext,
    Data,
    Document,
    PaperForm,
    Setting,
    SettingFault,
    Verdict,
)
from selvbetjening_pdf_receipt.own import Own, read_own
from selvbetjening_pdf_receipt.sheet import make_paper, make_pdf
from selvbetjening_pdf_receipt.trial import trial_cases
from selvbetjening_pdf_receipt.typesetter import BadTemplate, Typesetter

MEDIA_TYPE = "application/pdf"

SETTINGS = (
    Setting(
        name="seal_key",
        kind="secret",
        help="The key that receipts are sealed with. Kept as long as they are to be checked.",
    ),
    Setting(
        name="logo",
        kind="path",
        required=False,
        help="The logo at the top, an SVG or PNG file. Without one the name stands there.",
    ),
    Setting(
        name="template",
        kind="path",
        required=False,
        help="An own layout: a Typst file (.typ) that takes the place of the shipped one.",
    ),
    Setting(
        name="fonts",
        kind="path",
        required=False,
        help="A folder with more fonts, for an own layout or for more of the world's letters.",
    ),
)

_SHIPPED_LAYOUT = "receipt.typ"
_PAPER_LAYOUT = "paper.typ"
_TRIAL_KEY = "0" * 64

log = logging.getLogger(__name__)


@implementer(IReceipt, IPaperForm)
class PdfReceipt:
    """Makes receipts as PDFs: accessible (PDF/UA-1) and to be kept (PDF/A-3a).

    The answers are attached as JSON data. Each receipt is sealed: a changed byte
    is found by :meth:`verify`. CPR numbers are shown as the date of birth only,
    in the attached data, too.
    """

    def __init__(self, context: ComponentContext) -> None:
        """Try an own template out, which takes Typst; a logo is looked at without it.

        :raises BadSettings: a setting is of no use; for a template, with file and line
        """
        self._key = context.text("seal_key")
        self._seal = Seal(self._key, b"selvbetjening-seal:")
        own = read_own(context)
        self._logo = own.logo
        self._own_template = own.template
        self._shipped = Typesetter(_SHIPPED_LAYOUT, _without_template(own), own.fonts)
        self._typesetter = self._shipped
        self._paper = Typesetter(_PAPER_LAYOUT, _without_template(own), own.fonts)
        if own.template is not None:
            self._typesetter = Typesetter(own.template.name, own.files, own.fonts)
        if own.template is not None:
            self._try_out()

    @classmethod
    def check_settings(cls, context: ComponentContext) -> tuple[SettingFault, ...]:
        """What is wrong with the municipality's own files. Needs no key.

        :raises NotInstalled: Typst is not here to try them with
        """
        if not any(context.text(setting) for setting in ("logo", "template", "fonts")):
            return ()
        try:
            made = cls(replace(context, settings={**context.settings, "seal_key": _TRIAL_KEY}))
            if made._logo and made._own_template is None:
                made._try_out()
        except BadSettings as error:
            return error.faults
        return ()

    def issue(self, case: CaseSnapshot) -> Document:
        """The sealed receipt, in the language of the case."""
        marks = {"seal": self._seal.blank, "check_code": check_code(self._key, case)}
        if self._logo:
            marks["logo"] = self._logo
        name = f"kvittering-{case.receipt_number}.pdf"
        return Document(name, MEDIA_TYPE, self._seal.close(self._make(case, marks)))

    def verify(self, document: Document) -> Verdict:
        """Whether this component sealed the document and nothing was changed."""
        if self._seal.is_closed(document.content):
            return Verdict(ok=True)
        return Verdict(
            ok=False,
            reasons=("Dokumentet er ikke udstedt her, eller det er ændret efter udstedelsen.",),
        )

    def print_out(self, form: PaperForm) -> Document:
        """The form as a PDF, accessible, too: who cannot use a pen fills in a copy."""
        name = f"blanket-{form.solution}.pdf"
        return Document(name, MEDIA_TYPE, make_paper(self._paper, form, self._logo))

    def _make(self, case: CaseSnapshot, marks: dict[str, str]) -> bytes:
        """The municipality's own way; where that fails for this case, with less of its own."""
        *own, shipped = self._ways(marks)
        for what, typesetter, shown in own:
            try:
                return make_pdf(typesetter, case, shown)
            except BadTemplate as error:
                # Typst's reason may quote the case, and is left out.
                log.error("own receipt %s failed, shipped one used: %s", what, error)  # noqa: TRY400
        _, typesetter, shown = shipped
        return make_pdf(typesetter, case, shown)

    def _ways(self, marks: dict[str, str]) -> list[tuple[str, Typesetter, dict[str, str]]]:
        """How the receipt can be made, the best first; the last uses nothing of anybody's own."""
        ways = [("", self._shipped, {name: marks[name] for name in marks if name != "logo"})]
        if self._logo:
            ways.insert(0, ("logo", self._shipped, marks))
        if self._own_template is not None:
            ways.insert(0, ("template", self._typesetter, marks))
        return ways

    def _try_out(self) -> None:
        """Find what is wrong with the municipality's own files before a citizen does."""
        marks = {"seal": self._seal.blank, "check_code": "ABCD-EFGH-2345", "logo": self._logo}
        # A logo is the same in all; a template must stand everything.
        cases = trial_cases() if self._own_template else trial_cases()[-1:]
        for case in cases:
            try:
                make_pdf(self._typesetter, case, marks)
            except BadTemplate as error:
                raise BadSettings(self._told(error)) from None

    def _told(self, error: BadTemplate) -> SettingFault:
        if self._own_template is None:
            return SettingFault("logo", f"the logo cannot be used: {error.reason}")
        where = f"{self._own_template.parent / error.file}:{error.line}"
        return SettingFault("template", f"{where}: {error.reason}")


def _without_template(own: Own) -> dict[str, bytes]:
    return {own.logo: own.files[own.logo]} if own.logo else {}


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the PDF receipt."""
    register.component(
        IReceipt,
        PdfReceipt,
        help="Receipts as sealed, accessible PDFs (PDF/UA-1, PDF/A-3a) with the data attached.",
        settings=SETTINGS,
        reads=(Data.CPR, Data.NAME, Data.ADDRESS, Data.ANSWERS),
        holds="Nothing: a receipt is made when it is asked for.",
        built_for="0.1",
    )
