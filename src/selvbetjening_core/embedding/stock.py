"""What colander says by itself, in English: no citizen reads it."""

from __future__ import annotations

STOCK = frozenset(
    {
        '"${val}" has an incorrect number of elements (expected ${exp}, was ${was})',
        '"${val}" has no __name__',
        '"${val}" is neither in (${false_choices}) nor in (${true_choices})',
        '"${val}" is not a date object',
        '"${val}" is not a datetime object',
        '"${val}" is not a mapping type: ${err}',
        '"${val}" is not a number',
        '"${val}" is not a string',
        '"${val}" is not a time object',
        '"${val}" is not a valid "${cls}"',
        '"${val}" is not a valid credit card number',
        '"${val}" is not iterable',
        '"${val}" is not one of ${choices}',
        '"${val}" must not be one of ${choices}',
        "${cstruct} is not iterable",
        "${val} cannot be serialized: ${err}",
        "${val} is greater than maximum value ${max}",
        "${val} is less than minimum value ${min}",
        "${val} is not a string",
        "${val} is not a string: ${err}",
        "Invalid Base64 encoded data",
        "Invalid MIME type",
        "Invalid UUID string",
        "Invalid date",
        "Invalid email address",
        "Invalid time",
        "Invalid value",
        "Longer than maximum length ${max}",
        "Must be a URL",
        "Must be a file:// URI scheme",
        "Not a data URL",
        "One or more of the choices you made was not acceptable",
        "Required",
        "Shorter than minimum length ${min}",
        "String does not match expected pattern",
        'The dotted name "${name}" cannot be imported',
        'Unrecognized keys in mapping: "${val}"',
        'relative name "${val}" irresolveable without package',
    }
)
"""The sentences of colander 2, before values are put in. All else is a site's own."""


def is_stock(words: object) -> bool:
    """Is it a sentence of colander's own?"""
    return str(words) in STOCK
