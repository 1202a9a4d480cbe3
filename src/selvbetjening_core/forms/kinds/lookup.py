"""The kinds of fields that are found in a register while they are answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.model import Field
from selvbetjening_core.errors import NeedsFacts
from selvbetjening_core.forms.kinds.common import (
    AUTOCOMPLETE,
    COMMON_ERRORS,
    deform_widget,
    error_code,
    schema_node,
    text_setting,
)
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.texts import texts_for
from selvbetjening_core.values import (
    FactsRequest,
    KeyDeclaration,
    KindDeclaration,
    LookedUp,
    NodeRequest,
    TextRequest,
)

LOOKED_UP_FACT = "parameter.looked-up"
"""Where the journey tells what was found, by field; no parameter can have this name."""

LONGEST = 200
"""As much is typed and asked for, in characters."""

TEXTS = ("ask", "own", "away", "none", "one", "several")
"""What each of these kinds has a text of its own for, below its name."""

_ERRORS = (*COMMON_ERRORS, "too_long", "choose_match", "nothing_found")
_OWN = KeyDeclaration(
    "own",
    "yes_no",
    "Whether the citizen may write what the register does not have; no if left out. "
    "While the register cannot be asked everybody may.",
)
_KEPT = (
    "Kept are text, the register's own key (empty for what the citizen wrote) and what the "
    "register tells besides."
)


class _Found:
    """A kind whose answer is one of the matches of a look-up."""

    declaration: KindDeclaration
    autocomplete = ""

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """An input with a button, and the matches where there are any."""
        if request.facts is None:
            raise NeedsFacts("what was found is the citizen's")
        field = request.field
        looked = _looked_up(request.facts, field)
        t = texts_for(request.locale).t
        widget = deform_widget(
            "TextInputWidget",
            template="fields/lookup",
            autocomplete=text_setting(field, "autocomplete", self.autocomplete),
            matches=looked.matches if looked and not looked.is_settled else (),
            ask=t(f"field.{self._texts}.ask"),
            own=t(f"field.{self._texts}.own") if may_own(field) else "",
            told=_told(looked, request.locale, self._texts),
        )
        return schema_node(request, _Match(looked, may_own=may_own(field)), widget)

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The text, whether the register has it, and what it tells of that as text."""
        value = request.value
        if not is_kept(value):
            return {}
        data = value["data"]  # type: ignore[index]
        told = {name: data[name] for name in self._told if isinstance(data.get(name), str)}
        return {"": value["text"], "found": bool(value["key"]), **told}  # type: ignore[index]

    def text(self, request: TextRequest) -> str:
        """The text."""
        return str(request.value["text"]) if is_kept(request.value) else ""  # type: ignore[index]

    @property
    def _texts(self) -> str:
        return self.declaration.name

    @property
    def _told(self) -> tuple[str, ...]:
        return tuple(name for name in self.declaration.offers if name not in ("", "found"))


@implementer(IFieldKind)
class LookupKind(_Found):
    """An entry of a register that a component looks up."""

    declaration = KindDeclaration(
        name="lookup",
        help="Something that is looked up in a register, by the component in the role that the "
        f"key role names. Works by a button, without script. {_KEPT}",
        keys=(
            KeyDeclaration(
                "role", "text", "The role of the component that is asked.", required=True
            ),
            _OWN,
            AUTOCOMPLETE,
        ),
        offers={"": "text", "found": "yes_no"},
        errors=_ERRORS,
        in_group=False,
    )


@implementer(IFieldKind)
class AddressKind(_Found):
    """A Danish address that a component looks up."""

    declaration = KindDeclaration(
        name="address",
        help="A Danish address, looked up by the component in the role addresses. Works by a "
        f"button, without script. {_KEPT} Conditions may ask for the code of its municipality "
        "and for its postcode, where the register tells them.",
        keys=(_OWN, AUTOCOMPLETE),
        offers={"": "text", "found": "yes_no", "municipality": "text", "postcode": "text"},
        errors=_ERRORS,
        in_group=False,
    )
    autocomplete = "street-address"


class _Match(colander.SchemaType):  # type: ignore[misc]  # colander has no types
    """One of the matches. Codes ``too_long``, ``choose_match`` and ``nothing_found``."""

    def __init__(self, looked: LookedUp | None, *, may_own: bool) -> None:
        self._looked = looked or LookedUp(is_away=True)
        self._may_own = may_own

    def serialize(self, node: Any, appstruct: object) -> object:
        """The kept answer as JSON; nothing where it is none."""
        if not is_kept(appstruct):
            return colander.null
        return json.dumps(appstruct, ensure_ascii=False)

    def deserialize(self, node: Any, cstruct: Any) -> object:
        """The match that was chosen, or whose text was typed; or what was typed."""
        if cstruct is colander.null:
            return colander.null
        if isinstance(cstruct, str):
            return json.loads(cstruct)
        text, key = cstruct
        if len(text) > LONGEST:
            raise colander.Invalid(node, error_code("too_long", limit=LONGEST))
        for one in self._looked.matches:
            if one.key == key or (not key and one.text.casefold() == text.casefold()):
                return {"key": one.key, "text": one.text, "data": dict(one.data)}
        is_own = self._looked.is_away or (self._may_own and key == "-")
        if is_own and text:
            return {"key": "", "text": text, "data": {}}
        raise colander.Invalid(node, "choose_match" if self._looked.matches else "nothing_found")


def is_kept(value: object) -> bool:
    """Is this an answer as it is kept?"""
    return (
        isinstance(value, Mapping)
        and isinstance(value.get("key"), str)
        and isinstance(value.get("text"), str)
        and isinstance(value.get("data"), Mapping)
    )


def may_own(field: Field) -> bool:
    """May the citizen write what the register does not have?"""
    return field.settings.get("own") is True


def _looked_up(facts: Mapping[str, object], field: Field) -> LookedUp | None:
    by_field: Any = facts.get(LOOKED_UP_FACT)
    found = by_field.get(field.name) if by_field is not None else None
    return found if isinstance(found, LookedUp) else None


def _told(looked: LookedUp | None, locale: str, texts: str) -> str:
    """What came of the search, for the one who searched."""
    if looked is None or looked.is_settled:
        return ""
    t = texts_for(locale).t
    if looked.is_away:
        return t(f"field.{texts}.away")
    if not looked.matches:
        return t(f"field.{texts}.none")
    count = len(looked.matches)
    return t(f"field.{texts}.one") if count == 1 else t(f"field.{texts}.several", count=count)
