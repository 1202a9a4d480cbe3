"""Where a field's view comes from: ready since compilation, or made for a citizen."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import colander
import jinja2

from selvbetjening_core.definitions.conditions import Condition
from selvbetjening_core.definitions.model import Field
from selvbetjening_core.errors import NeedsFacts
from selvbetjening_core.forms.controls import control_for
from selvbetjening_core.forms.facts import asked_now, has_conditional_options
from selvbetjening_core.forms.segments import NotCompilable
from selvbetjening_core.forms.views import (
    Compiled,
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
    prefix: str = ""

    def view(self, facts: Mapping[str, object], today: datetime.date) -> FieldView:
        """A view that belongs to the one who asks."""
        return _view(self, self.node(facts, today))

    def node(self, facts: Mapping[str, object], today: datetime.date) -> colander.SchemaNode:
        """The node that belongs to the one who asks."""
        field = asked_now(self.field, facts)
        return self.kind.node(NodeRequest(field, self.locale, today, facts))


@dataclass(frozen=True, slots=True)
class ShownAlike:
    """The same page for everybody; a new node, which accepts or not, for each request."""

    ready: Compiled
    per_citizen: PerCitizen

    def view(self, facts: Mapping[str, object], today: datetime.date) -> FieldView:
        """The ready view with the node of the one who asks."""
        node = self.per_citizen.node(facts, today)
        return replace(self.ready, drawn=replace(self.ready.drawn, node=node))


@dataclass(frozen=True, slots=True)
class RequiredWhen:
    """Two makers of the same field: for when it is required, and for when it is not."""

    condition: Condition
    required: ViewMaker
    optional: ViewMaker

    def view(self, facts: Mapping[str, object], today: datetime.date) -> FieldView:
        """The view of the one that fits the facts."""
        maker = self.required if self.condition.holds(facts) else self.optional
        return maker.view(facts, today)


def view_maker(
    field: Field,
    kind: IFieldKind,
    locale: str,
    environment: jinja2.Environment,
    prefix: str = "",
) -> ViewMaker:
    """Compile the field if that can be done, else make it anew at each request.

    One that is required when a condition holds is compiled twice.

    :param prefix: what stands before the field's name in a group or row, with a dot
    """
    if field.required_when is None:
        return _maker(PerCitizen(field, kind, locale, environment, prefix))
    required, optional = (
        _maker(
            PerCitizen(
                replace(field, required=one, required_when=None), kind, locale, environment, prefix
            )
        )
        for one in (True, False)
    )
    return RequiredWhen(field.required_when, required, optional)


def _maker(per_citizen: PerCitizen) -> ViewMaker:
    if has_conditional_options(per_citizen.field):
        return per_citizen
    try:
        request = NodeRequest(per_citizen.field, per_citizen.locale, _NO_DAY)
        node = per_citizen.kind.node(request)
        view = _view(per_citizen, node)
        return Ready(compiled(view)) if isinstance(view, Drawn) else per_citizen
    except NeedsFacts as needs:
        return _shown_alike(per_citizen) if needs.shown_alike else per_citizen
    except NotCompilable:
        return per_citizen


def _shown_alike(maker: PerCitizen) -> ShownAlike | PerCitizen:
    view = maker.view({}, _NO_DAY)
    try:
        return ShownAlike(compiled(view), maker) if isinstance(view, Drawn) else maker
    except NotCompilable:
        return maker


def _view(maker: PerCitizen, node: colander.SchemaNode) -> Drawn | Foreign:
    node.name = maker.prefix + maker.field.name
    node.oid = f"{node.name}-control"
    static = static_context(maker.field, maker.locale, maker.prefix)
    control = control_for(node, maker.locale)
    if control is None:
        return Foreign(node, maker.environment, static)
    template = maker.environment.get_template(f"{control.template}.html")
    return Drawn(node, control, template, static)
