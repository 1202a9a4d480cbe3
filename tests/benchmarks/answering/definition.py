"""The step as a solution in our form language."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from answering.step import FIELDS, NEXT_TITLE, TITLE, Asked

_HEAD = """
[solution]
version = "1"
title.da = "Flytning"
languages = ["da"]
kle = "29"
minutes = 5
level = "substantial"
may_act = ["self"]

[retention]
draft_days = 30
delivered_days = 90

[[law]]
title = "Prøveloven"
valid_from = 2020-01-01

[text.after]
da = "Så er du færdig."

[text.purpose]
da = "Her kan du prøve."

[text.alternative]
da = "Ring til os."
"""
_LAST = f"""
[step.last]
title.da = "{NEXT_TITLE}"

[step.last.more]
kind = "text"
label.da = "Andet"
required = false

[[price]]
valid_from = 2020-01-01
amount = "0.00"
text.da = "Gratis"

[[destination]]
role = "case_system"
"""


def solution(fields: Sequence[Asked] = FIELDS) -> str:
    """A whole solution of two steps, the first of them with ``fields``."""
    step = f"\n[step.home]\ntitle.da = {json.dumps(TITLE)}\n"
    return "".join([_HEAD, step, *(_field(field) for field in fields), _LAST])


def _field(field: Asked) -> str:
    return "\n".join(["", *_lines(field), ""])


def _lines(field: Asked) -> Iterator[str]:
    yield f"[step.home.{field.name}]"
    yield f'kind = "{field.kind}"'
    yield f"label.da = {_text(field.label)}"
    if field.hint:
        yield f"hint.da = {_text(field.hint)}"
    if not field.required:
        yield "required = false"
    for name, number in field.settings:
        yield f"{name} = {number}"
    if field.error:
        yield f"error.{field.code}.da = {_text(field.error)}"
    if field.kind == "choice":
        yield f"options = {json.dumps([value for value, _ in field.options])}"
        yield f"\n[step.home.{field.name}.option]"
        for value, label in field.options:
            yield f"{value}.da = {_text(label)}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
