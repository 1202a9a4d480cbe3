"""A JSON Schema of the definition language, for editors of TOML.

It is made from what reads definitions: the declarations of the field kinds, and
the names and limits that the readers know. It sees one table at a time: what a
definition means as a whole (names that a condition asks about, holes among the
prices, a text in each language) is for ``selvbetjening check`` to find. Whatever
it refuses, ``check`` refuses too.

A date is written without quotes in TOML; JSON has none, and editors show it to a
schema as a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from selvbetjening_core.definitions.conditions import ORDERING, Operator
from selvbetjening_core.definitions.danish_holidays import DayOff
from selvbetjening_core.definitions.dates import Snap
from selvbetjening_core.definitions.decision_tables import OUTCOME_TYPES
from selvbetjening_core.definitions.facts import PARAMETER_TYPES
from selvbetjening_core.definitions.given import READ_ONLY, can_be_given, keys_of
from selvbetjening_core.definitions.read_dates import BASE_PATTERN, MOVE_PATTERN
from selvbetjening_core.definitions.read_fields import (
    CONCEPT,
    KINDS_WITHOUT_LABEL,
    LONGEST_CONCEPT,
    RESERVED_FIELDS,
    RESERVED_PARTS,
)
from selvbetjening_core.definitions.read_keys import LARGEST_TERM, MOST_TERMS
from selvbetjening_core.definitions.read_levels import LEVELS, MOST_LOGIN_MINUTES
from selvbetjening_core.definitions.read_names import NAME
from selvbetjening_core.definitions.read_texts import LANGUAGES, REQUIRED_TEXTS, TEXT_NAMES
from selvbetjening_core.definitions.solution import (
    KLE,
    LONGEST_DRAFT_DAYS,
    LONGEST_KEPT_DAYS,
    MOST_MINUTES,
    RESERVED_PARAMETERS,
    RESERVED_ROLES,
)
from selvbetjening_core.values import (
    WITHOUT_LOGIN,
    Basis,
    Channel,
    KeyDeclaration,
    KindDeclaration,
)
from selvbetjening_core.values.money import AMOUNT

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_DATE: Schema = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_LEVEL: Schema = {"enum": list(LEVELS)}
_FILLED_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_NAME_PATTERN = f"^{NAME.pattern}$"


def definition_schema(kinds: Mapping[str, KindDeclaration]) -> Schema:
    """The schema of ``solution.toml`` where the field ``kinds`` exist, by name."""
    return {
        "$schema": DIALECT,
        "title": "solution.toml",
        "description": "A self-service solution. selvbetjening check says more.",
        **_table(
            {
                "solution": _head(),
                "law": _tables(_law(), "The law the solution rests on."),
                "retention": _retention(),
                "text": _texts(),
                "parameter": _named(_ref("parameter"), RESERVED_PARAMETERS),
                "group": _named(_ref("group")),
                "table": _named(_ref("table")),
                "step": {**_named(_ref("step")), "minProperties": 1},
                "price": _tables(_price(), "The prices, each with the day it begins."),
                "destination": {**_tables(_destination()), "minItems": 1},
            },
            ("solution", "retention", "text", "step", "destination"),
        ),
        "$defs": {
            "text": _text(),
            "parameter": _parameter(),
            "table": _decision_table(),
            **{f"table_{kind}": _table_of(kind) for kind in OUTCOME_TYPES},
            "step": _step(),
            "group": _group(),
            "field": _by_kind(kinds, "kind"),
            "part": _by_kind([name for name, kind in kinds.items() if kind.in_group], "kind"),
            **{f"kind_{name}": _field_of(kind) for name, kind in kinds.items()},
            "condition": _condition(),
            "comparison": _comparison(),
            "date_rule": _date_rule(),
        },
    }


def _head() -> Schema:
    return _table(
        {
            "version": _described(
                _FILLED_TEXT, "Change it with every change that a citizen could notice."
            ),
            "title": _ref("text"),
            "languages": {
                "type": "array",
                "items": {"enum": list(LANGUAGES)},
                "contains": {"const": "da"},
                "uniqueItems": True,
            },
            "kle": _described(
                {"type": "string", "pattern": f"^{KLE.pattern}$"},
                'The KLE number: "29", "29.03" or "29.03.04".',
            ),
            "minutes": _number(1, MOST_MINUTES),
            "level": {"enum": [WITHOUT_LOGIN, *LEVELS]},
            "send_level": _described(_LEVEL, "What it takes to send, if more than the solution."),
            "login_minutes": _described(
                _number(1, MOST_LOGIN_MINUTES), "How long ago one may have logged in to send."
            ),
            "may_act": _list({"enum": [str(basis) for basis in Basis]}, least=1),
            "days_off": _list({"enum": [str(day) for day in DayOff]}),
        },
        ("version", "title", "kle", "minutes", "level", "may_act"),
    )


def _law() -> Schema:
    address = {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"}
    return _table(
        {"title": _FILLED_TEXT, "valid_from": _DATE, "url": address}, ("title", "valid_from")
    )


def _retention() -> Schema:
    days = {
        "draft_days": _number(1, LONGEST_DRAFT_DAYS),
        "delivered_days": _number(1, LONGEST_KEPT_DAYS),
    }
    return _table(days, tuple(days))


def _texts() -> Schema:
    texts = {name: _described(_ref("text"), told) for name, told in TEXT_NAMES.items()}
    return _table(texts, REQUIRED_TEXTS)


def _parameter() -> Schema:
    # The type of the default is that of the kind: `check` holds them together.
    default = {"type": ["string", "integer", "boolean"]}
    return _table(
        {"kind": {"enum": list(PARAMETER_TYPES)}, "label": _ref("text"), "default": default},
        ("kind", "label"),
    )


def _price() -> Schema:
    return _table(
        {
            "valid_from": _DATE,
            "when": _ref("condition"),
            "amount": _AMOUNT,
            "channel": {"enum": [str(channel) for channel in Channel]},
            "text": _ref("text"),
        },
        ("valid_from", "amount"),
    )


def _decision_table() -> Schema:
    told = "What follows from earlier answers, for fields of the kind computed."
    return _described(_by_kind(OUTCOME_TYPES, "table"), told)


def _table_of(kind: str) -> Schema:
    row = _table(
        {
            "valid_from": _DATE,
            "when": _ref("condition"),
            "outcome": _OUTCOMES[kind],
            "law": _described(_FILLED_TEXT, "The provision that the outcome follows from."),
        },
        ("valid_from", "outcome"),
    )
    properties: Schema = {"kind": {"const": kind}, "row": {**_tables(row), "minItems": 1}}
    if kind == "choice":
        properties["options"] = _list(_FILLED_TEXT, least=2)
        properties["option"] = _texts_of({})
    return _table(properties, tuple(properties))


def _destination() -> Schema:
    role = {"type": "string", "pattern": _NAME_PATTERN, "not": {"enum": list(RESERVED_ROLES)}}
    return _table({"role": role, "after": _FILLED_TEXT}, ("role",))


def _step() -> Schema:
    return {
        **_named(_ref("field"), RESERVED_FIELDS),
        "properties": {
            "title": _ref("text"),
            "lead": _ref("text"),
            "visible": _ref("condition"),
            "level": _described(_LEVEL, "What it takes to see the step, if more."),
        },
        "required": ["title"],
        "minProperties": 2,
    }


def _group() -> Schema:
    return {
        **_named(_ref("part"), RESERVED_PARTS),
        "description": "Questions that belong together, for fields of the kinds group and repeat.",
        "minProperties": 1,
    }


def _by_kind(kinds: Iterable[str], prefix: str) -> Schema:
    """Which schema holds is told by the kind: that called ``PREFIX_KIND``."""
    return {
        "type": "object",
        "properties": {"kind": {"enum": list(kinds)}},
        "required": ["kind"],
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
                "then": _ref(f"{prefix}_{name}"),
            }
            for name in kinds
        ],
    }


def _field_of(kind: KindDeclaration) -> Schema:
    label = () if kind.name in KINDS_WITHOUT_LABEL else ("label",)
    properties: Schema = {
        "kind": {"const": kind.name},
        "label": _ref("text"),
        "hint": _ref("text"),
        "required": {"anyOf": [{"type": "boolean"}, _ref("condition")]},
        "visible": _ref("condition"),
        "error": _table({code: _ref("text") for code in kind.errors}),
    }
    required = ["kind", *label]
    if kind.takes_answer:
        properties["help"] = _ref("text")
    if can_be_given(kind):
        properties[READ_ONLY] = {"anyOf": [{"type": "boolean"}, _ref("condition")]}
    if kind.has_value:
        properties["concept"] = {
            "type": "string",
            "pattern": f"^{CONCEPT.pattern}$",
            "maxLength": LONGEST_CONCEPT,
        }
    if kind.group:
        properties["group"] = {"type": "string", "pattern": _NAME_PATTERN}
        required.append("group")
    if kind.takes_options:
        properties["options"] = _list(_FILLED_TEXT, least=2)
        properties["option"] = _texts_of({"when": _ref("condition")})
        required += ["options", "option"]
    if kind.takes_rows:
        operators = [str(operator) for operator in Operator]
        row = {"type": "string", "pattern": _NAME_PATTERN, "not": {"enum": operators}}
        properties["rows"] = _list(row, least=1)
        properties["row"] = _texts_of({})
        required += ["rows", "row"]
    properties |= {key.name: _described(_key(key), key.help) for key in keys_of(kind)}
    required += [key.name for key in kind.keys if key.required]
    return _described(_table(properties, required), kind.help)


def _key(key: KeyDeclaration) -> Schema:
    if key.kind == "several":
        return _list({"enum": list(key.choices)}, least=1)
    if key.choices:
        return {"enum": list(key.choices)}
    if key.kind == "number":
        return _number(key.minimum)
    return _KEYS.get(key.kind, _FILLED_TEXT)


def _text() -> Schema:
    return _table(dict.fromkeys(LANGUAGES, _FILLED_TEXT), ("da",))


def _texts_of(more: Schema) -> Schema:
    """The texts of options or rows, by their values."""
    texts = {**dict.fromkeys(LANGUAGES, _FILLED_TEXT), "hint": _ref("text"), **more}
    return {"type": "object", "additionalProperties": _table(texts, ("da",))}


def _condition() -> Schema:
    several = _list(_ref("condition"), least=1, unique=False)
    return {
        "type": "object",
        "description": "Facts, all of which must hold.",
        "properties": {"all": several, "any": several},
        "additionalProperties": _ref("comparison"),
        "minProperties": 1,
    }


def _comparison() -> Schema:
    """A value, a list of values, or a table of operators and of facts below this one."""
    values = {"type": "array", "items": _VALUE, "minItems": 1}
    day = {"anyOf": [{"type": "integer"}, _ref("date_rule")]}
    operators: Schema = {
        Operator.EQUALS: {"anyOf": [_VALUE, _ref("date_rule")]},
        Operator.NOT: {"anyOf": [_VALUE, values]},
        Operator.IN: values,
        Operator.FILLED: {"type": "boolean"},
        **dict.fromkeys(sorted(ORDERING), day),
    }
    facts = {
        "type": "object",
        "properties": {str(operator): schema for operator, schema in operators.items()},
        "additionalProperties": _ref("comparison"),
        "minProperties": 1,
    }
    return {"anyOf": [_VALUE, values, facts]}


def _date_rule() -> Schema:
    base = {"anyOf": [_DATE, {"type": "string", "pattern": f"^{BASE_PATTERN.pattern}$"}]}
    move = {"type": "string", "pattern": f"^{MOVE_PATTERN.pattern}$"}
    steps = {"anyOf": [{"enum": [str(snap) for snap in Snap]}, move]}
    written = {"type": "array", "prefixItems": [base], "items": steps, "minItems": 1}
    return {"anyOf": [base, written]}


def _table(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _tables(element: Schema, description: str = "") -> Schema:
    return _described({"type": "array", "items": element}, description)


def _named(element: Schema, reserved: Iterable[str] = ()) -> Schema:
    """Tables under names of the definition's own."""
    names: Schema = {"pattern": _NAME_PATTERN, "not": {"enum": list(reserved)}}
    if not names["not"]["enum"]:
        del names["not"]
    return {"type": "object", "propertyNames": names, "additionalProperties": element}


def _list(items: Schema, *, least: int = 0, unique: bool = True) -> Schema:
    found: Schema = {"type": "array", "items": items}
    if least:
        found["minItems"] = least
    if unique:
        found["uniqueItems"] = True
    return found


def _number(minimum: int | None = None, maximum: int | None = None) -> Schema:
    limits = {"minimum": minimum, "maximum": maximum}
    return {"type": "integer", **{word: one for word, one in limits.items() if one is not None}}


def _described(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description} if description else schema


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


_VALUE: Schema = {"type": ["string", "integer", "boolean"]}
_TERM: Schema = {
    "anyOf": [{"type": "string", "minLength": 1}, _number(-LARGEST_TERM, LARGEST_TERM)]
}
_AMOUNT = _described({"type": "string", "pattern": f"^{AMOUNT.pattern}$"}, 'Kroner: "225.00".')
_OUTCOMES: Mapping[str, Schema] = {
    "yes_no": {"type": "boolean"},
    "number": _number(-LARGEST_TERM, LARGEST_TERM),
    "amount": _AMOUNT,
    "choice": _FILLED_TEXT,
}
_KEYS: Mapping[str, Schema] = {
    "table": {"type": "string", "pattern": _NAME_PATTERN},
    "translated": _ref("text"),
    "yes_no": {"type": "boolean"},
    "date": _DATE,
    "date_rule": _ref("date_rule"),
    "value": _VALUE,
    "terms": {"type": "array", "items": _TERM, "minItems": 1, "maxItems": MOST_TERMS},
}
"""By the kind of a key; every other kind is a text, a name among them."""
