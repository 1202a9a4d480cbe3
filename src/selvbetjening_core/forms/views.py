"""One field of a step: shown, read, and turned into a value.

Three ways to show it: *compiled* (everything but the values is ready),
*drawn* (the same templates, rendered for each request, for what depends on the
citizen), and *foreign* (a widget that draws itself).
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import colander
import deform
import jinja2
import peppercorn
from markupsafe import Markup

from selvbetjening_core.definitions.model import Field
from selvbetjening_core.forms.control_parts import TYPED_LIMIT, Given, field_id
from selvbetjening_core.forms.controls import Control
from selvbetjening_core.forms.kinds.common import error_code
from selvbetjening_core.forms.segments import Segments, compile_template
from selvbetjening_core.texts import texts_for

_FOREIGN_DEPTH = 20
_EMPTY_LINES = re.compile(r"\n\s*\n")
_SENT, _VALUE = "sent", "value"

Pairs = Sequence[tuple[str, str]]


class FieldView(Protocol):
    """One field, for one language and theme, and if need be one citizen."""

    def html(self, typed: Sequence[str], error: str | None) -> str:
        """The finished HTML."""

    def target(self, typed: Sequence[str]) -> str:
        """The id that a link in the error summary leads to."""

    def typed(self, given: Given, pairs: Pairs) -> tuple[str, ...]:
        """What the browser sent."""

    def was_sent(self, given: Given) -> bool:
        """Whether the browser sent anything for this field."""

    def typed_from(self, value: object) -> tuple[str, ...]:
        """What would have to be typed to give ``value``."""

    def value(self, typed: Sequence[str]) -> object:
        """JSON data, or None. :raises colander.Invalid: with an error code."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A known control, rendered from the theme's template at each request."""

    node: colander.SchemaNode
    control: Control
    template: jinja2.Template
    static: Mapping[str, object]

    def render(self, slots: Sequence[str], error: str | None) -> str:
        """The template with ``slots`` and ``error`` in place."""
        return self.template.render(**self.static, **self.control.context(slots), error=error)

    def html(self, typed: Sequence[str], error: str | None) -> str:
        """The template, rendered."""
        return self.render(self.control.slots(typed, wrong=error is not None), error)

    def target(self, typed: Sequence[str]) -> str:
        """The control that is wrong."""
        return self.control.target(typed)

    def typed(self, given: Given, pairs: Pairs) -> tuple[str, ...]:
        """One text for each input."""
        return self.control.typed(given)

    def was_sent(self, given: Given) -> bool:
        """Whether any of the inputs was sent."""
        return any(name in given for name in self.control.inputs)

    def typed_from(self, value: object) -> tuple[str, ...]:
        """One text for each input; empty where the value no longer fits."""
        return self.control.typed_from(_cstruct(self.node, value))

    def value(self, typed: Sequence[str]) -> object:
        """The value that colander reads."""
        for text in typed:
            if len(text) > TYPED_LIMIT:
                raise colander.Invalid(self.node, error_code("too_long", limit=TYPED_LIMIT))
        return self.node.deserialize(self.control.cstruct(typed))


@dataclass(frozen=True, slots=True)
class Compiled:
    """A known control with everything but the values rendered beforehand."""

    drawn: Drawn
    plain: Segments
    wrong: Segments

    def html(self, typed: Sequence[str], error: str | None) -> str:
        """The ready-made HTML with the values put in."""
        slots = self.drawn.control.slots(typed, wrong=error is not None)
        if error is None:
            return self.plain.fill(slots)
        return self.wrong.fill((*slots, error))

    def target(self, typed: Sequence[str]) -> str:
        """The control that is wrong."""
        return self.drawn.target(typed)

    def typed(self, given: Given, pairs: Pairs) -> tuple[str, ...]:
        """One text for each input."""
        return self.drawn.typed(given, pairs)

    def was_sent(self, given: Given) -> bool:
        """Whether any of the inputs was sent."""
        return self.drawn.was_sent(given)

    def typed_from(self, value: object) -> tuple[str, ...]:
        """One text for each input; empty where the value no longer fits."""
        return self.drawn.typed_from(value)

    def value(self, typed: Sequence[str]) -> object:
        """The value that colander reads."""
        return self.drawn.value(typed)


def compiled(drawn: Drawn) -> Compiled:
    """``drawn`` with its two variants, without and with an error, made ready.

    :raises NotCompilable: the theme's template does not allow it
    """
    count = len(drawn.control.slots(drawn.control.typed({}), wrong=False))
    return Compiled(
        drawn,
        compile_template(lambda slots: drawn.render(slots, None), count),
        compile_template(lambda slots: drawn.render(slots[:-1], slots[-1]), count + 1),
    )


@dataclass(frozen=True, slots=True)
class Foreign:
    """A widget that draws itself, inside our label, hint and error.

    Made for one request, with a Deform field of its own: such a field holds
    what the citizen typed. *Typed* is here one of ``("sent", JSON)`` and
    ``("value", JSON)``, or empty.
    """

    node: colander.SchemaNode
    environment: jinja2.Environment
    static: Mapping[str, object]

    def html(self, typed: Sequence[str], error: str | None) -> str:
        """The widget's own HTML in the theme's frame."""
        field = self._field()
        try:
            control = field.widget.serialize(field, self._shown_cstruct(field, typed))
        except Exception:  # noqa: BLE001 - what was sent cannot be shown: shown empty
            control = field.widget.serialize(field, colander.null)
        return self.environment.get_template("fields/foreign.html").render(
            **self.static,
            error=error,
            control=Markup(control),  # noqa: S704 - the widget's finished HTML
        )

    def target(self, typed: Sequence[str]) -> str:
        """The frame: what is inside it is the widget's own."""
        return str(self.static["field_id"])

    def typed(self, given: Given, pairs: Pairs) -> tuple[str, ...]:
        """What peppercorn makes of the pairs, under the field's name."""
        if sum(name == "__start__" for name, _ in pairs) > _FOREIGN_DEPTH:
            return ()
        try:
            parsed = peppercorn.parse(list(pairs)).get(self.node.name)
        except (ValueError, AttributeError, TypeError):
            return ()
        return () if parsed is None else (_SENT, json.dumps(parsed))

    def was_sent(self, given: Given) -> bool:
        """Whether there is an input of the field's name, or a structure of it."""
        return self.node.name in given or given.get("__start__", "").startswith(
            f"{self.node.name}:"
        )

    def typed_from(self, value: object) -> tuple[str, ...]:
        """The value as a cstruct; how it is typed is the widget's own."""
        return () if value is None else (_VALUE, json.dumps(_as_cstruct(value)))

    def value(self, typed: Sequence[str]) -> object:
        """The value that the widget and colander read, as JSON data."""
        field = self._field()
        try:
            cstruct = field.widget.deserialize(field, self._pstruct(typed))
            return as_json(self.node.deserialize(cstruct))
        except colander.Invalid:
            raise
        except Exception as broken:
            # A foreign widget may fail in any way on what a hostile browser
            # sends; for the citizen that is an answer that cannot be read.
            raise colander.Invalid(self.node, "invalid") from broken

    def _field(self) -> Any:
        return deform.Field(self.node, renderer=self._renderer)

    def _renderer(self, template_name: str, /, **values: object) -> str:
        if template_name.startswith("fields/"):
            template = self.environment.get_template(f"{template_name}.html")
            return template.render({**self.static, "error": None, **values})
        html: str = deform.Field.default_renderer(template_name, **values)
        return html

    def _pstruct(self, typed: Sequence[str]) -> object:
        return json.loads(typed[1]) if typed else colander.null

    def _shown_cstruct(self, field: Any, typed: Sequence[str]) -> object:
        pstruct = self._pstruct(typed)
        if typed and typed[0] == _VALUE:
            return pstruct
        try:
            return field.widget.deserialize(field, pstruct)
        except colander.Invalid as invalid:
            return colander.null if invalid.value is None else invalid.value
        except Exception:  # noqa: BLE001 - as in value(): shown empty again
            return colander.null


def help_html(field: Field, locale: str, environment: jinja2.Environment, prefix: str = "") -> str:
    """The field's longer help in the theme's markup, the same for everybody; empty without."""
    if field.help is None:
        return ""
    return environment.get_template("fields/help.html").render(
        **static_context(field, locale, prefix),
        paragraphs=_EMPTY_LINES.split(field.help.in_language(locale).strip()),
    )


def static_context(field: Field, locale: str, prefix: str = "") -> dict[str, object]:
    """What a field's template is given beside the control's own variables.

    :param prefix: what stands before the field's name in a group or row, with a dot
    """
    t = texts_for(locale).t
    return {
        "field_id": field_id(prefix + field.name),
        "name": prefix + field.name,
        "label": field.label.in_language(locale),
        "hint": field.hint.in_language(locale) if field.hint else "",
        "required": field.required,
        "conditional": field.visible is not None,
        "t": t,
    }


def as_json(value: object) -> object:
    """Whatever colander made, as JSON data; null is None."""
    if value is colander.null or value is None:
        return None
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        return [as_json(inner) for inner in value]
    return str(value)


def _cstruct(node: colander.SchemaNode, value: object) -> object:
    if value is None:
        return colander.null
    try:
        return node.serialize(value)
    except colander.Invalid:
        return colander.null


def _as_cstruct(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return {str(key): _as_cstruct(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_cstruct(inner) for inner in value]
    return str(value)
