"""Between a form component and a journey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from selvbetjening_core.values.personal import Personal

if TYPE_CHECKING:
    import datetime

    from selvbetjening_core.definitions.model import Field, Solution, Step
    from selvbetjening_core.interfaces.field_kind import IFieldKind
    from selvbetjening_core.interfaces.theme import ITheme


@dataclass(frozen=True, slots=True)
class KeyDeclaration:
    """A key that a definition may set on a field of some kind.

    :param kind: ``text``, ``translated`` (a text in every language), ``number``,
        ``yes_no``, ``date`` or ``fact`` (the name of a fact, such as
        ``holder.address``)
    """

    name: str
    kind: str
    help: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KindDeclaration:
    """What the checker needs to know of a field kind.

    :param keys: keys beside the common ones (label, hint, required …)
    :param offers: facts that conditions may ask of a value, and their type
        (``number``, ``text``, ``yes_no``, ``address``); the empty name is the
        value itself
    :param takes_options: the definition lists options
    :param takes_answer: False for kinds that only tell something
    :param errors: the error codes it can fail with; a definition may give its
        own message for each
    """

    name: str
    help: str
    keys: tuple[KeyDeclaration, ...] = ()
    offers: Mapping[str, str] = field(default_factory=dict)
    takes_options: bool = False
    takes_answer: bool = True
    errors: tuple[str, ...] = ("required",)


@dataclass(frozen=True, slots=True)
class NodeRequest:
    """Make the node of ``field`` in one language.

    ``facts`` is None when compiling. A kind whose options depend on the
    citizen raises ``errors.NeedsFacts`` then, and is asked again for each
    citizen with the facts in place.
    """

    field: Field
    locale: str
    today: datetime.date
    facts: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class FactsRequest:
    """What may conditions ask about ``value`` of ``field``?"""

    field: Field
    value: object
    today: datetime.date
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TextRequest:
    """Show ``value`` of ``field`` in one language."""

    field: Field
    value: object
    locale: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class StepRequest:
    """Compile ``step`` of ``solution`` in one language and one theme.

    :param themes: every theme by name, for a theme that extends another
    :param kinds: every field kind by name
    """

    solution: Solution
    step: Step
    locale: str
    theme: ITheme
    themes: Mapping[str, ITheme]
    kinds: Mapping[str, IFieldKind]


@dataclass(frozen=True, slots=True, repr=False)
class Submitted(Personal):
    """What a browser sent for one step: name and value pairs as they came.

    ``facts`` are what the server knows (register data, earlier answers); no
    fact is ever taken from ``pairs``.
    """

    pairs: tuple[tuple[str, str], ...]
    today: datetime.date
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class FormState(Personal):
    """The state of one step: values, what was typed, and errors.

    ``values`` are JSON data by field name; ``typed`` is the text as typed, for
    showing again what could not be read; ``errors`` are finished messages in
    the citizen's language by field name, in page order. Personal data.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    today: datetime.date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Rendered(Personal):
    """Finished HTML of the fields of a step (no ``form`` element around it).

    ``error_links`` are (id of the control, message) in page order, for the
    error summary.
    """

    html: str
    error_links: tuple[tuple[str, str], ...] = ()
