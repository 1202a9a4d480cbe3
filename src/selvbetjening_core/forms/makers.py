"""Where a field's view comes from: ready since compilation, or made for a citizen."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import colander
import jinja2

from selvbetjening_core.definitions.model import Field
from selvbetjening_core.errors import NeedsFacts
from selvbetjening_core.forms.controls import control_for
from selvbetjening_core.forms.segments import NotCompilable
from selvbetjening_core.forms.views import (
    Drawn,
    FieldView,
    Foreign,
    compiled,
    static_context,
)
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import NodeRequest

# Compiling happens on no particular day: a kind whose node depends on the day
# raises NeedsFacts and is asked again with the right one.
_NO_DAY = datetime.date(2000, 1, 1)


class ViewMaker(Protocol):
    """Gives the view of one field."""

    def view(self, facts: Mapping[str, object], today: datetime.date) -> FieldView:
        """The view for these facts on this day."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The same view for everybody."""

    ready: FieldView

    def view(self, facts: Mapping[str, object], today: datetime.date) -> FieldView:
        """The ready view."""
        return self.ready


@dataclass(frozen=True, slots=True)
class PerCitizen:
    """A new view for each request."""

    field: Field
    kind: IFieldKind
    locale: str
    environment: jinja2.Environment

    def view(self, facts: Mapping[str, object], today: datetime.date) -> FieldView:
        """A view that belongs to the one who asks."""
        node = self.kind.node(NodeRequest(self.field, self.locale, today, facts))
        return _view(self, node)


def view_maker(
    field: Field, kind: IFieldKind, locale: str, environment: jinja2.Environment
) -> ViewMaker:
    """Compile the field if that can be done, else make it anew at each request."""
    per_citizen = PerCitizen(field, kind, locale, environment)
    try:
        node = kind.node(NodeRequest(field, locale, _NO_DAY))
        view = _view(per_citizen, node)
        return Ready(compiled(view)) if isinstance(view, Drawn) else per_citizen
    except (NeedsFacts, NotCompilable):
        return per_citizen


def _view(maker: PerCitizen, node: colander.SchemaNode) -> Drawn | Foreign:
    node.oid = f"{maker.field.name}-control"
    static = static_context(maker.field, maker.locale)
    control = control_for(node, maker.locale)
    if control is None:
        return Foreign(node, maker.environment, static)
    template = maker.environment.get_template(f"{control.template}.html")
    return Drawn(node, control, template, static)
