"""A kind of field: a Danish number plate. Right in every way."""

from __future__ import annotations

import re

import colander
from deform.widget import TextInputWidget
from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import KindDeclaration

PLATE = re.compile(r"[A-ZÆØÅ]{2}[0-9]{5}")


@implementer(IFieldKind)
class GoodPlate:
    declaration = KindDeclaration(
        name="number_plate",
        help="A Danish number plate: two letters and five digits.",
        offers={"": "text"},
        errors=("required", "now_needed", "not_a_plate"),
    )

    def node(self, request):
        field = request.field
        return colander.SchemaNode(
            self.type(),
            name=field.name,
            title=field.label.in_language(request.locale),
            widget=TextInputWidget(template="fields/text", width="short"),
            preparer=self.prepared,
            validator=self.check,
            missing=colander.required if field.required else None,
            missing_msg="required",
        )

    def type(self):
        return colander.String()

    def prepared(self, text):
        return text.replace(" ", "").upper() if isinstance(text, str) else text

    def check(self, node, value):
        if PLATE.fullmatch(value) is None:
            raise colander.Invalid(node, "not_a_plate")

    def facts(self, request):
        return {"": request.value}

    def text(self, request):
        plate = str(request.value or "")
        return f"{plate[:2]} {plate[2:4]} {plate[4:]}".strip()


def offering(kind):
    @hookimpl
    def selvbetjening_register(register):
        register.field_kind(kind())

    return selvbetjening_register


selvbetjening_register = offering(GoodPlate)
