"""Between a form component and a journey."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from selvbetjening_core.values.paper_form import PaperSpace
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
        ``yes_no``, ``date``, ``date_rule`` (a day told
        from another day; the setting is a ``DateRule``), ``fact`` (the name of a fact, such as
        ``holder.address``), ``option`` (one of the field's own options),
        ``parameter`` (the name of a parameter of the solution), ``terms`` (a list
        of whole numbers and names of facts), ``several`` (a list of some of the
        choices), ``table`` (the name of a decision table; the setting is a
        ``DecisionTable``) or ``value`` (a text, a whole number, true or false)
    :param fact_types: the types that the facts it names may have; empty: any
    :param minimum: the least that a ``number`` may be
    """

    name: str
    kind: str
    help: str
    required: bool = False
    choices: tuple[str, ...] = ()
    fact_types: tuple[str, ...] = ()
    minimum: int | None = None


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """What is wrong with a field's keys taken together, for whoever wrote them.

    :param key: the key to look at
    :param message: what is wrong; English, in lower case, like every problem
    :param advice: what to do
    """

    key: str
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class KindDeclaration:
    """What the checker needs to know of a field kind.

    :param keys: keys beside the common ones (label, hint, required …)
    :param offers: facts that conditions may ask of a value, and their type
        (``number``, ``text``, ``yes_no``, ``date``, ``address``, ``files``, ``choices``
        for several options, ``people``, ``matrix`` for an option in each row, ``given``
        for the type of what the keys of kind ``value``, ``parameter``, ``terms`` or
        ``table`` set); the empty name is the value itself
    :param takes_options: the definition lists options
    :param takes_rows: the definition lists rows, each answered by an option and
        offered as a fact under its own name
    :param takes_answer: False for kinds that only tell something
    :param derives: its value is never asked for: ``facts`` is called without a
        value and gives it under the empty name. Such a kind takes no answer, so
        nothing that a browser sends can set it
    :param group: ``once`` or ``rows`` for a kind whose questions are those of a group
        of the definition, asked once or in each of several rows; empty for all others.
        Its fields are ``Field.parts``, the form component puts them together, and its
        facts that are offered ``once`` are those of its parts, under their names
    :param in_group: whether a group may hold it
    :param needs_login: it shows or asks about what is only known of somebody who is
        logged in: no solution without login may have it
    :param asks_register: its choices and facts are told from what the register of
        persons answered. The journey opens that answer, the facts ``household`` and
        ``actor``, only where a field of such a kind is shown or asked about
    :param check: what is wrong with a field's keys taken together; called with
        the field once each key by itself is right
    :param errors: the error codes it can fail with; a definition may give its
        own message for each
    :param paper: the room that its answer gets on a form on paper
    """

    name: str
    help: str
    keys: tuple[KeyDeclaration, ...] = ()
    offers: Mapping[str, str] = field(default_factory=dict)
    takes_options: bool = False
    takes_answer: bool = True
    errors: tuple[str, ...] = ("required",)
    takes_rows: bool = False
    derives: bool = False
    group: str = ""
    in_group: bool = True
    needs_login: bool = False
    asks_register: bool = False
    check: Callable[[Field], Iterable[KeyProblem]] | None = None
    paper: PaperSpace = PaperSpace.LINE

    @property
    def has_value(self) -> bool:
        """Whether it is part of the case as data: asked for, or derived."""
        return self.takes_answer or self.derives


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
    """What may conditions ask about ``value`` of ``field``?

    ``kinds`` are the field kinds by name, for a kind that is made of others.
    """

    field: Field
    value: object
    today: datetime.date
    facts: Mapping[str, object]
    kinds: Mapping[str, IFieldKind] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextRequest:
    """Show ``value`` of ``field`` in one language.

    ``kinds`` are the field kinds by name, for a kind that is made of others.
    """

    field: Field
    value: object
    locale: str
    facts: Mapping[str, object]
    kinds: Mapping[str, IFieldKind] = dataclasses.field(default_factory=dict)


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
    fact is ever taken from ``pairs``. ``answers`` are those kept so far, by field
    name: an answer that the page could not show is not lost. Personal data.
    """

    pairs: tuple[tuple[str, str], ...]
    today: datetime.date
    facts: Mapping[str, object] = field(default_factory=dict)
    answers: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class FormState(Personal):
    """The state of one step: values, what was typed, and errors.

    ``values`` are JSON data by field name; ``typed`` is the text as typed, for
    showing again what could not be read; ``errors`` are finished messages in
    the citizen's language by field name, in page order. ``set_aside`` are the
    answers of fields that are not shown: kept in case they come into view again,
    and counted as none until then. Personal data.

    A part of a field that uses a group has a name of its own, ``FIELD.PART`` or
    ``FIELD.NUMBER.PART`` with the number of its row: in ``typed`` and ``errors``
    always, in ``values`` and ``set_aside`` as long as the whole is no answer yet.
    ``focus`` is the name of what the page begins at after one of its buttons
    (``FIELD`` or ``FIELD.NUMBER``); empty for its top.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    today: datetime.date | None = None
    set_aside: Mapping[str, object] = field(default_factory=dict)
    focus: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Rendered(Personal):
    """Finished HTML of the fields of a step (no ``form`` element around it).

    ``error_links`` are (id of the control, message) in page order, for the
    error summary.
    """

    html: str
    error_links: tuple[tuple[str, str], ...] = ()
