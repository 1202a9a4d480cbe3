"""The kinds ``person`` and ``people``: the citizen, and those the citizen may act for.

Who they are, and by which rules: :mod:`selvbetjening_core.forms.kinds.household`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.model import Field
from selvbetjening_core.errors import NeedsFacts
from selvbetjening_core.forms.kinds.choice import one_of
from selvbetjening_core.forms.kinds.common import (
    COMMON_ERRORS,
    deform_widget,
    error_code,
    number_setting,
    schema_node,
    text_setting,
)
from selvbetjening_core.forms.kinds.household import (
    ADULT_AGE,
    LeftOut,
    PersonChoice,
    Source,
    chosen,
    left_out,
    origin,
    person_choices,
    source_of,
)
from selvbetjening_core.forms.types import Chosen, ChosenSeveral
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.texts import texts_for
from selvbetjening_core.values import (
    FactsRequest,
    KeyDeclaration,
    KeyProblem,
    KindDeclaration,
    NodeRequest,
    PaperSpace,
    TextRequest,
)

_FROM = KeyDeclaration(
    "from",
    "text",
    "Who can be chosen beside the citizen: nobody (self), children in the citizen's custody "
    "(custody), those of them who live at the citizen's address (custody_same_address), "
    "children who live at the address whoever has custody (household_children), or everybody "
    "who lives there (household).",
    required=True,
    choices=tuple(str(source) for source in Source),
)
_KEYS = (
    _FROM,
    KeyDeclaration(
        "with_self", "yes_no", "Whether citizens can choose themselves; true if left out."
    ),
    KeyDeclaration("self_from_age", "number", "From what age citizens can choose themselves."),
    KeyDeclaration(
        "child_below_age", "number", "Children below this age can be chosen; 18 if left out."
    ),
)


def _check(field: Field) -> Iterator[KeyProblem]:
    source = text_setting(field, "from")
    without_self = field.settings.get("with_self") is False
    if source == Source.SELF and without_self:
        yield KeyProblem("with_self", "nobody can be chosen", "take it away, or widen from")
    if without_self and "self_from_age" in field.settings:
        yield KeyProblem(
            "self_from_age", "citizens cannot choose themselves at any age", "take one of them away"
        )
    if source in (Source.SELF, Source.HOUSEHOLD) and "child_below_age" in field.settings:
        yield KeyProblem(
            "child_below_age",
            f'from = "{source}" asks for nobody by being a child',
            'take it away, or write from = "household_children"',
        )
    limit = number_setting(field, "child_below_age") or 0
    if source in (Source.CUSTODY, Source.CUSTODY_SAME_ADDRESS) and limit > ADULT_AGE:
        yield KeyProblem(
            "child_below_age",
            f"nobody has custody of somebody who has turned {ADULT_AGE}",
            f"write a number up to {ADULT_AGE}",
        )


def _check_people(field: Field) -> Iterator[KeyProblem]:
    yield from _check(field)
    if text_setting(field, "from") == Source.SELF:
        yield KeyProblem("from", "only the citizen can be chosen", 'write kind = "person"')
    least, most = number_setting(field, "at_least"), number_setting(field, "at_most")
    if least is not None and most is not None and least > most:
        yield KeyProblem(
            "at_least",
            f"at_least is {least} and at_most is {most}: no answer is both",
            "write an at_least that is not above at_most",
        )


@implementer(IFieldKind)
class PersonKind:
    """Somebody in the citizen's family or household. Personal data: names and addresses."""

    declaration = KindDeclaration(
        name="person",
        needs_login=True,
        help="One person: the citizen, a child or somebody else in the household. Nobody else "
        "with name and address protection is ever shown.",
        keys=_KEYS,
        offers={
            "": "text",
            "age": "number",
            "name": "text",
            "address": "address",
            "is_self": "yes_no",
            "source": "text",
            "retrieved_at": "text",
        },
        errors=(*COMMON_ERRORS, "not_an_option"),
        # Who the case is about is one choice for the whole solution.
        in_group=False,
        asks_register=True,
        check=_check,
        paper=PaperSpace.PERSON,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """Radio buttons, one for each person.

        :raises NeedsFacts: there are no facts yet
        """
        choices, widget = _shown(request, "RadioChoiceWidget")
        return schema_node(request, Chosen(), widget, one_of(one.key for one in choices))

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """What is known of the person; nothing if that person cannot be chosen.

        The address of somebody who lives elsewhere is not told to the citizen.
        """
        choices = person_choices(request.field, request.facts, request.today)
        found = next((one for one in choices if one.key == request.value), None)
        if found is None:
            return {}
        return {
            "": found.key,
            "age": found.person.age_on(request.today),
            "name": found.person.name,
            "address": found.person.address if found.lives_here else None,
            "is_self": found.is_self,
            **origin(request.facts),
        }

    def text(self, request: TextRequest) -> str:
        """The person's name."""
        return _names(request)


@implementer(IFieldKind)
class PeopleKind:
    """Several people of the family or household. Personal data: names.

    Stored as a list of keys: the citizen first, then children, then others, oldest first.
    """

    declaration = KindDeclaration(
        name="people",
        needs_login=True,
        help="Several people at once, shown as check boxes: who moves along, which children are "
        "signed up. In the case each of them stands with CPR number and basis. A condition asks "
        "about their number (count), how many are under 18 (children), and whether the citizen "
        "is one of them (with_self).",
        keys=(
            *_KEYS,
            KeyDeclaration("at_least", "number", "How many must be chosen, if any are.", minimum=1),
            KeyDeclaration("at_most", "number", "How many may be chosen.", minimum=1),
        ),
        offers={
            "": "people",
            "count": "number",
            "children": "number",
            "with_self": "yes_no",
            "source": "text",
            "retrieved_at": "text",
        },
        errors=(*COMMON_ERRORS, "not_an_option", "too_few", "too_many"),
        in_group=False,
        asks_register=True,
        check=_check_people,
        paper=PaperSpace.PEOPLE,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """Check boxes, one for each person.

        :raises NeedsFacts: there are no facts yet
        """
        choices, widget = _shown(request, "CheckboxChoiceWidget")
        return schema_node(request, ChosenSeveral(), widget, _allowed(request.field, choices))

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """Who, and how many; nothing if any of them cannot be chosen any more."""
        keys = request.value if isinstance(request.value, list) else []
        choices = person_choices(request.field, request.facts, request.today)
        found = [one for one in choices if one.key in keys]
        if not found or len(found) < len(keys):
            return {}
        return {
            "": tuple(one.key for one in found),
            "count": len(found),
            "children": sum(one.person.age_on(request.today) < ADULT_AGE for one in found),
            "with_self": any(one.is_self for one in found),
            **origin(request.facts),
        }

    def text(self, request: TextRequest) -> str:
        """Their names, one a line."""
        return _names(request)


def _names(request: TextRequest) -> str:
    return "\n".join(one.person.name for one in chosen(request.value, request.facts))


def _shown(request: NodeRequest, widget: str) -> tuple[tuple[PersonChoice, ...], Any]:
    if request.facts is None:
        raise NeedsFacts("the choices depend on the citizen's household")
    t = texts_for(request.locale).t
    choices = person_choices(request.field, request.facts, request.today)
    others = left_out(request.field, request.facts, request.today)
    return choices, deform_widget(
        widget,
        template="fields/people",
        values=tuple((one.key, _label(one, request), "") for one in choices),
        left_out=tuple(_reason(one, request.locale) for one in others),
        missing=t("field.person.missing") if source_of(request.field) is not Source.SELF else "",
    )


def _label(choice: PersonChoice, request: NodeRequest) -> str:
    t = texts_for(request.locale).t
    if choice.is_self:
        return t("field.person.self", name=choice.person.name)
    age = choice.person.age_on(request.today)
    return t("field.person.other", name=choice.person.name, age=age)


def _reason(one: LeftOut, locale: str) -> str:
    return texts_for(locale).t(f"field.person.why_{one.reason}", name=one.name, limit=one.limit)


def _allowed(field: Field, choices: tuple[PersonChoice, ...]) -> Any:
    order = [one.key for one in choices]
    least, most = number_setting(field, "at_least"), number_setting(field, "at_most")

    def check(node: Any, keys: list[str]) -> None:
        if keys != [key for key in order if key in keys]:
            raise colander.Invalid(node, "not_an_option")
        if least is not None and len(keys) < least:
            raise colander.Invalid(node, error_code("too_few", min=least))
        if most is not None and len(keys) > most:
            raise colander.Invalid(node, error_code("too_many", max=most))

    return check
