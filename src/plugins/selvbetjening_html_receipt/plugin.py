"""The receipt component."""

from __future__ import annotations

from functools import cache

import jinja2
from markupsafe import Markup
from zope.interface import implementer

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IReceipt
from selvbetjening_core.receipts import Seal, check_code, content_of, language, words
from selvbetjening_core.values import (
    CaseSnapshot,
    ComponentContext,
    Data,
    Document,
    Setting,
    Verdict,
)

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
        # An answer's angle brackets are escaped, so none can look like this.
        self._seal = Seal(self._key, b'<meta name="selvbetjening-seal" content="', b'">')

    def issue(self, case: CaseSnapshot) -> Document:
        """The sealed receipt, in the language of the case."""
        html = _template().render(
            t=words(case.locale),
            locale=language(case.locale),
            case=content_of(case),
            blank_seal=Markup(self._seal.blank),  # noqa: S704 - a constant
            check_code=check_code(self._key, case),
        )
        # A lone surrogate is no character and has no bytes of its own in UTF-8.
        unsealed = html.encode("utf-8", "replace")
        name = f"kvittering-{case.receipt_number}.html"
        return Document(name, MEDIA_TYPE, self._seal.close(unsealed))

    def verify(self, document: Document) -> Verdict:
        """Whether this component sealed the document and nothing was changed."""
        if self._seal.is_closed(document.content):
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
        reads=(Data.CPR, Data.NAME, Data.ADDRESS, Data.ANSWERS),
        holds="Nothing: a receipt is made when it is asked for.",
        built_for="0.1",
    )
