"""What the built-in kinds share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import colander
from translationstring import TranslationString

from selvbetjening_core.definitions.model import Field
from selvbetjening_core.errors import NotInstalled
from selvbetjening_core.values import FactsRequest, NodeRequest

COMMON_ERRORS = ("required", "now_needed")
"""Codes that every kind which takes an answer can fail with."""


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


def value_itself(request: FactsRequest) -> Mapping[str, object]:
    """The one fact most kinds offer: the value."""
    return {"": request.value}
