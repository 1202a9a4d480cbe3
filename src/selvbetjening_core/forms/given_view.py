"""The view of a field that is read-only: its value as text, and nothing to send."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jinja2

from selvbetjening_core.definitions.dates import TODAY
from selvbetjening_core.definitions.model import VALUE_FROM, Field
from selvbetjening_core.forms.control_parts import Given, field_id
from selvbetjening_core.forms.given import given_value
from selvbetjening_core.forms.kinds.shown import source_text
from selvbetjening_core.forms.makers import ViewMaker
from selvbetjening_core.forms.views import FieldView, Pairs, static_context
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import TextRequest


@dataclass(frozen=True, slots=True)
class GivenView:
    """What is given to one citizen. Reads nothing: what a browser sends does not count."""

    given: object
    finished: str
    name: str

    def html(self, typed: Sequence[str], error: str | None) -> str:
        """The value as text, with its source where it has one."""
        return self.finished

    def target(self, typed: Sequence[str]) -> str:
        """The field itself. Nothing can be wrong with it."""
        return field_id(self.name)

    def typed(self, given: Given, pairs: Pairs) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def was_sent(self, given: Given) -> bool:
        """Always: there is nothing to wait for."""
        return True

    def typed_from(self, value: object) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def value(self, typed: Sequence[str]) -> object:
        """What is given."""
        return self.given


@dataclass(frozen=True, slots=True)
class GivenOrAsked:
    """A field that is read-only where its value is given, and ``asked`` where it is not."""

    field: Field
    kinds: Mapping[str, IFieldKind]
    locale: str
    environment: jinja2.Environment
    prefix: str
    asked: ViewMaker

    def view(self, facts: Mapping[str, object], today: datetime.date) -> FieldView:
        """The view for these facts on this day."""
        known = {**facts, TODAY: today}
        given = given_value(self.field, self.kinds, known)
        if given is None:
            return self.asked.view(facts, today)
        return GivenView(given, self._html(given, known), self.prefix + self.field.name)

    def _html(self, given: object, facts: Mapping[str, object]) -> str:
        field, locale = self.field, self.locale
        request = TextRequest(field, given, locale, facts, self.kinds)
        return self.environment.get_template("fields/fact.html").render(
            **static_context(field, locale, self.prefix),
            lines=self.kinds[field.kind].text(request).splitlines(),
            source_text=source_text(str(field.settings[VALUE_FROM]), facts, locale),
        )
