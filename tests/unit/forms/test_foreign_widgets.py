"""A field kind of a vendor, with a widget that draws and reads itself."""

from __future__ import annotations

import colander
import deform.widget
import pytest
from zope.interface import implementer

from selvbetjening_core.forms.makers import Ready
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import FormState, KindDeclaration


class SpanWidget(deform.widget.Widget):
    """Two inputs in a peppercorn mapping."""

    def serialize(self, field, cstruct, **kw):
        cstruct = cstruct if isinstance(cstruct, dict) else {"low": "", "high": ""}
        return field.renderer("span", cstruct=cstruct, oid=field.oid, name=field.name)

    def deserialize(self, field, pstruct):
        if pstruct is colander.null:
            return colander.null
        return {"low": pstruct["low"], "high": pstruct["high"]}


class _Span(colander.MappingSchema):
    low = colander.SchemaNode(colander.Integer())
    high = colander.SchemaNode(colander.Integer())


def draw(_template, /, *, cstruct, oid, name):
    return (
        f'<input type="hidden" name="__start__" value="{name}:mapping">'
        f'<input id="{oid}" name="low" value="{cstruct["low"]}">'
        f'<input name="high" value="{cstruct["high"]}">'
        f'<input type="hidden" name="__end__" value="{name}:mapping">'
    )


class VendorKind:
    def __init__(self, node):
        self._node = node

    def facts(self, request):
        return {"": "there"}

    def text(self, request):
        return str(request.value)


@implementer(IFieldKind)
class SpanKind(VendorKind):
    declaration = KindDeclaration("span", "A span.", offers={"": "text"})

    def node(self, request):
        missing = colander.required if request.field.required else colander.null
        return _Span(name=request.field.name, widget=SpanWidget(), missing=missing)


@implementer(IFieldKind)
class PlainKind(VendorKind):
    """A stock Deform widget with its stock template."""

    declaration = KindDeclaration("stock", "Stock.", offers={"": "text"})

    def node(self, request):
        return colander.SchemaNode(
            colander.Integer(),
            title=request.field.label.in_language(request.locale),
            name=request.field.name,
            widget=deform.widget.TextInputWidget(),
        )


@pytest.fixture
def span(form, field, monkeypatch):
    monkeypatch.setattr(deform.Field, "default_renderer", staticmethod(draw))
    fields = (field("first", "text"), field("years", "span", "Årene", hint="Fra og til"))
    return form(*fields, more_kinds=(SpanKind(None),))


SENT = (
    ("first", "a"),
    ("__start__", "years:mapping"),
    ("low", "3"),
    ("high", "7"),
    ("__end__", "years:mapping"),
)


def test_only_the_foreign_field_is_made_per_request(span):
    makers = [plan.maker for plan in span.compiled._plans]
    assert [isinstance(maker, Ready) for maker in makers] == [True, False]


def test_it_is_shown_in_our_frame_and_read_by_itself(span, today):
    state = span.read(*SENT)
    assert state.values == {"first": "a", "years": {"low": 3, "high": 7}}
    html = span.render(state).html
    assert 'name="low" value="3"' in html
    assert html.index("Årene") < html.index("Fra og til") < html.index('name="low"')
    again = FormState(values=state.values, today=today)
    assert 'name="high" value="7"' in span.render(again).html


def test_its_stock_messages_never_reach_a_citizen(span):
    for pairs in ((), (*SENT[:2], ("low", "x"), ("high", "7"), SENT[4])):
        state = span.read(*pairs)
        assert state.errors["years"] == "Ret dit svar i »Årene«"
        rendered = span.render(state)
        assert ("field-years", "Ret dit svar i »Årene«") in rendered.error_links
        assert 'id="field-years"' in rendered.html
        assert "Required" not in rendered.html


@pytest.mark.parametrize(
    "pairs",
    [
        (("years", "not a mapping"),),
        (("__start__", "years:mapping"),),
        (("__start__", "years:sequence"), ("__end__", "years:sequence")),
        (("__end__", "years:mapping"),),
        (("__start__", "years:nonsense"), ("__end__", "years:nonsense")),
        (("__start__", "x:mapping"),) * 400,
    ],
)
def test_what_is_badly_sent_is_an_error_on_the_field(span, pairs):
    state = span.read(("first", "a"), *pairs)
    assert "years" in state.errors
    assert "Årene" in span.render(state).html


def test_a_stock_widget_with_its_stock_template_works(form, field):
    asked = form(field("many", "stock", "Hvor mange?"), more_kinds=(PlainKind(None),))
    html = asked.render(asked.read(("many", "x<y"))).html
    assert 'value="x&lt;y"' in html
    assert "Ret dit svar i »Hvor mange?«" in html
    assert asked.read(("many", "7")).values == {"many": 7}
