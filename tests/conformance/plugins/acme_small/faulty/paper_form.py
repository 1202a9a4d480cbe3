"""Forms on paper, each wrong in one way."""

from __future__ import annotations

import itertools
from dataclasses import replace

from acme_small import paper_form as good
from acme_small.planting import component
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.texts import texts_for


class LeavesOutConditions(good.PaperForms):
    def question(self, question):
        return super().question(replace(question, when=""))


class AnswersInAnyOrder(good.PaperForms):
    def question(self, question):
        return super().question(replace(question, options=question.options[::-1]))


class OneCopy(good.PaperForms):
    def question(self, question):
        return super().question(replace(question, copies=1))


class NowhereToSend(good.PaperForms):
    def form_lines(self, form):
        address = form.contact.address
        return (line for line in super().form_lines(form) if line != address)


class DanishOnly(good.PaperForms):
    def words_of(self, form):
        own = {name: texts_for("da").by_key[f"paper.{name}"] for name in ("deadline", "office")}
        return {**form.words, **own}


class Numbered(good.PaperForms):
    numbers = itertools.count()

    def form_lines(self, form):
        yield from super().form_lines(form)
        yield f"no. {next(self.numbers)}"


class Markup(good.PaperForms):
    def shown(self, text):
        return text


class WesternLetters(good.PaperForms):
    def shown(self, text):
        text.encode("cp1252")
        return super().shown(text)


class SendsItself(good.PaperForms):
    def form_lines(self, form):
        self.form = form
        return super().form_lines(form)

    def shown(self, text):
        shown = super().shown(text)
        return f'<a onclick="send()">{shown}</a>' if text == self.form.title else shown


FAULTS = {
    "leaves-out-conditions": LeavesOutConditions,
    "answers-in-any-order": AnswersInAnyOrder,
    "one-copy": OneCopy,
    "nowhere-to-send": NowhereToSend,
    "danish-only": DanishOnly,
    "numbered": Numbered,
    "markup": Markup,
    "western-letters": WesternLetters,
    "sends-itself": SendsItself,
}


@hookimpl
def selvbetjening_register(register):
    component(good, good.PaperForms, FAULTS, register)
