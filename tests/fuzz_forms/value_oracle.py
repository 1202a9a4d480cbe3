"""Which values a kind may accept, written down a second time.

What a kind accepts is held to this, whatever was typed. A kind that is not here (a
plugin's) is held to the type that it declares.
"""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from kind_samples import KindSample

from selvbetjening_core.forms.kinds.lookup import LOOKED_UP_FACT
from selvbetjening_core.interfaces import ILookup
from selvbetjening_core.testing import LookupBench

_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
_LONGEST_TEXT, _LONGEST_FILE_NAME, _LARGEST_FILE = 200, 120, 10_000_000
_FILE_TYPES = ("application/pdf", "image/jpeg", "image/png")
_PERSON = re.compile(r"self|(child|other)-[0-9]+", re.ASCII)
_TOWN = LookupBench(plugin="demo_addresses", contract=ILookup, known="").make()
"""The register of the town whose form is asked (``form_town``)."""
_KEPT_OTHERWISE = frozenset({"address", "lookup"})
"""Kinds that keep more than what a condition asks of them."""
_TYPES: Mapping[str, tuple[type, ...]] = {
    "number": (int,),
    "text": (str,),
    "date": (str,),
    "yes_no": (bool,),
    "choices": (list,),
    "matrix": (dict,),
    "group": (dict,),
    "rows": (list,),
    "files": (list,),
}


def may_accept(sample: KindSample, value: object) -> bool:
    """Is this a value that the kind may have, with the keys of its bench?"""
    return (
        _is_json(value)
        and _is_of_declared_type(sample, value)
        and _ORACLES.get(sample.name, lambda _, __: True)(value, sample)
    )


def _is_json(value: object) -> bool:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode("utf-8")
    except (TypeError, ValueError):
        return False
    return bool(json.loads(text) == value)


def _is_of_declared_type(sample: KindSample, value: object) -> bool:
    if sample.name in _KEPT_OTHERWISE:
        return True
    wanted = _TYPES.get(sample.kind.declaration.offers.get("", ""), ())
    # To Python, True is a number.
    return not wanted or (isinstance(value, wanted) and (bool in wanted or value is not True))


def _pattern(wanted: str) -> Callable[[Any, KindSample], bool]:
    read = re.compile(wanted, re.ASCII)
    return lambda value, _: isinstance(value, str) and read.fullmatch(value) is not None


def _plain(longest: int, breaks: str = "") -> Callable[[Any, KindSample], bool]:
    return lambda value, _: 0 < len(value) <= longest and _is_without_odd(value, breaks)


def _is_without_odd(text: str, breaks: str) -> bool:
    odd = {c for c in text if unicodedata.category(c) in ("Cc", "Cs")} - set(breaks)
    return not odd and not _TURNS & set(text)


def _number(value: Any, sample: KindSample) -> bool:
    return bool(sample.bench.keys["min"] <= value <= sample.bench.keys["max"])


def _amount(value: Any, sample: KindSample) -> bool:
    return bool(re.fullmatch(r"[0-9]+\.[0-9]{2}", value)) and Decimal(value) <= Decimal(
        sample.bench.keys["max"]
    )


def _date(value: Any, sample: KindSample) -> bool:
    keys = sample.bench.keys
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return bool(day.isoformat() == value and keys["earliest"].base <= day <= keys["latest"].base)


def _time(value: Any, sample: KindSample) -> bool:
    is_time = re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value) is not None
    return is_time and sample.bench.keys["earliest"] <= value <= sample.bench.keys["latest"]


def _cpr(value: Any, _: KindSample) -> bool:
    if not re.fullmatch(r"[0-9]{10}", value):
        return False
    day, month = int(value[:2]), int(value[2:4])
    return 1 <= (day - 60 if day > 60 else day) <= 31 and 1 <= month <= 12


def _cvr(value: Any, _: KindSample) -> bool:
    if not re.fullmatch(r"[1-9][0-9]{7}", value):
        return False
    return sum(int(d) * w for d, w in zip(value, _CVR_WEIGHTS, strict=True)) % 11 == 0


def _options(sample: KindSample) -> set[str]:
    return {option.value for option in sample.bench.options}


def _choices(value: Any, sample: KindSample) -> bool:
    keys = sample.bench.keys
    alone = keys["none_of_these"] not in value or len(value) == 1
    within = set(value) <= _options(sample) and 0 < len(set(value)) == len(value)
    return bool(alone and within and len(value) <= keys["at_most"])


def _matrix(value: Any, sample: KindSample) -> bool:
    rows = {row.value for row in sample.bench.rows}
    return set(value) == rows and set(value.values()) <= _options(sample)


def _row(value: Any) -> bool:
    """The group of ``apart_samples``: a name, and a yes or no."""
    return (
        isinstance(value, dict)
        and value.keys() == {"name", "lives"}
        and isinstance(value["name"], str)
        and isinstance(value["lives"], bool)
        and 0 < len(value["name"]) <= _LONGEST_TEXT
        and _is_without_odd(value["name"], "")
    )


def _rows(value: Any, sample: KindSample) -> bool:
    most = sample.bench.keys["at_most"]
    return isinstance(value, list) and 0 < len(value) <= most and all(map(_row, value))


def _files(value: Any, sample: KindSample) -> bool:
    most = sample.bench.keys["most"]
    is_whole = isinstance(value, list) and 0 < len(value) <= most and all(map(_file, value))
    return bool(is_whole and len({one["id"] for one in value}) == len(value))


def _people(value: Any, _: KindSample) -> bool:
    if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
        return False
    return 0 < len(set(value)) == len(value) and all(map(_PERSON.fullmatch, value))


def _found(value: Any, sample: KindSample) -> bool:
    """An entry of a register, whole; or the citizen's own words where the kind takes them."""
    if not isinstance(value, dict) or value.keys() != {"key", "text", "data"}:
        return False
    if value["key"] == "":
        own = bool(sample.bench.keys.get("own")) and value["data"] == {}
        return own and _plain(_LONGEST_TEXT)(value["text"], sample)
    known: Any = sample.facts[LOOKED_UP_FACT]
    entry = {one.key: one for one in known.get("").matches}.get(value["key"])
    entry = entry or _TOWN.find(value["key"])
    return entry is not None and (entry.text, dict(entry.data)) == (value["text"], value["data"])


def _file(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"id", "name", "type", "size", "sha256"}
        and re.fullmatch(r"[0-9a-f]{32}", value["id"]) is not None
        and re.fullmatch(r"[0-9a-f]{64}", value["sha256"]) is not None
        and value["type"] in _FILE_TYPES
        and 0 < value["size"] <= _LARGEST_FILE
        and 0 < len(value["name"]) <= _LONGEST_FILE_NAME
        and _is_without_odd(value["name"], "")
        and not {"/", "\\"} & set(value["name"])
    )


_ORACLES: Mapping[str, Callable[[Any, KindSample], bool]] = {
    "text": _plain(20),
    "long_text": _plain(4000, "\n\t"),
    "number": _number,
    "amount": _amount,
    "email": _pattern(r"[^\s@\x00-\x1f]+@[^\s@.\x00-\x1f]+(\.[^\s@.\x00-\x1f]+)+"),
    "phone": _pattern(r"[0-9]{8}|\+[0-9]{4,15}"),
    "postcode": _pattern(r"(0[89]|[1-9][0-9])[0-9]{2}"),
    "cpr": _cpr,
    "cvr": _cvr,
    "p_number": _pattern(r"[1-9][0-9]{9}"),
    "bank_account": _pattern(r"[0-9]{4} [0-9]{10}"),
    "date": _date,
    "time": _time,
    "choice": lambda value, sample: value in _options(sample),
    "choices": _choices,
    "matrix": _matrix,
    "yes_no": lambda value, _: value is True or value is False,
    "consent": lambda value, _: value is True,
    "group": lambda value, _: _row(value),
    "repeat": _rows,
    "files": _files,
    "person": lambda value, _: isinstance(value, str) and _PERSON.fullmatch(value) is not None,
    "people": _people,
    "address": _found,
    "lookup": _found,
}
ORACLES = frozenset(_ORACLES)
"""The kinds that are held to more than their declared type."""
