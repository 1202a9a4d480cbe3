"""Receipts as a small HTML document. Right in every way."""

from __future__ import annotations

from html import escape

from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IReceipt
from selvbetjening_core.receipts import Seal, content_of, words
from selvbetjening_core.values import Data, Document, Setting, Verdict

SETTINGS = (Setting("key", "secret", "The key that receipts are sealed with."),)


@implementer(IReceipt)
class GoodReceipt:
    def __init__(self, context):
        self.now = context.now
        self.seal = Seal(context.text("key"), b'<meta name="seal" content="', b'">')

    def issue(self, case):
        return Document(self.name(case), "text/html", self.seal.close(self.html(case).encode()))

    def name(self, case):
        return f"kvittering-{case.receipt_number}.html"

    def html(self, case):
        lines = [self.escaped(line) for line in self.lines(case)]
        head = f'<!doctype html><html lang="{case.locale}">{self.seal.blank}'
        return head + "".join(f"<p>{line}</p>\n" for line in lines)

    def escaped(self, text):
        return escape(text.encode("utf-8", "replace").decode())

    def lines(self, case):
        t, content = words(self.locale(case)), content_of(case)
        yield from (t["receipt"], content.title, content.number, content.id, content.authority)
        yield from (content.received.words, *self.people(case))
        for group in self.groups(content):
            yield group.title
            for line in group.lines:
                yield from (line.label, line.text)
        yield from (content.paid.text, content.paid.amount, content.after)

    def locale(self, case):
        return case.locale

    def people(self, case):
        acting = content_of(case).acting
        return acting.actor, acting.principal

    def groups(self, content):
        return content.groups

    def verify(self, document):
        if self.is_own(document.content):
            return Verdict(ok=True)
        return Verdict(ok=False, reasons=("Dokumentet er ikke udstedt her.",))

    def is_own(self, content):
        return self.seal.is_closed(content)


def offering(factory):
    @hookimpl
    def selvbetjening_register(register):
        register.component(
            IReceipt,
            factory,
            help="Receipts as HTML.",
            settings=SETTINGS,
            reads=set(Data) - {Data.ATTACHMENTS, Data.DOCUMENTS},
            holds="Nothing is kept.",
            built_for="0.1",
        )

    return selvbetjening_register


selvbetjening_register = offering(GoodReceipt)
