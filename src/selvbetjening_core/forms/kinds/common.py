"""What the built-in kinds share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import colander
from translationstring import TranslationString

from selvbetjening_core.definitions.model import Field, Text
from selvbetjening_core.errors import NotInstalled
from selvbetjening_core.values import FactsRequest, KeyDeclaration, NodeRequest, TextRequest

COMMON_ERRORS = ("required", "now_needed")
"""Codes that every kind which takes an answer can fail with."""

WRITTEN_ERRORS = (*COMMON_ERRORS, "too_long")
"""Codes of every kind whose answer is written in an input and read as something else than text."""

WIDTH = KeyDeclaration(
    "width",
    "text",
    "How wide the input is, after how long an answer is expected to be: short, medium or full.",
    choices=("short", "medium", "full"),
)
UNIT = KeyDeclaration(
    "unit", "translated", "The unit of the answer, shown beside the input: hours, km, m²."
)
AUTOCOMPLETE = KeyDeclaration(
    "autocomplete",
    "text",
    "The HTML autocomplete token when the question is about the citizen's own data "
    "(given-name, street-address …); off when it is about somebody else.",
)


def schema_node(
    request: NodeRequest,
    typ: Any,
    widget: Any,
    validator: Callable[[Any, Any], None] | None = None,
) -> colander.SchemaNode:
    """The node of a field with the common keys filled in.

    A missing answer to a required field gives the code ``required``; to
    another, None.
    """
    field = request.field
    return colander.SchemaNode(
        typ,
        name=field.name,
        title=field.label.in_language(request.locale),
        description=field.hint.in_language(request.locale) if field.hint else "",
        widget=widget,
        validator=validator,
        missing=colander.required if field.required else None,
        missing_msg="required",
    )


def deform_widget(class_name: str, **attributes: object) -> Any:
    """A Deform widget. ``template`` names one of the theme's field templates.

    :raises NotInstalled: Deform is not present
    """
    # Kinds are declared in the base install, which has no Deform.
    try:
        from deform import widget  # noqa: PLC0415
    except ImportError:
        raise NotInstalled("showing a form", "web") from None
    return getattr(widget, class_name)(**attributes)


def one_line(
    request: NodeRequest,
    *,
    template: str = "fields/text",
    inputmode: str = "text",
    autocomplete: str = "",
    width: str = "full",
    unit: str = "",
    limit: int | None = None,
) -> Any:
    """A text input.

    The field's keys ``autocomplete``, ``width`` and ``unit`` come before what the
    kind gives; a kind has those of them that it declares.

    :param unit: shown beside the input and read with it
    :param limit: characters, where the citizen is to be told how many there may be
    """
    field = request.field
    own_unit = field.settings.get("unit")
    return deform_widget(
        "TextInputWidget",
        template=template,
        inputmode=inputmode,
        autocomplete=text_setting(field, "autocomplete", autocomplete),
        width=text_setting(field, "width", width),
        unit=own_unit.in_language(request.locale) if isinstance(own_unit, Text) else unit,
        limit=limit,
    )


def error_code(code: str, **values: object) -> str:
    """An error code that carries values for the message (``{limit}``)."""
    code_with_values: str = TranslationString(code, mapping=values)
    return code_with_values


def number_setting(field: Field, name: str) -> int | None:
    """The field's key ``name`` as a whole number, or None."""
    value = field.settings.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text_setting(field: Field, name: str, default: str = "") -> str:
    """The field's key ``name`` as text."""
    value = field.settings.get(name)
    return value if isinstance(value, str) else default


class ValueItself:
    """A kind whose one fact is the value as it is kept, as most kinds' is.

    Who asks for the facts of many fields need not call ``facts`` of such a kind.
    """

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The value."""
        return {"": request.value}


def as_text(request: TextRequest) -> str:
    """The value as it is kept, with the field's unit; nothing for no value."""
    if request.value is None:
        return ""
    unit = request.field.settings.get("unit")
    told = f" {unit.in_language(request.locale)}" if isinstance(unit, Text) else ""
    return f"{request.value}{told}"
