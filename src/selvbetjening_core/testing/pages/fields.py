"""How a field is put together: label, hint, error, control, in that order (SB-16)."""

from __future__ import annotations

from dataclasses import dataclass

from bs4 import Tag

from selvbetjening_core.testing.pages.page import (
    CONTROLS,
    EVERYWHERE,
    Page,
    attribute,
    classes,
    is_within,
    quote,
    text,
)
from selvbetjening_core.testing.pages.rules import Found, PageRule

# Beside the design system's own class names: what Deform and Bootstrap call them.
GROUPS = ".form-group, [id^='item-deformField']"
MESSAGES = ".form-error-message, .invalid-feedback"
# Around the parts of one answer, which are groups of their own in the design system.
_PARTED = ("date-group", "date-parts", "account-parts")
_CHECKS = frozenset({"radio", "checkbox"})


@dataclass(frozen=True, slots=True)
class FieldMarkup:
    """One question as it stands on the page."""

    group: Tag
    fieldset: Tag | None
    """Around a group of controls: radio buttons, the parts of a date or a bank account."""
    label: Tag | None
    """The label or the legend of the whole field."""
    hint: Tag | None
    error: Tag | None
    controls: tuple[Tag, ...]

    @property
    def is_foreign(self) -> bool:
        """Whether a widget draws itself inside our frame."""
        return attribute(self.group, "role") == "group"

    @property
    def described(self) -> Tag | None:
        """The element that must refer to hint and error."""
        if self.is_foreign:
            return self.group
        return self.fieldset or (self.controls[0] if self.controls else None)

    @property
    def invalid(self) -> tuple[Tag, ...]:
        """The controls that are marked as wrong."""
        return tuple(one for one in self.controls if attribute(one, "aria-invalid") == "true")


def fields(page: Page) -> list[FieldMarkup]:
    """Every field of the page, in page order."""
    groups = page.select(GROUPS)
    return page.once("fields", lambda: [_field(one) for one in groups if not _is_part(one)])


def error_messages(page: Page) -> list[Tag]:
    """The error messages that stand at fields, in page order."""
    found = page.select(MESSAGES)
    return page.once("errors", lambda: [t for t in found if text(t) and not _is_hidden(t)])


def message_text(page: Page, message: Tag) -> str:
    """What the message says, without the word for screen readers in front of it."""
    return text(message).removeprefix(page.texts.t("common.error_prefix")).strip()


def _is_hidden(tag: Tag) -> bool:
    """Whether it is shown only later, by a script."""
    return tag.get("hidden") is not None or tag.find_parent(["dialog", "template"]) is not None


def _is_part(group: Tag) -> bool:
    return group.find_parent(class_=_PARTED) is not None


def _field(group: Tag) -> FieldMarkup:
    own = [tag for tag in group.select(CONTROLS) if _owner(tag) is group]
    fieldset = group.select_one("fieldset")
    around = fieldset or group
    children = [tag for tag in (*group.children, *around.children) if isinstance(tag, Tag)]
    return FieldMarkup(
        group,
        fieldset,
        group.select_one("legend") if fieldset else _first(children, "label", "form-label"),
        _first(children, "", "form-hint"),
        next((tag for tag in group.select(MESSAGES) if _owner(tag) is group), None),
        tuple(own),
    )


def _owner(tag: Tag) -> Tag | None:
    for parent in tag.parents:
        is_group = "form-group" in classes(parent) or attribute(parent, "id").startswith(
            "item-deformField"
        )
        if is_group and not _is_part(parent):
            return parent
    return None


def _first(tags: list[Tag], name: str, css_class: str) -> Tag | None:
    for tag in tags:
        if (name and tag.name == name) or css_class in classes(tag):
            return tag
    return None


def marked_invalid(page: Page) -> Found:
    """A single control says that it is wrong, and only when it is."""
    for field in fields(page):
        if field.fieldset or field.is_foreign or not field.controls:
            continue
        if field.error and not field.invalid:
            yield field.controls[0], "the field is wrong and has no aria-invalid"
        if field.invalid and not field.error:
            yield field.invalid[0], "aria-invalid without an error message"


def group_marked_invalid(page: Page) -> Found:
    """A group that is wrong says so: the wrong parts of an answer, or the radio group."""
    for field in fields(page):
        if field.fieldset is None or field.is_foreign or not field.controls:
            continue
        says_so = field.invalid or attribute(field.fieldset, "aria-invalid") == "true"
        if field.error and not says_so:
            yield field.fieldset, "the group is wrong and nothing in it has aria-invalid"
        if says_so and not field.error:
            yield field.fieldset, "aria-invalid without an error message"


def described_by(page: Page) -> Found:
    """The control, or the fieldset, refers to its hint and its error, in that order."""
    for field in fields(page):
        told = [one for one in (field.hint, field.error) if one is not None]
        if not told or field.described is None:
            continue
        ids = [attribute(one, "id") for one in told]
        listed = attribute(field.described, "aria-describedby").split()
        if not all(ids) or [one for one in listed if one in ids] != ids:
            yield field.described, "aria-describedby does not list hint and error in that order"


def references_resolve(page: Page) -> Found:
    """Every id that something refers to is on the page."""
    for key in ("aria-describedby", "aria-labelledby", "aria-controls", "headers", "list"):
        for tag in page.select(f"[{key}]"):
            missing = [one for one in attribute(tag, key).split() if page.by_id(one) is None]
            if missing:
                yield tag, f"{key} refers to nothing: {quote(missing)}"


def error_prefix(page: Page) -> Found:
    """A screen reader says "Fejl:" before the message."""
    wanted = page.texts.t("common.error_prefix")
    for message in error_messages(page):
        hidden = message.select_one(".sr-only")
        if hidden is None or text(hidden) != wanted or not text(message).startswith(wanted):
            yield message, f'does not begin with "{wanted}" for screen readers'


def error_place(page: Page) -> Found:
    """The message stands between the label and the control."""
    for field in fields(page):
        if field.error is None:
            continue
        late = [one for one in field.controls if page.is_before(one, field.error)]
        if late:
            yield field.error, "the message stands after the control"
        if field.label and not _is_single_check(field) and page.is_before(field.error, field.label):
            yield field.error, "the message stands before the label"


def error_class(page: Page) -> Found:
    """The group around a wrong field is marked for the eye, and only then."""
    for field in fields(page):
        has_class = "form-error" in classes(field.group)
        if field.error and not has_class:
            yield field.group, "an error, and no class form-error"
        if has_class and not field.error:
            yield field.group, "the class form-error, and no error"
    for message in error_messages(page):
        if not any(field.error and is_within(message, field.group) for field in fields(page)):
            yield message, "the message stands at no field"


def _is_single_check(field: FieldMarkup) -> bool:
    return not field.fieldset and all(attribute(one, "type") in _CHECKS for one in field.controls)


_SOURCE = "dkfds, felt; WCAG 3.3.1"

FIELD_RULES = (
    PageRule(
        "SB-16",
        "error-invalid",
        "Et felt med fejl er mærket med aria-invalid.",
        _SOURCE,
        EVERYWHERE,
        marked_invalid,
    ),
    PageRule(
        "SB-16",
        "group-invalid",
        "En gruppe med fejl er mærket med aria-invalid, eller det er de felter i den, der er galt.",
        "WCAG 3.3.1, 4.1.2",
        EVERYWHERE,
        group_marked_invalid,
    ),
    PageRule(
        "SB-16",
        "described-by",
        "Feltet henviser til sin hjælpetekst og sin fejl, i den rækkefølge.",
        _SOURCE,
        EVERYWHERE,
        described_by,
    ),
    PageRule(
        "SB-16",
        "references-resolve",
        "Det, der henvises til, findes på siden.",
        "WCAG 4.1.2",
        EVERYWHERE,
        references_resolve,
    ),
    PageRule(
        "SB-16",
        "error-prefix",
        "Fejlteksten begynder med “Fejl:” for skærmlæsere.",
        "dkfds, fejlmeddelelse",
        EVERYWHERE,
        error_prefix,
    ),
    PageRule(
        "SB-16",
        "error-place",
        "Fejlteksten står mellem feltets navn og feltet.",
        "dkfds, fejlmeddelelse",
        EVERYWHERE,
        error_place,
    ),
    PageRule(
        "SB-16",
        "error-class",
        "Gruppen omkring et felt med fejl kan ses som fejl.",
        "dkfds, felt",
        EVERYWHERE,
        error_class,
    ),
)
"""Rules for hint, error and control."""
