"""Help codes: at which step somebody is, and what the page says is wrong there.

A citizen reads the code aloud to the hotline. It says where they are by itself, so nothing
is kept and nothing can be looked up by it: no answer, no name, not even which citizen.
Who has misheard a letter is told so; who has heard it right, and of a definition that has
been changed since, is told that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from selvbetjening_core.definitions.model import Field, Solution, Step
from selvbetjening_core.forms.messages import could_say
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.journey.readable import ALPHABET, as_made, read_aloud

_LETTERS = 8
_BITS = 5
_EDITION, _STEP, _FIELD, _ERROR, _CHECK = 16, 6, 6, 5, 7
"""How many bits each part has; together those of eight letters."""

_MODULUS = (1 << _CHECK) - 1
"""Every code is a multiple of this prime, which no wrong letter and no two that have
changed places leave it: a letter counts 32 to some power, and 127 divides neither that nor
a difference of two letters, nor 31 times one."""

Kinds = Mapping[str, IFieldKind]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What a help code says.

    :param field: the first one that something is wrong with; None: none was, or it is
        none of the first sixty on the step
    :param error: what is wrong with it, as an error code; empty: not known
    """

    solution: Solution
    step: Step
    field: Field | None = None
    error: str = ""


class Misheard(Exception):
    """No help code has these letters: one was misheard or mistyped."""


def help_code(
    solution: Solution,
    step: Step,
    kinds: Kinds,
    wrong: Sequence[tuple[str, str]] = (),
    locale: str = "",
) -> str:
    """The code of a step's page: ``7KQ4-M2XP``. The same page has the same code.

    :param wrong: of each thing that is wrong there, the name of the field and the message
        in ``locale``, in page order; the code tells the first
    """
    field, error = 0, 0
    if wrong:
        field, error = _numbers(step, kinds, *wrong[0], locale)
    step_number = _fitting(solution.steps.index(step), _STEP)
    number = _edition(solution)
    for part, bits in ((step_number, _STEP), (field, _FIELD), (error, _ERROR)):
        number = number << bits | part
    number = number << _CHECK | -number % _MODULUS
    places = range(_LETTERS - 1, -1, -1)
    return read_aloud("".join(ALPHABET[number >> _BITS * place & 31] for place in places))


def whereabouts(code: str, solutions: Iterable[Solution], kinds: Kinds) -> Whereabouts | None:
    """What the code says; None: the solution has been changed since, or is of elsewhere.

    :param code: as it was heard: small letters, spaces and hyphens do no harm
    :raises Misheard: it is no help code
    """
    letters = as_made(code, _LETTERS)
    number = 0
    for letter in letters:
        number = number << _BITS | ALPHABET.index(letter)
    if not letters or number % _MODULUS:
        raise Misheard
    rest, error = divmod(number >> _CHECK, 1 << _ERROR)
    rest, field = divmod(rest, 1 << _FIELD)
    edition, step = divmod(rest, 1 << _STEP)
    found = next((one for one in solutions if _edition(one) == edition), None)
    if found is None or step >= len(found.steps):
        return None
    return _told(found, found.steps[step], kinds, field, error)


def _told(solution: Solution, step: Step, kinds: Kinds, field: int, error: int) -> Whereabouts:
    if not 0 < field <= len(step.fields):
        return Whereabouts(solution, step)
    found = step.fields[field - 1]
    errors = _errors(found, kinds)
    is_known = 0 < error <= len(errors)
    return Whereabouts(solution, step, found, errors[error - 1] if is_known else "")


def _numbers(step: Step, kinds: Kinds, name: str, message: str, locale: str) -> tuple[int, int]:
    """The numbers of field and error, counted from 1; 0: not known."""
    # A part of a group is called FIELD.PART or FIELD.NUMBER.PART.
    names = [field.name for field in step.fields]
    own = name.partition(".")[0]
    if own not in names:
        return 0, 0
    at = names.index(own)
    errors = _errors(step.fields[at], kinds)
    told = (
        number
        for number, code in enumerate(errors, start=1)
        if could_say(step.fields[at], code, message, locale)
    )
    error = next(told, 0) if own == name else 0
    return _fitting(at + 1, _FIELD), _fitting(error, _ERROR)


def _errors(field: Field, kinds: Kinds) -> tuple[str, ...]:
    kind = kinds.get(field.kind)
    return tuple(dict.fromkeys((*(kind.declaration.errors if kind else ()), *field.errors)))


def _fitting(number: int, bits: int) -> int:
    return number if number < 1 << bits else 0


def _edition(solution: Solution) -> int:
    said = f"{solution.name} {solution.sha256}"
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:2])
