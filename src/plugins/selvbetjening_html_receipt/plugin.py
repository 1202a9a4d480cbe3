"""The receipt component."""

from __future__ import annotations

from functools import cache

import jinja2
from zope.interface import implementer

from selvbetjening_core.composition.register import Register
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IReceipt
from selvbetjening_core.values import CaseSnapshot, ComponentContext, Document, Setting, Verdict
from selvbetjening_html_receipt.content import content_of
from selvbetjening_html_receipt.seal import BLANK_CODE, BLANK_META, is_sealed, seal
from selvbetjening_html_receipt.texts import language, texts

MEDIA_TYPE = "text/html"

SETTINGS = (
    Setting(
        name="seal_key",
        kind="secret",
        help="The key that receipts are sealed with. Kept as long as they are to be checked.",
    ),
)


@implementer(IReceipt)
class HtmlReceipt:
    """Makes receipts as HTML documents that need nothing but themselves.

    Each is sealed: a changed byte is found by :meth:`verify`. CPR numbers are
    shown as the date of birth only.
    """

    def __init__(self, context: ComponentContext) -> None:
        """:raises ValueError: the key is empty, which would seal nothing"""
        self._key = context.text("seal_key")
        if not self._key:
            raise ValueError("the setting seal_key is empty")

    def issue(self, case: CaseSnapshot) -> Document:
        """The sealed receipt, in the language of the case."""
        locale = language(case.locale)
        html = _template().render(
            t=texts(locale),
            locale=locale,
            case=content_of(case),
            blank_meta=BLANK_META,
            blank_code=BLANK_CODE,
        )
        # A lone surrogate is no character and has no bytes of its own in UTF-8.
        unsealed = html.encode("utf-8", "replace")
        name = f"kvittering-{case.receipt_number}.html"
        return Document(name, MEDIA_TYPE, seal(self._key, unsealed))

    def verify(self, document: Document) -> Verdict:
        """Whether this component sealed the document and nothing was changed."""
        if is_sealed(self._key, document.content):
            return Verdict(ok=True)
        return Verdict(
            ok=False,
            reasons=("Dokumentet er ikke udstedt her, eller det er ændret efter udstedelsen.",),
        )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("selvbetjening_html_receipt"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("receipt.html")


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the HTML receipt."""
    register.component(
        IReceipt,
        HtmlReceipt,
        help="Receipts as sealed HTML documents that can be kept and printed.",
        settings=SETTINGS,
    )
