"""Fields of the forms for staff, shown by the theme's own widget templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice. ``checked`` is the attribute as a template writes it."""

    id: str
    value: str
    label: str
    hint: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. ``kind`` is the name of its template: ``text``, ``textarea`` or ``choice``."""

    kind: str
    name: str
    label: str
    hint: str = ""
    error: str | None = None
    value: str = ""
    options: tuple[Option, ...] = ()
    width: str = "full"

    @property
    def id(self) -> str:
        """The id of its control; of a choice, that of the first answer."""
        return self.options[0].id if self.options else f"field-{self.name}"


def text_field(
    name: str,
    label: str,
    hint: str = "",
    error: str = "",
    value: str = "",
    *,
    width: str = "full",
) -> FormField:
    """A line of text."""
    return FormField("text", name, label, hint, error or None, value, width=width)


def area_field(
    name: str, label: str, hint: str = "", error: str = "", value: str = ""
) -> FormField:
    """Several lines of text."""
    return FormField("textarea", name, label, hint, error or None, value)


def choice_field(
    name: str,
    label: str,
    answers: Iterable[tuple[str, str, str]],
    error: str = "",
    value: str = "",
) -> FormField:
    """One of several answers.

    :param answers: of each its value, its label and a hint
    """
    options = tuple(
        Option(f"field-{name}-{number}", one, text, hint, " checked" if one == value else "")
        for number, (one, text, hint) in enumerate(answers)
    )
    return FormField("choice", name, label, "", error or None, value, options)


def error_links(fields: Iterable[FormField]) -> list[tuple[str, str]]:
    """Of each field that is wrong, where it is and what to do."""
    return [(one.id, one.error) for one in fields if one.error]


def sent(form: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """What was sent, by name, without the spaces around it."""
    return {name: value.strip() for name, value in form}
