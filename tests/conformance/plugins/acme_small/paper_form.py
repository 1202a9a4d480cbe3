"""Receipts and forms on paper as plain HTML."""

from __future__ import annotations

from html import escape

from good_receipt import GoodReceipt, offering
from zope.interface import implementer

from selvbetjening_core.interfaces import IPaperForm
from selvbetjening_core.values import Document


@implementer(IPaperForm)
class PaperForms(GoodReceipt):
    def print_out(self, form):
        lines = "".join(f"<p>{self.shown(line)}</p>\n" for line in self.form_lines(form))
        html = f'<!doctype html><html lang="{form.locale}">{lines}'
        return Document(f"blanket-{form.solution}.html", "text/html", html.encode())

    def shown(self, text):
        return escape(text)

    def form_lines(self, form):
        t = self.words_of(form)
        yield from (t["form"], form.authority, form.title, form.purpose, *form.prepare)
        yield from (word for row in form.prices for word in row)
        for step in form.steps:
            yield from (step.title, step.when, step.lead)
            for question in step.questions:
                yield from self.question(question)
        yield from (t["declare"], t["sign_here"], t["deadline"], form.contact.address)
        yield from (form.privacy, *form.laws, t["office"], t["received_on"], t["version"])

    def words_of(self, form):
        return form.words

    def question(self, question):
        yield from (question.when, question.label, question.hint)
        for option in question.options:
            yield from (option.label, option.hint)
        yield from (*question.rows, question.unit)
        for number in range(question.copies if question.parts else 0):
            yield f"{question.each} {number + 1}"
            for part in question.parts:
                yield from self.question(part)


selvbetjening_register = offering(PaperForms)
