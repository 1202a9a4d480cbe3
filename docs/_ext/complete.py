"""The reference has everything there is: what is missing is a warning, and so an error."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from selvbetjening_core import hooks, interfaces, values

REFERENCE = "reference/"
# As Sphinx sets them.
_TYPOGRAPHY = str.maketrans("‘’“”–", "''\"\"-", "`*\\")  # noqa: RUF001


def wanted_objects() -> Iterator[str]:
    """Every hook, every contract with its methods, every value with its parts."""
    for name, one in vars(hooks).items():
        if hasattr(one, f"{hooks.PROJECT}_spec"):
            yield f"{hooks.__name__}.{name}"
    for name in interfaces.__all__:
        contract = getattr(interfaces, name)
        yield f"{contract.__module__}.{name}"
        for member in contract.names():
            yield f"{contract.__module__}.{name}.{member}"
    for name in values.__all__:
        yield from value_names(name, getattr(values, name))


def value_names(name: str, value: Any) -> Iterator[str]:
    """A value, and what can be asked of it. A constant is told by those who use it."""
    if not hasattr(value, "__module__") or not (inspect.isclass(value) or callable(value)):
        return
    whole = f"{value.__module__}.{name}"
    yield whole
    for field in getattr(value, "__dataclass_fields__", {}):
        if not field.startswith("_"):
            yield f"{whole}.{field}"


def missing_objects(there: Collection[str]) -> list[str]:
    """What the reference does not have."""
    return sorted(set(wanted_objects()) - there)


def missing_words(page: str, wanted: Mapping[str, str]) -> list[str]:
    """What a page does not tell: for each name, the words that it should be told with."""
    told = _plain(page)
    return [name for name, words in wanted.items() if _plain(words) not in told]


def _plain(text: str) -> str:
    """Without what typesetting changes."""
    return " ".join(text.translate(_TYPOGRAPHY).replace("--", "-").split())
